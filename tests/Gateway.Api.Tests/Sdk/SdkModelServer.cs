using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;

namespace Gateway.Api.Tests.Sdk;

/// <summary>
/// A model as the server of Clarifai's Python SDK serves it, on the wire. It follows what was seen by running that server:
/// <list type="bullet">
/// <item>It knows no catalogue: <c>GetModel</c> and <c>GetModelVersion</c> are unimplemented, and <c>_GET_SIGNATURES</c> answers with the signatures.</item>
/// <item>A result is the part <c>return</c> (or one part for each named result); an empty value, also inside of lists, is a part without data.</item>
/// <item>JSON is text in <c>string_value</c> or a struct in <c>struct_value</c>, both ways, by its generation; it looks at no other place.</item>
/// <item><c>{"_list": …}</c> is a list only where it is the sole key.</item>
/// <item>An input may have no part without an argument of its name, and has to have every required one.</item>
/// <item>What a method raises is the status of its output.</item>
/// </list>
/// A model that speaks MCP is <see cref="SdkMcp"/>.
/// </summary>
internal sealed class SdkModelServer : IAsyncDisposable
{
    private const string MethodName = "_method_name";

    private readonly SdkValues _values;
    private readonly SdkMethod[] _methods;
    private RecordingUpstream? _server;

    private SdkModelServer(SdkGeneration generation, SdkMethod[] methods) => (_values, _methods) = (new SdkValues(generation), methods);

    public Uri Address => _server!.Address;

    /// <summary>The requests that ran a method, in order.</summary>
    public ConcurrentQueue<PostModelOutputsRequest> Requests { get; } = [];

    public static async Task<SdkModelServer> StartAsync(SdkGeneration generation, params SdkMethod[] methods)
    {
        var server = new SdkModelServer(generation, methods);
        server._server = await RecordingUpstream.StartAsync(server.ServeAsync);
        return server;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task<GrpcStatus> ServeAsync(GrpcServerCall call)
    {
        var rpc = call.Path[(call.Path.LastIndexOf('/') + 1)..];
        if (rpc is not ("PostModelOutputs" or "GenerateModelOutputs" or "StreamModelOutputs"))
        {
            return new GrpcStatus(GrpcStatusCode.Unimplemented, "Method not implemented!");
        }

        while (await call.ReadAsync() is { } message)
        {
            using (message)
            {
                foreach (var answer in Answer(rpc, PostModelOutputsRequest.Parser.ParseFrom(message.Memory.Span)))
                {
                    await call.WriteAsync(answer.ToByteArray());
                }
            }

            if (rpc != "StreamModelOutputs")
            {
                break;
            }
        }

        return GrpcStatus.DefaultSuccess;
    }

    private IEnumerable<MultiOutputResponse> Answer(string rpc, PostModelOutputsRequest request)
    {
        if (request.Inputs[0].Data.Metadata.Fields[MethodName].StringValue == "_GET_SIGNATURES")
        {
            return [Response([new Output { Status = Success, Data = new Data { Text = new Text { Raw = Listing() } } }])];
        }

        Requests.Enqueue(request);
        return rpc == "PostModelOutputs"
            ? [Response([.. request.Inputs.Select(input => Run(input).First())])]
            : Run(request.Inputs[0]).Select(output => Response([output]));
    }

    private string Listing() => new JsonObject(_methods.Select(method =>
        KeyValuePair.Create(method.Signature.Name, JsonNode.Parse(JsonFormatter.Default.Format(method.Signature))))).ToJsonString();

    private IEnumerable<Output> Run(Input input)
    {
        try
        {
            var name = input.Data.Metadata.Fields[MethodName].StringValue;
            var method = Array.Find(_methods, method => method.Signature.Name == name) ?? throw new SdkException($"Method {name} not found in model");
            var arguments = Bind(method.Signature, input.Data);
            return [.. method.Run(arguments).Select(result => new Output { Status = Success, Data = Write(method.Signature, result) })];
        }
        catch (SdkException exception)
        {
            return [new Output { Status = new Status { Code = StatusCode.ModelPredictionFailed, Description = "Failed", Details = exception.Message } }];
        }
    }

    private Dictionary<string, object?> Bind(MethodSignature signature, Data data)
    {
        if (data.Parts.FirstOrDefault(part => signature.InputFields.All(field => field.Name != part.Id)) is { } unknown)
        {
            throw new SdkException($"Got unexpected argument: {unknown.Id}");
        }

        var arguments = _values.ReadAll(signature.InputFields, data);
        var missing = signature.InputFields.FirstOrDefault(field => field.Required && !arguments.ContainsKey(field.Name));
        return missing is null ? arguments : throw new SdkException($"Missing required argument: {missing.Name}");
    }

    private Data Write(MethodSignature signature, object? result) => _values.WriteAll(
        signature.OutputFields,
        signature.OutputFields is [var only] ? new Dictionary<string, object?> { [only.Name] = result } : (IReadOnlyDictionary<string, object?>)result!);

    private static MultiOutputResponse Response(Output[] outputs)
    {
        var failed = outputs.Count(output => output.Status.Code != StatusCode.Success);
        var code = failed == 0 ? StatusCode.Success : failed < outputs.Length ? StatusCode.MixedStatus : StatusCode.Failure;
        return new MultiOutputResponse { Status = new Status { Code = code }, Outputs = { outputs } };
    }

    private static Status Success => new() { Code = StatusCode.Success };
}
