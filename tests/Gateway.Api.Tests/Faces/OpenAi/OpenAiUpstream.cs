using System.Collections.Concurrent;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>An upstream with one model, whose methods the test answers message by message.</summary>
internal sealed class OpenAiUpstream : IAsyncDisposable
{
    private readonly MethodSignature[] _signatures;
    private readonly Func<GrpcServerCall, PostModelOutputsRequest, Task<GrpcStatus>> _run;
    private RecordingUpstream? _server;

    private OpenAiUpstream(MethodSignature[] signatures, Func<GrpcServerCall, PostModelOutputsRequest, Task<GrpcStatus>> run) => (_signatures, _run) = (signatures, run);

    public Uri Address => _server!.Address;

    /// <summary>The requests that ran the model.</summary>
    public ConcurrentQueue<PostModelOutputsRequest> Requests { get; } = [];

    /// <summary>The texts that the transport methods got.</summary>
    public string[] Messages => [.. Requests.Select(request => request.Inputs[0].Data.Parts.Single(part => part.Id == "msg").Data.StringValue)];

    /// <summary>A model that speaks OpenAI's JSON, and answers with texts.</summary>
    public static Task<OpenAiUpstream> StartTransportAsync(params string[] answers) =>
        StartAsync([Transport, StreamTransport], async (call, _) =>
        {
            foreach (var answer in answers)
            {
                await WriteAsync(call, answer);
            }
        });

    public static Task<OpenAiUpstream> StartAsync(MethodSignature[] signatures, Func<GrpcServerCall, PostModelOutputsRequest, Task> run) =>
        StartAsync(signatures, async (call, request) =>
        {
            await run(call, request);
            return GrpcStatus.DefaultSuccess;
        });

    public static async Task<OpenAiUpstream> StartAsync(MethodSignature[] signatures, Func<GrpcServerCall, PostModelOutputsRequest, Task<GrpcStatus>> run)
    {
        var upstream = new OpenAiUpstream(signatures, run);
        upstream._server = await RecordingUpstream.StartAsync(upstream.ServeAsync);
        return upstream;
    }

    public static MethodSignature Transport => Signature("openai_transport", RunnerMethodType.UnaryUnary, ("msg", DataType.Str));

    public static MethodSignature StreamTransport => Signature("openai_stream_transport", RunnerMethodType.UnaryStreaming, ("msg", DataType.Str));

    /// <summary>A method that returns text; its first argument is required.</summary>
    public static MethodSignature Signature(string name, RunnerMethodType kind, params (string Name, DataType Type)[] arguments) => new()
    {
        Name = name,
        MethodType = kind,
        InputFields = { arguments.Select((argument, index) => new ModelTypeField { Name = argument.Name, Type = argument.Type, Required = index == 0 }) },
        OutputFields = { new ModelTypeField { Name = "return", Type = DataType.Str, Iterator = kind != RunnerMethodType.UnaryUnary } },
    };

    public static Task WriteAsync(GrpcServerCall call, string text) => WriteAsync(call, new Data { Parts = { new Part { Id = "return", Data = new Data { StringValue = text } } } });

    public static async Task WriteAsync(GrpcServerCall call, Data data) => await WriteAsync(call, new MultiOutputResponse
    {
        Status = Success,
        Outputs = { new Output { Status = Success, Data = data, PromptTokens = 7, CompletionTokens = 2, CachedTokens = 1 } },
    });

    public static async Task WriteAsync(GrpcServerCall call, IMessage message) => await call.WriteAsync(message.ToByteArray());

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private static Status Success => new() { Code = StatusCode.Success };

    private async Task<GrpcStatus> ServeAsync(GrpcServerCall call)
    {
        using var message = await call.ReadSingleAsync();
        switch (call.Path[(call.Path.LastIndexOf('/') + 1)..])
        {
            case "GetModel":
                await WriteAsync(call, new SingleModelResponse { Status = Success, Model = new Model { ModelVersion = new ModelVersion { Id = "v", MethodSignatures = { _signatures } } } });
                break;
            case "GetModelVersion":
                await WriteAsync(call, new SingleModelVersionResponse { Status = Success, ModelVersion = new ModelVersion { Id = "v", MethodSignatures = { _signatures } } });
                break;
            default:
                var request = PostModelOutputsRequest.Parser.ParseFrom(message.Span);
                Requests.Enqueue(request);
                return await _run(call, request);
        }

        return GrpcStatus.DefaultSuccess;
    }
}
