using Clarifai.Api;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Sandbox.Tests;

/// <summary>A real sandbox server and a real gRPC channel to it.</summary>
internal sealed class SandboxClient : IAsyncDisposable
{
    private readonly SandboxServer _server;

    private SandboxClient(SandboxServer server)
    {
        _server = server;
        Channel = new RawChannel(server.Address);
    }

    public RawChannel Channel { get; }

    public static async Task<SandboxClient> StartAsync(SandboxOptions? options = null, TimeProvider? time = null)
    {
        options ??= new SandboxOptions { TokenDelay = TimeSpan.Zero };
        return new SandboxClient(await SandboxServer.StartAsync(options, time ?? TimeProvider.System, NullLoggerFactory.Instance));
    }

    public static string PathOf(string rpc) => "/clarifai.api.V2/" + rpc;

    public static byte[] BytesOf(IMessage message) => message.ToByteArray();

    public async Task<TResponse> CallAsync<TResponse>(string rpc, IMessage request, Metadata? headers = null)
        where TResponse : IMessage<TResponse>, new()
    {
        var result = await Channel.UnaryAsync(PathOf(rpc), BytesOf(request), new RawCallOptions { Headers = headers });
        Assert.Equal(GrpcStatus.DefaultSuccess, result.Status);
        return Parse<TResponse>(result.Message!);
    }

    public Task<MultiOutputResponse> PredictAsync(PostModelOutputsRequest request) => CallAsync<MultiOutputResponse>("PostModelOutputs", request);

    public RawCall Generate(PostModelOutputsRequest request, CancellationToken cancellationToken = default) =>
        Channel.ServerStreaming(PathOf("GenerateModelOutputs"), BytesOf(request), new RawCallOptions { CancellationToken = cancellationToken });

    public async Task<List<MultiOutputResponse>> GenerateAllAsync(PostModelOutputsRequest request)
    {
        using var stream = Generate(request);
        var responses = new List<MultiOutputResponse>();
        while (await stream.ReadAsync() is { } payload)
        {
            responses.Add(Parse<MultiOutputResponse>(payload));
        }

        Assert.Equal(GrpcStatus.DefaultSuccess, stream.Status);
        return responses;
    }

    public static TResponse Parse<TResponse>(byte[] message)
        where TResponse : IMessage<TResponse>, new()
    {
        var response = new TResponse();
        response.MergeFrom(message);
        return response;
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await _server.DisposeAsync();
    }
}
