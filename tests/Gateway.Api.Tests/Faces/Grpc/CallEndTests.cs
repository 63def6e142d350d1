using Gateway.Api.Lifetime;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>Calls that end before their time: by deadline, by the client leaving, by the gateway stopping.</summary>
public sealed class CallEndTests
{
    public static TheoryData<string> Paths => [GrpcFront.Predict, GrpcFront.Generate, GrpcFront.Stream];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Deadline_OfTheClient_GoesUpstreamAndEndsTheCall(string path)
    {
        var upstream = new HangingUpstream();
        await using var front = await GrpcFront.StartAsync(upstream.HangAsync);

        var result = await front.Channel.UnaryAsync(
            path, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options() with { Timeout = TimeSpan.FromSeconds(1) });

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, result.Status.StatusCode);
        Assert.InRange((await upstream.Timeout).TotalMilliseconds, 1, 1000);
        await upstream.Cancelled;
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Client_Cancels_ResetsTheUpstream(string path)
    {
        var upstream = new HangingUpstream();
        await using var front = await GrpcFront.StartAsync(upstream.HangAsync);
        using var leaving = new CancellationTokenSource();

        var calling = front.Channel.UnaryAsync(path, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options() with { CancellationToken = leaving.Token });
        await upstream.Started;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await calling);
        await upstream.Cancelled;
        Assert.DoesNotContain(front.Log.Entries, entry => entry.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_LeavesMidStream_ResetsTheUpstream()
    {
        var upstream = new HangingUpstream();
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response()));
            return await upstream.HangAsync(call);
        });
        var stream = front.Channel.DuplexStreaming(GrpcFront.Stream, GrpcFront.Options());
        Assert.NotNull(await stream.ReadAsync());

        stream.Dispose();

        await upstream.Cancelled;
    }

    [Theory]
    [InlineData(GrpcFront.Generate)]
    [InlineData(GrpcFront.Stream)]
    public async Task Client_StopsReading_IsCutAndTheUpstreamReset(string path)
    {
        var cancelled = new TaskCompletionSource();
        await using var front = await GrpcFront.StartAsync(
            async call =>
            {
                using var registration = call.CancellationToken.Register(() => cancelled.TrySetResult());
                var message = GrpcFront.Bytes(GrpcFront.Response(new string('x', 100_000)));
                while (true)
                {
                    await call.WriteAsync(message);
                }
            },
            ("Gateway:Limits:StalledClientTimeout", "00:00:01"));

        using var stream = front.Channel.ServerStreaming(path, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options());
        await cancelled.Task;

        await stream.ReadToEndAsync();
        Assert.NotEqual(GrpcStatusCode.OK, stream.Status.StatusCode);
        Assert.Contains(front.Log.Entries, entry => entry.Contains("took nothing for 00:00:01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WebClient_LeavesMidStream_ResetsTheUpstream()
    {
        var upstream = new HangingUpstream();
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response()));
            return await upstream.HangAsync(call);
        });
        using var client = front.Gateway.CreateClientWithKey(GrpcFront.Key);
        using var request = new HttpRequestMessage(HttpMethod.Post, GrpcFront.Generate) { Content = new ByteArrayContent([0, 0, 0, 0, 0]) };
        request.Content.Headers.Add("content-type", "application/grpc-web");

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.Dispose();

        await upstream.Cancelled;
    }

    [Fact]
    public async Task Upstream_SilentForTooLong_EndsTheStreamByItsOwnLimit()
    {
        var upstream = new HangingUpstream();
        await using var front = await GrpcFront.StartAsync(upstream.HangAsync, ("Gateway:Streams:FirstMessageTimeout", "00:00:00.5"));

        using var stream = front.Channel.ServerStreaming(GrpcFront.Generate, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options());

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the upstream sent no message within 0.5 s"), stream.Status);
        await upstream.Cancelled;
    }

    /// <summary>Of a tenant with limits, whose call goes upstream with its first message.</summary>
    [Fact]
    public async Task Client_SendsNoFirstMessage_EndsTheCall()
    {
        var upstream = new HangingUpstream();
        await using var front = await GrpcFront.StartAsync(upstream.HangAsync, ("Gateway:Streams:FirstMessageTimeout", "00:00:00.5"), (GrpcFront.Tenant + ":Models:0", "m"));

        using var stream = front.Channel.DuplexStreaming(GrpcFront.Stream, GrpcFront.Options());

        Assert.Null(await stream.ReadAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal((GrpcStatusCode.DeadlineExceeded, "The client sent no message in time."), (stream.Status.StatusCode, stream.Status.Detail));
        Assert.False(upstream.Started.IsCompleted);
    }

    [Theory]
    [InlineData(GrpcFront.Generate)]
    [InlineData(GrpcFront.Stream)]
    public async Task Gateway_Stops_OpenStreamsEndWithAWord(string path)
    {
        var upstream = new HangingUpstream();
        await using var front = await GrpcFront.StartAsync(upstream.HangAsync, ("Gateway:Shutdown:Timeout", "00:00:00.2"));
        using var stream = front.Channel.ServerStreaming(path, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options());
        var reading = stream.ReadAsync();
        await upstream.Started;

        var stopping = front.Gateway.Services.GetRequiredService<Drain>();
        await stopping.StoppingAsync(CancellationToken.None);

        Assert.Null(await reading);
        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unavailable, "The gateway is shutting down; the stream was not finished."), stream.Status);
        await upstream.Cancelled;
    }
}
