using System.Net;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;
using TestServer = Gateway.Testing.TestServer;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>The gateway between an upstream and a client that are plain HTTP: what passes is seen to the byte.</summary>
internal sealed class FrameFront : IAsyncDisposable
{
    public const string Key = "client-key";

    private readonly TestServer _upstream;
    private readonly GatewayHost _gateway;
    private readonly HttpClient _client = new();

    private FrameFront(TestServer upstream, LogRecorder log, GatewayHost gateway)
    {
        _upstream = upstream;
        _gateway = gateway;
        Log = log;
    }

    /// <summary>What the gateway logs at information and above.</summary>
    public LogRecorder Log { get; }

    /// <summary>Starts a gateway whose upstream answers each call with frames, and with its encoding unless that is null.</summary>
    public static async Task<FrameFront> StartAsync(
        Func<SeenRequest, (string? Encoding, byte[] Frames)> answer, params (string, string?)[] settings)
    {
        var upstream = await TestServer.StartAsync(app => app.Run(http => AnswerAsync(http, answer)));
        var log = new LogRecorder(LogLevel.Information);
        return new FrameFront(upstream, log, GatewayHost.Start(
            upstream.Address, host => host.ConfigureTestServices(services => services.AddRecorder(log)), settings));
    }

    /// <summary>Sends a call of native gRPC, or of gRPC-Web over HTTP/1.1.</summary>
    public async Task<SeenResponse> CallAsync(string path, byte[] frames, bool web = false, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(web ? _gateway.Address : _gateway.GrpcAddress, path))
        {
            Content = new ByteArrayContent(frames),
            Version = web ? HttpVersion.Version11 : HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.Add("content-type", web ? "application/grpc-web" : "application/grpc");
        request.Headers.Add("authorization", "Key " + Key);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await _client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        string? Trailer(string name) => response.TrailingHeaders.Concat(response.Headers).FirstOrDefault(header => header.Key == name).Value?.Single();
        var message = Uri.UnescapeDataString(Trailer("grpc-message") ?? "");
        return new SeenResponse(response.Headers.TryGetValues("grpc-encoding", out var encoding) ? encoding.Single() : null, body, Trailer("grpc-status"), message);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private static async Task AnswerAsync(HttpContext http, Func<SeenRequest, (string? Encoding, byte[] Frames)> answer)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var (encoding, frames) = answer(new SeenRequest(http.Request.Headers["grpc-encoding"], http.Request.Headers["grpc-accept-encoding"], body.ToArray()));
        http.Response.ContentType = "application/grpc";
        if (encoding is not null)
        {
            http.Response.Headers["grpc-encoding"] = encoding;
        }

        await http.Response.Body.WriteAsync(frames);
        http.Response.AppendTrailer("grpc-status", "0");
    }

    /// <summary>What the upstream got.</summary>
    public sealed record SeenRequest(string? Encoding, string? Accepted, byte[] Body);

    /// <summary>What the client got.</summary>
    public sealed record SeenResponse(string? Encoding, byte[] Body, string? Status, string Message);
}
