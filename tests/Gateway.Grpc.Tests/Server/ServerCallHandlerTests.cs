using System.Net;
using Gateway.Grpc.Server;
using Gateway.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Grpc.Tests.Server;

/// <summary>What the server half says to requests that are not as they should be, and to handlers that fail.</summary>
public sealed class ServerCallHandlerTests
{
    private static readonly byte[] EmptyMessage = [0, 0, 0, 0, 0];

    [Theory]
    [InlineData("application/json")]
    [InlineData("")]
    public async Task ContentType_OtherThanGrpc_Is415(string contentType)
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(_ => throw new InvalidOperationException("must not be called"));
        using var client = new RawClient(pair.Server.Address);

        using HttpResponseMessage response = await client.PostAsync(GrpcPair.Path, EmptyMessage, [], contentType);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Empty(pair.Server.Log.Entries);
    }

    [Fact]
    public async Task Http1_IsToldToUpgrade()
    {
        await using TestServer server = await TestServer.StartAsync(
            app => app.MapGrpc(GrpcPair.Path, _ => throw new InvalidOperationException("must not be called")), HttpProtocols.Http1);
        using var client = new RawClient(server.Address);

        using HttpResponseMessage response = await client.PostAsync(GrpcPair.Path, EmptyMessage, [], version: HttpVersion.Version11);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    [Theory]
    [InlineData("/test.Service/Other")]
    [InlineData("/")]
    [InlineData("/a/b/c/d")]
    public async Task Path_Unknown_IsUnimplemented(string path)
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(_ => throw new InvalidOperationException("must not be called"));

        using UnaryResult result = await pair.Channel.UnaryAsync(path, Bytes.Of("x"), default);

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unimplemented, "the method is not known here"), result.Status);
    }

    [Fact]
    public async Task Timeout_Malformed_IsInternal()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(_ => throw new InvalidOperationException("must not be called"));
        using var client = new RawClient(pair.Server.Address);

        using HttpResponseMessage response = await client.PostAsync(GrpcPair.Path, EmptyMessage, [("grpc-timeout", "soon")]);

        Assert.Equal("13", response.Headers.GetValues("grpc-status").Single());
        Assert.Equal("grpc-timeout is not a timeout", response.Headers.GetValues("grpc-message").Single());
    }

    [Fact]
    public async Task TrailersOnly_OnTheWire_HasNoBodyAndNoTrailers()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(_ => Task.FromResult(new GrpcStatus(GrpcStatusCode.NotFound, "50% ✓")));
        using var client = new RawClient(pair.Server.Address);

        using HttpResponseMessage response = await client.PostAsync(GrpcPair.Path, EmptyMessage, []);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("5", response.Headers.GetValues("grpc-status").Single());
        Assert.Equal("50%25 %E2%9C%93", response.Headers.GetValues("grpc-message").Single());
        Assert.Equal("application/grpc+proto", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Empty(response.TrailingHeaders);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_Throws_IsUnknownWithoutItsText(bool afterMessage)
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            if (afterMessage) await call.WriteAsync(Bytes.Of("x"));
            throw new InvalidOperationException("canary");
        });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unknown, "the handler of the method failed"), result.Status);
        Assert.Contains("canary", Assert.Single(pair.Server.Log.Entries), StringComparison.Ordinal); // in the log it belongs
    }

    [Theory]
    [InlineData(new byte[0], "the request ended without a message")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "the request has more than one message")]
    [InlineData(new byte[] { 0, 0, 0 }, "the stream ended inside a message")]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, "the stream ended inside a message")]
    [InlineData(new byte[] { 7, 0, 0, 0, 0 }, "received a message prefix that is not gRPC's")]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 9 }, "received a compressed message without a supported grpc-encoding")]
    public async Task ReadSingle_NotOneMessage_EndsTheCall(byte[] body, string message)
    {
        bool wentOn = false;
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            using Payload request = await call.ReadSingleAsync();
            wentOn = true;
            return GrpcStatus.OK;
        });
        using var client = new RawClient(pair.Server.Address);

        using HttpResponseMessage response = await client.PostAsync(GrpcPair.Path, body, []);

        Assert.Equal("13", response.Headers.GetValues("grpc-status").Single());
        Assert.Equal(message, Uri.UnescapeDataString(response.Headers.GetValues("grpc-message").Single()));
        Assert.False(wentOn);
        Assert.Empty(pair.Server.Log.Entries);
    }

    [Fact]
    public async Task Client_GoesAwayWhileTheHandlerReads_IsNoError()
    {
        // Many times, because the body and the token learn of it in either order.
        const int calls = 300;
        int left = calls;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            try
            {
                await call.StartAsync();
                while (await call.ReadAsync() is { } message) message.Dispose();
                return GrpcStatus.OK;
            }
            finally
            {
                if (Interlocked.Decrement(ref left) == 0) ended.SetResult();
            }
        });

        for (int i = 0; i < calls; i++)
        {
            DuplexStream stream = pair.Channel.DuplexStreaming(GrpcPair.Path, default);
            await stream.ReadHeadersAsync();
            await stream.WriteAsync(Bytes.Of("x"));
            await stream.DisposeAsync();
        }

        await ended.Task;
        await pair.DisposeAsync();
        Assert.Empty(pair.Server.Log.Entries);
    }

    [Fact]
    public async Task Message_ClientTakesLater_IsWaitedForAsTheHostSays()
    {
        byte[] sent = Bytes.Pattern(2 * 1024 * 1024, seed: 8);
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new GrpcServerOptions
        {
            WatchClient = (_, flush) =>
            {
                waiting.TrySetResult();
                return flush;
            },
        };
        await using GrpcPair pair = await GrpcPair.StartAsync(
            async call =>
            {
                await call.WriteAsync(sent.AsSequence());
                return GrpcStatus.OK;
            },
            server: options);
        await using ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("x"), default);

        await waiting.Task; // all windows on the way are full
        using Payload? received = await stream.ReadAsync();

        Assert.Equal(sent, received!.Span.ToArray());
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.OK, stream.Status);
    }
}
