using System.Net;
using System.Net.Sockets;
using Gateway.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Grpc.Tests.Calls;

/// <summary>Peers that answer what is not gRPC, or break off: each gives a status, and none an exception.</summary>
public sealed class OddPeerTests
{
    // gRPC, http-grpc-status-mapping.md
    [Theory]
    [InlineData(400, GrpcStatusCode.Internal)]
    [InlineData(401, GrpcStatusCode.Unauthenticated)]
    [InlineData(403, GrpcStatusCode.PermissionDenied)]
    [InlineData(404, GrpcStatusCode.Unimplemented)]
    [InlineData(429, GrpcStatusCode.Unavailable)]
    [InlineData(502, GrpcStatusCode.Unavailable)]
    [InlineData(503, GrpcStatusCode.Unavailable)]
    [InlineData(504, GrpcStatusCode.Unavailable)]
    [InlineData(204, GrpcStatusCode.Unknown)]
    [InlineData(302, GrpcStatusCode.Unknown)]
    [InlineData(405, GrpcStatusCode.Unknown)]
    [InlineData(500, GrpcStatusCode.Unknown)]
    public async Task HttpStatus_WithoutGrpcStatus_IsMapped(int httpStatus, GrpcStatusCode code)
    {
        GrpcStatus status = await CallAsync(async context =>
        {
            context.Response.StatusCode = httpStatus;
            if (httpStatus != 204) await context.Response.WriteAsync("<html>secret</html>");
        });

        Assert.Equal(new GrpcStatus(code, $"the upstream answered HTTP {httpStatus} instead of gRPC"), status);
    }

    [Fact]
    public async Task HttpStatus_WithGrpcStatus_DoesNotMatter()
    {
        GrpcStatus status = await CallAsync(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["grpc-status"] = "5";
            context.Response.Headers["grpc-message"] = "not%20here";
            return Task.CompletedTask;
        });

