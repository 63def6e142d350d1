using System.Collections.Concurrent;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;

namespace Gateway.Api.Tests.Faces.Methods;

/// <summary>An upstream with one model, which speaks the protocol of methods and keeps what it was asked.</summary>
internal sealed class MethodUpstream : IAsyncDisposable
{
    private RecordingUpstream? _server;

    /// <summary>What the catalogue says of the model; null for a locally served model, which has no catalogue.</summary>
    public ModelVersion? Version { get; set; } = new() { Id = "v1" };

    /// <summary>What the model itself says of its methods, as JSON; null for a model of the older kind.</summary>
    public string? Listing { get; set; }

    /// <summary>Answers an input that names a method of the model's own.</summary>
    public Func<Input, Output> Run { get; set; } = input => Returned(input.Data.Parts[0].Data);

    /// <summary>What happens before a call that runs the model is answered.</summary>
    public Func<GrpcServerCall, System.Threading.Tasks.Task> Before { get; set; } = _ => System.Threading.Tasks.Task.CompletedTask;

    /// <summary>What the answer as a whole says.</summary>
    public StatusCode Outcome { get; set; } = StatusCode.Success;

    /// <summary>Whether the answer forgets its outputs.</summary>
    public bool DropsOutputs { get; set; }

    /// <summary>The calls in order: RPC, and the key they came with.</summary>
    public ConcurrentQueue<(string Rpc, string Key)> Calls { get; } = [];

    /// <summary>The last request that ran the model.</summary>
    public PostModelOutputsRequest? Request { get; private set; }

    /// <summary>The last request for a version of the model.</summary>
    public GetModelVersionRequest? VersionRequest { get; private set; }

    public Uri Address => _server!.Address;

    public static async Task<MethodUpstream> StartAsync(params MethodSignature[] signatures)
    {
        var upstream = new MethodUpstream();
        upstream.Version!.MethodSignatures.Add(signatures);
        upstream._server = await RecordingUpstream.StartAsync(upstream.ServeAsync);
        return upstream;
    }

    public static MethodSignature Signature(string name, ModelTypeField[] arguments, ModelTypeField[] results, RunnerMethodType kind = RunnerMethodType.UnaryUnary) =>
        new() { Name = name, MethodType = kind, InputFields = { arguments }, OutputFields = { results } };

    public static ModelTypeField Field(string name, ModelTypeField.Types.DataType type, bool required = true) => new() { Name = name, Type = type, Required = required };

    /// <summary>An output whose result is under the part <c>return</c>.</summary>
    public static Output Returned(Data data) => Output(new Data { Parts = { new Part { Id = "return", Data = data } } });

    public static Output Output(Data data) => new() { Status = new Status { Code = StatusCode.Success }, Data = data };

    /// <summary>The names of the calls so far.</summary>
    public string[] Rpcs => [.. Calls.Select(call => call.Rpc)];

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task<GrpcStatus> ServeAsync(GrpcServerCall call)
    {
        var rpc = call.Path[(call.Path.LastIndexOf('/') + 1)..];
        Calls.Enqueue((rpc, call.RequestHeaders.GetValue("authorization") ?? ""));
        while (await call.ReadAsync() is { } message)
        {
            using (message)
            {
                if (rpc.EndsWith("ModelOutputs", StringComparison.Ordinal))
                {
                    await Before(call);
                }

                if (Answer(rpc, message.Memory) is not { } answer)
                {
                    return new GrpcStatus(GrpcStatusCode.Unimplemented, "no such RPC here");
                }

                await call.WriteAsync(answer.ToByteArray());
            }

            if (rpc != "StreamModelOutputs")
            {
                break;
            }
        }

        return GrpcStatus.DefaultSuccess;
    }

    private IMessage? Answer(string rpc, ReadOnlyMemory<byte> message) => rpc switch
    {
        "GetModel" when Version is not null => new SingleModelResponse { Status = Success, Model = new Model { ModelVersion = new ModelVersion { Id = Version.Id } } },
        "GetModelVersion" when Version is not null => Describe(GetModelVersionRequest.Parser.ParseFrom(message.Span), Version),
        "PostModelOutputs" or "GenerateModelOutputs" or "StreamModelOutputs" => RunAll(PostModelOutputsRequest.Parser.ParseFrom(message.Span)),
        _ => null,
    };

    private SingleModelVersionResponse Describe(GetModelVersionRequest request, ModelVersion version)
    {
        VersionRequest = request;
        return new SingleModelVersionResponse { Status = Success, ModelVersion = version };
    }

    private static Status Success => new() { Code = StatusCode.Success };

    private MultiOutputResponse RunAll(PostModelOutputsRequest request)
    {
        if (request.Inputs[0].Data.Metadata.Fields["_method_name"].StringValue == "_GET_SIGNATURES")
        {
            return Listing is null
                ? new MultiOutputResponse { Status = new Status { Code = StatusCode.ModelInvalidArgument, Description = "no methods here" } }
                : new MultiOutputResponse { Status = Success, Outputs = { Output(new Data { Text = new Text { Raw = Listing } }) } };
        }

        Request = request;
        return new MultiOutputResponse { Status = new Status { Code = Outcome, Description = "as the test says" }, Outputs = { DropsOutputs ? [] : request.Inputs.Select(Run) } };
    }
}
