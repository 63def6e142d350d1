using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Testing;
using Gateway.Testing.Http2;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Core.Tests.Upstream.Calls;

/// <summary>Cancellation by the caller: its own exception, a reset at the server, and no use of its bytes afterwards.</summary>
public sealed class CancellationTests
{
    private const uint Cancel = 0x8;

    // More than Kestrel takes in before somebody reads it, so that the client is held up while writing.
    private const int MoreThanTheWindow = 8 * 1024 * 1024;

    [Fact]
    public async Task Unary_TokenFires_ThrowsWithThatTokenAndTheServerSees()
    {
        var handler = new WaitingHandler();
        await using var pair = await UpstreamPair.StartAsync(handler.RunAsync);
        using var caller = new CancellationTokenSource();

        var call = pair.Upstream.UnaryAsync(Bytes.Of("x"), new UpstreamCall { CancellationToken = caller.Token });
        await handler.Started;
        await caller.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(caller.Token, exception.CancellationToken);
        await handler.Cancelled;
    }

    [Fact]
    public async Task EveryKind_TokenFiredBefore_ThrowsAndSendsNothing()
    {
        var called = false;
        await using var pair = await UpstreamPair.StartAsync(_ =>
        {
            called = true;
            return Task.FromResult(Status.DefaultSuccess);
        });
        using var caller = new CancellationTokenSource();
        await caller.CancelAsync();
        var cancelled = new UpstreamCall { CancellationToken = caller.Token };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Upstream.UnaryAsync(Bytes.Of("x"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Upstream.StreamToItsEndAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Upstream.DuplexToItsEndAsync(cancelled));
        Assert.False(called);
    }

    // RFC 9113, section 8.1: CANCEL says that nobody is to blame.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unary_TokenFiresBeforeOrAfterTheHeaders_TheStreamIsResetWithCancel(bool afterHeaders)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reset = new TaskCompletionSource<uint>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            var stream = await connection.ReadCallAsync();
            await connection.ReadRequestAsync(stream);
            if (afterHeaders)
            {
                await connection.WriteHeadersAsync(stream);
                await connection.WriteDataAsync(stream, [0, 0, 0, 0, 9, 1]);
            }

            reached.SetResult();
            reset.SetResult(await connection.ReadResetAsync(stream));
        });
        await using var upstream = new UpstreamCalls(peer.Address);
        using var caller = new CancellationTokenSource();

        var call = upstream.UnaryAsync(Bytes.Of("x"), new UpstreamCall { CancellationToken = caller.Token });
        await reached.Task;
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(Cancel, await reset.Task);
    }

    [Fact]
    public async Task Unary_TokenFiresWhileConnecting_Throws()
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.ReadPrefaceAsync();
            connected.SetResult();
        });
        await using var upstream = new UpstreamCalls(peer.Address);
        using var caller = new CancellationTokenSource();

        var call = upstream.UnaryAsync(Bytes.Of("x"), new UpstreamCall { CancellationToken = caller.Token });
        await connected.Task;
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Unary_CancelledWhileWriting_LeavesTheRequestsBytesAlone()
    {
        var handler = new WaitingHandler();
        var request = new GuardedBytes(MoreThanTheWindow);
        await using (var pair = await UpstreamPair.StartAsync(handler.RunAsync))
        {
            using var caller = new CancellationTokenSource();

            var call = pair.Upstream.UnaryAsync(request.Sequence, new UpstreamCall { CancellationToken = caller.Token });
            await handler.Started;
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            request.GiveBack();

            await handler.Cancelled;
        }

        Assert.False(request.WasReadTooLate);
    }

    [Fact]
    public async Task Unary_AnsweredBeforeTheRequestIsWritten_ReturnsAndLeavesItsBytesAlone()
    {
        // A peer that ends its response, and neither reads on nor resets.
        var done = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(app => app.Run(async context =>
        {
            context.Response.Headers["grpc-status"] = "7";
            await context.Response.CompleteAsync();
            await done.Task;
        }));
        var request = new GuardedBytes(MoreThanTheWindow);
        await using (var upstream = new UpstreamCalls(server.Address))
        {
            var reply = await upstream.UnaryAsync(request.Sequence);
            request.GiveBack();

            Assert.Equal(StatusCode.PermissionDenied, reply.Code);
            done.SetResult();
        }

        Assert.False(request.WasReadTooLate);
    }

    [Fact]
    public async Task Stream_Disposed_ResetsTheStreamAndLeavesTheRequestsBytesAlone()
    {
        var handler = new WaitingHandler();
        var request = new GuardedBytes(MoreThanTheWindow);
        await using (var pair = await UpstreamPair.StartAsync(handler.RunAsync))
        {
            var stream = pair.Upstream.Stream(request.Sequence);
            var read = stream.ReadAsync().AsTask();
            await handler.Started;
            await stream.DisposeAsync();
            request.GiveBack();

            await handler.Cancelled;
            Assert.Null(await read);
            Assert.Equal(new Outcome(StatusCode.Cancelled, "the call was disposed before it ended"), stream.End.Outcome);
        }

        Assert.False(request.WasReadTooLate);
    }

    [Fact]
    public async Task Stream_DisposedBetweenReads_ResetsTheStream()
    {
        var handler = new WaitingHandler("first");
        await using var pair = await UpstreamPair.StartAsync(handler.RunAsync);
        var stream = pair.Upstream.Stream(Bytes.Of("x"));

        Assert.NotNull(await stream.ReadAsync());
        await stream.DisposeAsync();

        await handler.Cancelled;
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(StatusCode.Cancelled, stream.End.Code);
    }

    [Fact]
    public async Task Stream_CallsTokenFiresBetweenReads_ResetsTheStream()
    {
        var handler = new WaitingHandler("first");
        await using var pair = await UpstreamPair.StartAsync(handler.RunAsync);
        using var caller = new CancellationTokenSource();
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"), new UpstreamCall { CancellationToken = caller.Token });

        Assert.NotNull(await stream.ReadAsync());
        await caller.CancelAsync();
        await handler.Cancelled;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.ReadAsync().AsTask());
        Assert.Equal(new Outcome(StatusCode.Cancelled, "the call was cancelled by its caller"), stream.End.Outcome);
    }

    [Fact]
    public async Task Stream_ReadsTokenFires_CancelsTheCall()
    {
        var handler = new WaitingHandler("first");
        await using var pair = await UpstreamPair.StartAsync(handler.RunAsync);
        using var reader = new CancellationTokenSource();
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"));

        Assert.NotNull(await stream.ReadAsync(reader.Token));
        var second = stream.ReadAsync(reader.Token).AsTask();
        await reader.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(reader.Token, exception.CancellationToken);
        await handler.Cancelled;
        Assert.Equal(StatusCode.Cancelled, stream.End.Code);
    }

    [Fact]
    public async Task Stream_TokenOfAFinishedRead_DoesNothing()
    {
        var goOn = new TaskCompletionSource();
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            await call.WriteAsync("first"u8.ToArray());
            await goOn.Task;
            return Status.DefaultSuccess;
        });
        using var reader = new CancellationTokenSource();
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"));

        Assert.NotNull(await stream.ReadAsync(reader.Token));
        await reader.CancelAsync();
        goOn.SetResult();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    [Fact]
    public async Task Duplex_WritesTokenFires_CancelsTheCallAndLeavesTheBytesAlone()
    {
        var handler = new WaitingHandler();
        var message = new GuardedBytes(MoreThanTheWindow);
        await using (var pair = await UpstreamPair.StartAsync(handler.RunAsync))
        {
            using var writer = new CancellationTokenSource();
            await using var stream = pair.Upstream.Duplex();

            var write = stream.WriteAsync(message.Sequence, writer.Token).AsTask();
            await handler.Started;
            await writer.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
            message.GiveBack();

            await handler.Cancelled;
            Assert.Null(await stream.ReadAsync());
            Assert.Equal(StatusCode.Cancelled, stream.End.Code);
        }

        Assert.False(message.WasReadTooLate);
    }

    [Fact]
    public async Task Duplex_TokenOfTheCallFires_EndsReadsAndWrites()
    {
        var handler = new WaitingHandler();
        await using var pair = await UpstreamPair.StartAsync(handler.RunAsync);
        using var caller = new CancellationTokenSource();
        await using var stream = pair.Upstream.Duplex(new UpstreamCall { CancellationToken = caller.Token });

        var read = stream.ReadAsync().AsTask();
        var write = stream.WriteAsync(Bytes.Of(new byte[MoreThanTheWindow])).AsTask();
        await handler.Started;
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        await handler.Cancelled;
    }

    [Fact]
    public async Task Duplex_Disposed_ServerSeesItAndTheReadEnds()
    {
        var handler = new WaitingHandler();
        await using var pair = await UpstreamPair.StartAsync(handler.RunAsync);
        var stream = pair.Upstream.Duplex();

        Assert.True(await stream.WriteAsync(Bytes.Of("x")));
        var read = stream.ReadAsync().AsTask();
        await handler.Started;
        await stream.DisposeAsync();

        Assert.Null(await read);
        await handler.Cancelled;
        Assert.False(await stream.WriteAsync(Bytes.Of("x")));
    }

    [Fact]
    public async Task Read_AfterTheEndWithAFiredToken_StillSaysTheEnd()
    {
        await using var pair = await UpstreamPair.StartAsync(_ => Task.FromResult(Status.DefaultSuccess));
        using var late = new CancellationTokenSource();
        await late.CancelAsync();
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"));

        Assert.Null(await stream.ReadAsync());

        Assert.Null(await stream.ReadAsync(late.Token));
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    [Fact]
    public async Task Dispose_AfterTheEnd_IsHarmless()
    {
        await using var pair = await UpstreamPair.StartAsync(_ => Task.FromResult(Status.DefaultSuccess));
        var stream = pair.Upstream.Stream(Bytes.Of("x"));

        Assert.Null(await stream.ReadAsync());
        await stream.DisposeAsync();
        await stream.DisposeAsync();

        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }
}
