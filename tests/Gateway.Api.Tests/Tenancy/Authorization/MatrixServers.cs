using System.Collections.Concurrent;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faces.HomeAssistant;
using Gateway.Api.Tests.Faces.OpenAi;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>Has the tests of the matrix share its servers.</summary>
[CollectionDefinition(MatrixServers.Collection)]
public sealed class SharedMatrixServers : ICollectionFixture<MatrixServers>;

/// <summary>One gateway with every policy of the matrix, and the upstream behind it, which keeps all that reaches it.</summary>
public sealed class MatrixServers : IAsyncLifetime
{
    /// <summary>The name of this collection of tests.</summary>
    public const string Collection = "authorization matrix";

    /// <summary>The policy to whom the camera's house belongs.</summary>
    internal const string Resident = Policies.DeniesModels;

    private static readonly byte[] NoSuchModel = new SingleModelResponse { Status = new Status { Code = StatusCode.ModelDoesNotExist } }.ToByteArray();

    private readonly ConcurrentDictionary<string, ConcurrentQueue<ReceivedCall>> _received = new();
    private RecordingUpstream? _upstream;
    private FakeHomeAssistant? _home;
    private GatewayHost? _gateway;
    private HttpClient? _http;
    private RawChannel? _channel;
    private int _requests;

    internal GatewayHost Gateway => _gateway!;

    internal HttpClient Http => _http!;

    internal RawChannel Channel => _channel!;

    /// <summary>An id for a request, by which the upstream knows it again.</summary>
    internal string NewId() => $"r{Interlocked.Increment(ref _requests)}";

    /// <summary>What a request brought to the upstream.</summary>
    internal IReadOnlyCollection<ReceivedCall> Received(string id) => _received.TryGetValue(id, out var calls) ? calls : [];

    public async Task InitializeAsync()
    {
        _upstream = await RecordingUpstream.StartAsync(ServeAsync);
        _home = await FakeHomeAssistant.StartAsync();
        _gateway = GatewayHost.Start(_upstream.Address, [
            .. Policies.All.Values.SelectMany(policy => policy.Settings()),
            ("Serilog:MinimumLevel:Default", "Warning"), // a line for each of so many requests helps nobody
            ("Gateway:OpenAi:Aliases:alias-of-secret", "u/a/models/secret"),
            ("Gateway:OpenAi:Aliases:alias-of-m", "u/a/models/m"),
            ("Gateway:HomeAssistant:Url", _home.Address.ToString()),
            ("Gateway:HomeAssistant:Token", FakeHomeAssistant.Token),
            ("Gateway:HomeAssistant:Tenant", Resident),
        ]);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _gateway.Address };
        _channel = new RawChannel(_gateway.GrpcAddress);
    }

    public async Task DisposeAsync()
    {
        _http!.Dispose();
        await _channel!.DisposeAsync();
        await _gateway!.DisposeAsync();
        await _home!.DisposeAsync();
        await _upstream!.DisposeAsync();
    }

    private async Task<GrpcStatus> ServeAsync(GrpcServerCall call)
    {
        var received = new ReceivedCall(call.Path[(call.Path.LastIndexOf('/') + 1)..], call.RequestHeaders);
        _received.GetOrAdd(call.RequestHeaders.GetValue("x-request-id") ?? "", _ => []).Enqueue(received);
        while (await call.ReadAsync() is { } message)
        {
            received.Add(message.Memory);
        }

        await call.WriteAsync(received.Names(Policies.Missing) ? NoSuchModel : AnswerTo(received.Rpc));
        return GrpcStatus.DefaultSuccess;
    }

    // A model has methods for every face; what they return is nobody's concern here.
    private static byte[] AnswerTo(string rpc)
    {
        var success = new Status { Code = StatusCode.Success };
        var version = new ModelVersion
        {
            Id = "v",
            MethodSignatures = { OpenAiUpstream.Transport, OpenAiUpstream.StreamTransport, OpenAiUpstream.Signature("predict", RunnerMethodType.UnaryUnary, ("msg", ModelTypeField.Types.DataType.Str)) },
        };
        IMessage? answer = rpc switch
        {
            "GetModel" => new SingleModelResponse { Status = success, Model = new Model { Id = "m", ModelVersion = version } },
            "GetModelVersion" => new SingleModelVersionResponse { Status = success, ModelVersion = version },
            "PostModelOutputs" or "GenerateModelOutputs" or "StreamModelOutputs" => new MultiOutputResponse
            {
                Status = success,
                Outputs = { new Output { Status = success, Data = new Data { Parts = { new Part { Id = "return", Data = new Data { StringValue = "{}" } } } } } },
            },
            _ => null,
        };
        return answer?.ToByteArray() ?? [];
    }
}
