using System.Security.Cryptography;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;
using Status = Clarifai.Api.Status.Status;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>A gRPC client, the gateway with a tenant, and an upstream: what tests of forwarding stand on.</summary>
internal sealed class GrpcFront : IAsyncDisposable
{
    public const string Predict = "/clarifai.api.V2/PostModelOutputs";
    public const string Generate = "/clarifai.api.V2/GenerateModelOutputs";
    public const string Stream = "/clarifai.api.V2/StreamModelOutputs";
    public const string Key = "gateway-key";
    public const string Pat = "canary-pat";

    public const string Tenant = "Gateway:Tenants:kitchen";

    private readonly RecordingUpstream _upstream;

    private GrpcFront(RecordingUpstream upstream, LogRecorder log, GatewayHost gateway)
    {
        _upstream = upstream;
        Log = log;
        Gateway = gateway;
        Channel = new RawChannel(gateway.GrpcAddress);
    }

    public GatewayHost Gateway { get; }

    /// <summary>To the gateway.</summary>
    public RawChannel Channel { get; }

    /// <summary>What the gateway logs at information and above.</summary>
    public LogRecorder Log { get; }

    public static async Task<GrpcFront> StartAsync(GrpcServerHandler upstream, params (string Key, string? Value)[] settings)
    {
        var server = await RecordingUpstream.StartAsync(upstream);
        var log = new LogRecorder(LogLevel.Information);
        (string, string?)[] all =
        [
            (Tenant + ":KeySha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))), (Tenant + ":Pat", Pat), .. settings,
        ];
        return new GrpcFront(server, log, GatewayHost.Start(
            server.Address, host => host.ConfigureTestServices(services => services.AddRecorder(log)), all));
    }

    /// <summary>What a call of a client with a key asks for.</summary>
    public static RawCallOptions Options(string? authorization = "Key " + Key, params (string Key, string Value)[] metadata)
    {
        var headers = new Metadata();
        if (authorization is not null)
        {
            headers.Add("authorization", authorization);
        }

        foreach (var (key, value) in metadata)
        {
            headers.Add(key, value);
        }

        return new RawCallOptions { Headers = headers };
    }

    public static byte[] Bytes(IMessage message) => message.ToByteArray();

    /// <summary>A response with a text.</summary>
    public static MultiOutputResponse Response(string text = "", StatusCode code = StatusCode.Success) => new()
    {
        Status = new Status { Code = code },
        Outputs = { new Output { Data = new Data { Text = new Text { Raw = text } } } },
    };

    public static string TextOf(byte[]? message) => MultiOutputResponse.Parser.ParseFrom(message).Outputs[0].Data.Text.Raw;

    /// <summary>The upstream's answer to every request: a response with its text.</summary>
    public static async Task<GrpcStatus> EchoAsync(GrpcServerCall call)
    {
        while (await call.ReadAsync() is { } message)
        {
            var request = PostModelOutputsRequest.Parser.ParseFrom(message.Span);
            await call.WriteAsync(Bytes(Response(request.Inputs[0].Data.Text.Raw)));
        }

        return GrpcStatus.DefaultSuccess;
    }

    public static PostModelOutputsRequest Request(string text, string model = "m") => new()
    {
        ModelId = model,
        Inputs = { new Input { Data = new Data { Text = new Text { Raw = text } } } },
    };

    public ValueTask StopUpstreamAsync() => _upstream.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await Gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}
