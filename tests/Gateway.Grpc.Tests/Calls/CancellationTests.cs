using Gateway.Testing;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Grpc.Tests.Calls;

/// <summary>Cancellation by the caller: its own exception, a reset at the server, and no use of its bytes afterwards.</summary>
public sealed class CancellationTests
{
    // More than Kestrel takes in before somebody reads it, so that the client is held up while writing.
    private const int MoreThanTheWindow = 8 * 1024 * 1024;

    [Fact]
    public async Task Unary_TokenFires_ThrowsWithThatTokenAndTheServerSees()
    {
        var handler = new WaitingHandler();
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync);
        using var caller = new CancellationTokenSource();

        ValueTask<UnaryResult> call = pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), new CallOptions { CancellationToken = caller.Token });
        await handler.Started;
        await caller.CancelAsync();

        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.AsTask());
        Assert.Equal(caller.Token, exception.CancellationToken);
        await handler.Cancelled;
        Assert.Empty(pair.Server.Log.Entries);
    }

    [Fact]
    public async Task Unary_TokenFiredBefore_ThrowsAndSendsNothing()
    {
        bool called = false;
        await using GrpcPair pair = await GrpcPair.StartAsync(call =>
        {
            called = true;
            return Task.FromResult(GrpcStatus.OK);
        });
        using var caller = new CancellationTokenSource();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), new CallOptions { CancellationToken = caller.Token }).AsTask());
        Assert.False(called);
    }

    [Fact]
    public async Task Unary_CancelledWhileWriting_LeavesTheRequestsBytesAlone()
    {
        var handler = new WaitingHandler();
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync);
        using var caller = new CancellationTokenSource();
        var request = new GuardedBytes(MoreThanTheWindow);

        ValueTask<UnaryResult> call = pair.Channel.UnaryAsync(GrpcPair.Path, request.Sequence, new CallOptions { CancellationToken = caller.Token });
        await handler.Started;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.AsTask());
        request.GiveBack();

        await handler.Cancelled;
        await pair.DisposeAsync();
        Assert.False(request.WasReadTooLate);
    }

    [Fact]
    public async Task Unary_AnsweredBeforeTheRequestIsWritten_ReturnsAndLeavesItsBytesAlone()
    {
        // A peer that ends its response, and neither reads on nor resets.
        var done = new TaskCompletionSource();
        await using TestServer server = await TestServer.StartAsync(app => app.Run(async context =>
        {
            context.Response.Headers["grpc-status"] = "7";
            await context.Response.CompleteAsync();
            await done.Task;
        }));
        await using var channel = new GrpcChannel(server.Address, new GrpcChannelOptions());
        var request = new GuardedBytes(MoreThanTheWindow);

        using UnaryResult result = await channel.UnaryAsync("/a.B/C", request.Sequence, default);
        request.GiveBack();

        Assert.Equal(GrpcStatusCode.PermissionDenied, result.Status.Code);
        done.SetResult();
        await channel.DisposeAsync();
        Assert.False(request.WasReadTooLate);
    }

    [Fact]
    public async Task ServerStreaming_FirstMessageBeforeTheRequestIsRead_IsHeldUntilItIs()
    {
        var read = new TaskCompletionSource();
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            await call.WriteAsync(Bytes.Of("early"));
            await read.Task;
            using Payload request = await call.ReadSingleAsync();
            return GrpcStatus.OK;
        });
        var request = new GuardedBytes(MoreThanTheWindow);

        await using ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, request.Sequence, default);
        await stream.ReadHeadersAsync();
        Task<Payload?> first = stream.ReadAsync().AsTask();
        Assert.False(first.IsCompleted);
        read.SetResult();
        using (Payload? message = await first) Assert.Equal("early", message!.Text());
        request.GiveBack();

        Assert.Null(await stream.ReadAsync());
        Assert.True(stream.Status.IsOK);
        Assert.False(request.WasReadTooLate);
    }

    [Fact]
    public async Task ServerStreaming_Disposed_ResetsTheStreamAndLeavesTheRequestsBytesAlone()
    {
        var handler = new WaitingHandler();
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync);
        var request = new GuardedBytes(MoreThanTheWindow);

        ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, request.Sequence, default);
        await handler.Started;
        await stream.DisposeAsync();
        request.GiveBack();

        await handler.Cancelled;
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatusCode.Cancelled, stream.Status.Code);
        await pair.DisposeAsync();
        Assert.False(request.WasReadTooLate);
    }

    [Fact]
    public async Task ServerStreaming_CallsTokenFiresBetweenReads_ResetsTheStream()
    {
        var handler = new WaitingHandler(Bytes.Of("first"));
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync);
        using var caller = new CancellationTokenSource();

        await using ServerStream stream = pair.Channel.ServerStreaming(
            GrpcPair.Path, Bytes.Of("x"), new CallOptions { CancellationToken = caller.Token });
        (await stream.ReadAsync())!.Dispose();
        await caller.CancelAsync();
        await handler.Cancelled;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.ReadAsync().AsTask());
        Assert.Equal(GrpcStatusCode.Cancelled, stream.Status.Code);
    }

    [Fact]
    public async Task ServerStreaming_ReadsTokenFires_CancelsTheCall()
    {
        var handler = new WaitingHandler(Bytes.Of("first"));
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync);
        using var reader = new CancellationTokenSource();

        await using ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("x"), default);
        (await stream.ReadAsync(reader.Token))!.Dispose();
        ValueTask<Payload?> second = stream.ReadAsync(reader.Token);
        await reader.CancelAsync();

        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.AsTask());
        Assert.Equal(reader.Token, exception.CancellationToken);
        await handler.Cancelled;
        Assert.Equal(GrpcStatusCode.Cancelled, stream.Status.Code);
    }

    [Fact]
    public async Task ServerStreaming_TokenOfAFinishedRead_DoesNothing()
    {
        var goOn = new TaskCompletionSource();
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            await call.WriteAsync(Bytes.Of("first"));
            await goOn.Task;
            return GrpcStatus.OK;
        });
        using var reader = new CancellationTokenSource();

        await using ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("x"), default);
        (await stream.ReadAsync(reader.Token))!.Dispose();
        await reader.CancelAsync();
        goOn.SetResult();

        Assert.Null(await stream.ReadAsync());
        Assert.True(stream.Status.IsOK);
    }

    [Fact]
    public async Task Duplex_WritesTokenFires_CancelsTheCallAndLeavesTheBytesAlone()
    {
        var handler = new WaitingHandler();
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync);
        using var writer = new CancellationTokenSource();
        var message = new GuardedBytes(MoreThanTheWindow);

        await using DuplexStream stream = pair.Channel.DuplexStreaming(GrpcPair.Path, default);
        ValueTask<bool> write = stream.WriteAsync(message.Sequence, writer.Token);
        await handler.Started;
        await writer.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.AsTask());
        message.GiveBack();

        await handler.Cancelled;
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatusCode.Cancelled, stream.Status.Code);
        Assert.False(message.WasReadTooLate);
    }

    [Fact]
    public async Task Duplex_Disposed_ServerSeesIt()
    {
        var handler = new WaitingHandler();
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync);

        DuplexStream stream = pair.Channel.DuplexStreaming(GrpcPair.Path, default);
        await stream.WriteAsync(Bytes.Of("x"));
        Task<Payload?> read = stream.ReadAsync().AsTask();
        await handler.Started;
        await stream.DisposeAsync();

        Assert.Null(await read);
        await handler.Cancelled;
    }

    [Fact]
    public async Task ClientStreaming_TokenFiresWhileWaitingForTheResponse_Throws()
    {
        var handler = new WaitingHandler();
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync);
        using var reader = new CancellationTokenSource();

        await using ClientStream stream = pair.Channel.ClientStreaming(GrpcPair.Path, default);
        await stream.CompleteAsync();
        ValueTask<UnaryResult> response = stream.ReadResponseAsync(reader.Token);
        await handler.Started;
        await reader.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => response.AsTask());
        await handler.Cancelled;
    }

    [Fact]
    public async Task Read_AfterTheEndWithAFiredToken_StillSaysTheEnd()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(call => Task.FromResult(GrpcStatus.OK));
        using var late = new CancellationTokenSource();
        await late.CancelAsync();

        await using ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("x"), default);
        Assert.Null(await stream.ReadAsync());

        Assert.Null(await stream.ReadAsync(late.Token));
        Assert.Equal(GrpcStatus.OK, stream.Status);
    }

    [Fact]
    public async Task Dispose_AfterTheEnd_IsHarmless()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(call => Task.FromResult(GrpcStatus.OK));

        ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("x"), default);
        Assert.Null(await stream.ReadAsync());
        await stream.DisposeAsync();
        await stream.DisposeAsync();

        Assert.Equal(GrpcStatus.OK, stream.Status);
    }
}
