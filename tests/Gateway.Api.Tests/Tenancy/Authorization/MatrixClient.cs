using System.Net;
using System.Net.WebSockets;
using System.Text;
using Gateway.Api.Tests.Faces.Grpc;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;

namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>Sends the requests of the matrix, as they are, over every face. Each answers whether the client was told that it may not.</summary>
internal static class MatrixClient
{
    /// <summary>A request over HTTP, whose path goes out as it is written.</summary>
    public static async Task<bool> HttpAsync(
        MatrixServers servers, Policy policy, string id, string verb, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(servers, policy, id, verb, path, body, headers);
        var answer = await response.Content.ReadAsStringAsync();

        // A stream of both directions, and a tool, say it in their last record.
        return response.StatusCode == HttpStatusCode.Forbidden
            || answer.Contains("\"code\":11007", StringComparison.Ordinal)
            || answer.Contains("\"isError\":true", StringComparison.Ordinal);
    }

    /// <summary>The same, for who looks at the answer.</summary>
    public static async Task<HttpResponseMessage> SendAsync(
        MatrixServers servers, Policy policy, string id, string verb, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        // Nothing is put right on the way: dots, slashes and percents.
        var address = new Uri(servers.Http.BaseAddress!.ToString().TrimEnd('/') + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(verb), address);
        request.Headers.Add("Authorization", $"Key {policy.Name}");
        request.Headers.Add("X-Request-ID", id);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await servers.Http.SendAsync(request);
    }

    /// <summary>A call with one message over gRPC.</summary>
    public static async Task<bool> GrpcAsync(
        MatrixServers servers, Policy policy, string id, string rpc, byte[] message, bool compress = false, params (string Name, string Value)[] metadata)
    {
        var options = new RawCallOptions { Headers = MetadataOf(policy, id, metadata), CompressRequest = compress };
        var result = await servers.Channel.UnaryAsync($"/clarifai.api.V2/{rpc}", message, options);
        return result.Status.StatusCode == GrpcStatusCode.PermissionDenied;
    }

    /// <summary>A call with several messages over gRPC, sent without waiting for answers.</summary>
    public static async Task<bool> DuplexAsync(MatrixServers servers, Policy policy, string id, string rpc, bool compress, params byte[][] messages)
    {
        var options = new RawCallOptions { Headers = MetadataOf(policy, id), CompressRequest = compress };
        using var call = servers.Channel.DuplexStreaming($"/clarifai.api.V2/{rpc}", options);
        foreach (var message in messages)
        {
            await call.WriteAsync(message);
        }

        if (messages.Length > 0)
        {
            await CompleteAsync(call);
        }

        await call.ReadToEndAsync();
        return call.Status.StatusCode == GrpcStatusCode.PermissionDenied;
    }

    /// <summary>A call over gRPC-Web, of bytes or of base64.</summary>
    public static async Task<bool> GrpcWebAsync(MatrixServers servers, Policy policy, string id, string rpc, byte[] frames, bool text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/clarifai.api.V2/{rpc}");
        request.Headers.Add("Authorization", $"Key {policy.Name}");
        request.Headers.Add("X-Request-ID", id);
        request.Headers.Add("Grpc-Encoding", "gzip");
        request.Headers.Add("Accept", text ? "application/grpc-web-text" : "application/grpc-web");
        request.Content = new ByteArrayContent(text ? Encoding.ASCII.GetBytes(Convert.ToBase64String(frames)) : frames);
        request.Content.Headers.Add("Content-Type", text ? "application/grpc-web-text" : "application/grpc-web");
        using var response = await servers.Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        var trailers = text && response.IsSuccessStatusCode ? string.Concat(body.Chunk(4).Select(chunk => Encoding.Latin1.GetString(Convert.FromBase64String(new string(chunk))))) : body;
        return (response.Headers.TryGetValues("grpc-status", out var status) && status.Contains("7")) || trailers.Contains("grpc-status: 7\r\n", StringComparison.Ordinal);
    }

    /// <summary>The same of a message that fits into one frame.</summary>
    public static Task<bool> GrpcWebAsync(MatrixServers servers, Policy policy, string id, string rpc, byte[] message, bool text, bool compress) =>
        GrpcWebAsync(servers, policy, id, rpc, Frames.Framed((byte)(compress ? 1 : 0), compress ? Frames.Pack(message, System.IO.Compression.CompressionLevel.Fastest) : message), text);

    /// <summary>A call over a WebSocket, whose messages are sent without waiting for answers.</summary>
    public static async Task<bool> WebSocketAsync(MatrixServers servers, Policy policy, string id, string path, params string[] messages)
    {
        using var client = new SocketClient();
        client.Socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await client.ConnectAsync(servers.Gateway, "1.1", path, ("Authorization", $"Key {policy.Name}"), ("X-Request-ID", id));
        }
        catch (WebSocketException)
        {
            return client.Socket.HttpStatusCode == HttpStatusCode.Forbidden;
        }

        try
        {
            foreach (var message in messages)
            {
                await client.SendAsync(message);
            }

            await client.EndAsync();
        }
        catch (WebSocketException)
        {
            // It was closed meanwhile; reading says why.
        }

        while (await client.NextAsync() is not null)
        {
        }

        return client.Socket.CloseStatus == WebSocketCloseStatus.PolicyViolation;
    }

    private static Metadata MetadataOf(Policy policy, string id, params (string Name, string Value)[] more)
    {
        var metadata = new Metadata { { "authorization", $"Key {policy.Name}" }, { "x-request-id", id } };
        foreach (var (name, value) in more)
        {
            metadata.Add(name, value);
        }

        return metadata;
    }

    private static async Task CompleteAsync(RawCall call)
    {
        try
        {
            await call.CompleteAsync();
        }
        catch (Exception exception) when (exception is Grpc.Core.RpcException or InvalidOperationException)
        {
            // It has ended meanwhile; reading says how.
        }
    }
}