        Assert.Equal(new GrpcStatus(GrpcStatusCode.NotFound, "not here"), status);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/grpc-web+proto")]
    [InlineData(null)]
    public async Task ContentType_OtherThanGrpc_IsUnknown(string? contentType)
    {
        GrpcStatus status = await CallAsync(async context =>
        {
            context.Response.ContentType = contentType;
            await context.Response.Body.WriteAsync("<html>secret</html>"u8.ToArray());
        });

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unknown, "the upstream answered with a content type that is not gRPC"), status);
    }

    [Fact]
    public async Task Trailers_WithoutStatus_IsUnknown()
    {
        GrpcStatus status = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]);
        });

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unknown, "the upstream ended the call without a status"), status);
    }

    [Theory]
    [InlineData("seven")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    public async Task Status_NotANumber_IsUnknown(string text)
    {
        GrpcStatus status = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", text);
        });

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unknown, "the upstream ended the call with a status that is not a number"), status);
    }

    [Fact]
    public async Task Status_NumberThatGrpcDoesNotKnow_IsUnknownWithItsMessage()
    {
        GrpcStatus status = await CallAsync(context =>
        {
            context.Response.Headers["grpc-status"] = "17";
            context.Response.Headers["grpc-message"] = "new in 2031";
            return Task.CompletedTask;
        });

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unknown, "new in 2031"), status);
    }

    // RFC 9113, section 7, and PROTOCOL-HTTP2.md, "HTTP2 Transport Mapping"
    [Theory]
    [InlineData(0x1, GrpcStatusCode.Internal, "PROTOCOL_ERROR")]
    [InlineData(0x2, GrpcStatusCode.Internal, "INTERNAL_ERROR")]
    [InlineData(0x3, GrpcStatusCode.Internal, "FLOW_CONTROL_ERROR")]
    [InlineData(0x8, GrpcStatusCode.Cancelled, "CANCEL")]
    [InlineData(0xb, GrpcStatusCode.ResourceExhausted, "ENHANCE_YOUR_CALM")]
    [InlineData(0xc, GrpcStatusCode.PermissionDenied, "INADEQUATE_SECURITY")]
    [InlineData(0x99, GrpcStatusCode.Internal, "an unknown error code")]
    public async Task Reset_BeforeHeaders_IsMapped(int errorCode, GrpcStatusCode code, string name)
    {
        GrpcStatus status = await CallAsync(context =>
        {
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(errorCode);
            return Task.CompletedTask;
        });

        Assert.Equal(new GrpcStatus(code, "the upstream reset the call with " + name), status);
    }

    [Theory]
    [InlineData(0x7, GrpcStatusCode.Unavailable, "REFUSED_STREAM")]
    [InlineData(0x8, GrpcStatusCode.Cancelled, "CANCEL")]
    public async Task Reset_InsideAMessage_IsMapped(int errorCode, GrpcStatusCode code, string name)
    {
        GrpcStatus status = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 9, 1, 2, 3 });
            await context.Response.Body.FlushAsync();
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(errorCode);
        });

        Assert.Equal(new GrpcStatus(code, "the upstream reset the call with " + name), status);
    }

    [Theory]
    [InlineData("0", GrpcStatusCode.Internal, "the stream ended inside a message")]
    [InlineData("8", GrpcStatusCode.ResourceExhausted, "")]
    public async Task End_InsideAMessage_IsTruncatedUnlessTheTrailersSayMore(string trailer, GrpcStatusCode code, string message)
    {
        GrpcStatus status = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 9, 1, 2, 3 });
            context.Response.AppendTrailer("grpc-status", trailer);
        });

        Assert.Equal(new GrpcStatus(code, message), status);
    }

    [Fact]
    public async Task Connection_CutInsideAStream_IsUnavailable()
    {
        var firstRead = new TaskCompletionSource();
        await using TestServer server = await TestServer.StartAsync(app => app.Run(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 9 });
            await context.Response.Body.FlushAsync();
            await firstRead.Task;
            context.Features.GetRequiredFeature<Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeFeature>().Abort();
        }));
        await using var channel = new GrpcChannel(server.Address, new GrpcChannelOptions());

        await using ServerStream stream = channel.ServerStreaming("/a.B/C", Bytes.Of("x"), default);
        using (Payload? message = await stream.ReadAsync()) Assert.Equal(7, message!.Span[0]);
        firstRead.SetResult();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal((GrpcStatusCode.Unavailable, true, false), (stream.Status.Code, stream.Status.IsConnectionFailure, stream.Status.IsUnprocessed));
        Assert.False(await WriteToEndedDuplexAsync(channel));
    }

    [Fact]
    public async Task Connection_Refused_IsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://{listener.LocalEndpoint}");
        listener.Stop();

        Assert.Equal(Unreachable("connection refused"), await CallAsync(address));
    }

    [Fact]
    public async Task Host_Unknown_IsUnavailable()
    {
        // RFC 6761: names under .invalid never exist.
        Assert.Equal(Unreachable("host not found"), await CallAsync(new Uri("http://nobody.invalid:5000")));
    }

    [Fact]
    public async Task Peer_NeverFinishesTheHandshake_ConnectTimeoutEndsTheCall()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        GrpcStatus status = await CallAsync(
            new Uri($"https://{listener.LocalEndpoint}"), new GrpcChannelOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) });

        Assert.Equal(Unreachable("connecting timed out"), status);
    }

    [Fact]
    public async Task DuplexWrite_NeverConnected_IsFalse()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://{listener.LocalEndpoint}");
        listener.Stop();
        await using var channel = new GrpcChannel(address, new GrpcChannelOptions());

        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", default);

        Assert.False(await stream.WriteAsync(Bytes.Of("x")));
        Assert.Null(await stream.ReadAsync());
        Assert.Equal("upstream unreachable: connection refused", stream.Status.Message);
    }

    [Fact]
    public async Task Channel_Disposed_CallsAreUnavailable()
    {
        var channel = new GrpcChannel(new Uri("http://127.0.0.1:1"), new GrpcChannelOptions());
        await channel.DisposeAsync();

        using UnaryResult result = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unavailable, "the channel was disposed") { IsUnprocessed = true }, result.Status);
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("http://host/path")]
    [InlineData("http://host?query")]
    [InlineData("unix:/socket")]
    public void Address_NotAnAuthority_Throws(string address)
    {
        Assert.Throws<ArgumentException>(() => new GrpcChannel(new Uri(address), new GrpcChannelOptions()));
    }

    [Fact]
    public async Task Path_WithTwoSlashes_StaysWithTheHost()
    {
        string? path = null;
        await using TestServer server = await TestServer.StartAsync(app => app.Run(context =>
        {
            path = context.Request.Path;
            context.Response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        }));
        await using var channel = new GrpcChannel(server.Address, new GrpcChannelOptions());

        using (await channel.UnaryAsync("//elsewhere.invalid/Method", Bytes.Of("x"), default)) Assert.Equal("//elsewhere.invalid/Method", path);
    }

    private static GrpcStatus Unreachable(string why) =>
        new(GrpcStatusCode.Unavailable, "upstream unreachable: " + why) { IsConnectionFailure = true, IsUnprocessed = true };

    private static async Task<bool> WriteToEndedDuplexAsync(GrpcChannel channel)
    {
        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", default);
        await stream.DisposeAsync();
        return await stream.WriteAsync(Bytes.Of("x"));
    }

    private static async Task<GrpcStatus> CallAsync(RequestDelegate answer)
    {
        await using TestServer server = await TestServer.StartAsync(app => app.Run(answer));
        return await CallAsync(server.Address);
    }

    private static async Task<GrpcStatus> CallAsync(Uri address, GrpcChannelOptions? options = null)
    {
        await using var channel = new GrpcChannel(address, options ?? new GrpcChannelOptions());
        using UnaryResult result = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);
        Assert.Null(result.Message);
        return result.Status;
    }
}
