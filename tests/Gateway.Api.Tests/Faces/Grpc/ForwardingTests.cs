using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>Calls go through as they are: messages, metadata and statuses, both ways, in all kinds.</summary>
public sealed class ForwardingTests
{
    // A field that no schema of the gateway has, and one of a number that none may have.
    private static readonly byte[] Odd = [0x9A, 0xEA, 0x30, 3, 1, 2, 3, 0xFA, 0xFF, 0xFF, 0xFF, 0x0F, 0];

    [Fact]
    public async Task Unary_Message_GoesThroughToTheByte()
    {
        byte[] seen = [];
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            using var message = await call.ReadSingleAsync();
            seen = message.Span.ToArray();
            await call.WriteAsync(Odd);
            return GrpcStatus.DefaultSuccess;
        });

        var result = await front.Channel.UnaryAsync(GrpcFront.Predict, Odd, GrpcFront.Options());

        Assert.Equal(GrpcStatus.DefaultSuccess, result.Status);
        Assert.Equal(Odd, seen);
        Assert.Equal(Odd, result.Message);
    }

    [Theory]
    [InlineData(GrpcFront.Predict)]
    [InlineData(GrpcFront.Generate)]
    [InlineData(GrpcFront.Stream)]
    public async Task Metadata_OfTheUpstream_ReachesTheClient(string path)
    {
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            using var message = await call.ReadSingleAsync();
            call.ResponseHeaders.Add("x-head", "one");
            call.ResponseHeaders.Add("x-head-bin", new byte[] { 0, 255 });
            call.ResponseTrailers.Add("x-trail", "two");
            await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response()));
            return GrpcStatus.DefaultSuccess;
        });

        using var stream = front.Channel.ServerStreaming(path, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options());
        await stream.ReadToEndAsync();

        Assert.Equal(GrpcStatus.DefaultSuccess, stream.Status);
        Assert.Equal("one", stream.Headers.GetValue("x-head"));
        Assert.Equal([0, 255], stream.Headers.GetValueBytes("x-head-bin"));
        Assert.Equal("two", stream.Trailers.GetValue("x-trail"));
    }

    [Theory]
    [InlineData(GrpcFront.Predict, false)]
    [InlineData(GrpcFront.Generate, false)]
    [InlineData(GrpcFront.Generate, true)]
    [InlineData(GrpcFront.Stream, false)]
    [InlineData(GrpcFront.Stream, true)]
    public async Task Status_OfTheUpstream_ReachesTheClientWithItsDetails(string path, bool afterMessage)
    {
        var status = new GrpcStatus(GrpcStatusCode.FailedPrecondition, "50% ✓");
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            using var message = await call.ReadSingleAsync();
            call.ResponseHeaders.Add("x-head", "one");
            await call.StartAsync();
            if (afterMessage)
            {
                await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response()));
            }

            call.ResponseTrailers.Add("x-trail", "two");
            call.ResponseTrailers.Add("grpc-status-details-bin", new byte[] { 8, 9 });
            return status;
        });

        using var stream = front.Channel.ServerStreaming(path, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options());
        await stream.ReadToEndAsync();

        Assert.Equal(status, stream.Status);
        Assert.Equal("one", stream.Headers.GetValue("x-head") ?? stream.Trailers.GetValue("x-head"));
        Assert.Equal([8, 9], stream.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal("two", stream.Trailers.GetValue("x-trail"));
    }

    [Fact]
    public async Task Metadata_OfTheClient_GoesUpstreamWhereItIsItsOwn()
    {
        Metadata? seen = null;
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            seen = call.RequestHeaders;
            return await GrpcFront.EchoAsync(call);
        });
        string[] kept =
        [
            "cookie", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via", "proxy-authorization", "x-clarifai-session-token",
            "origin", "referer", "sec-fetch-mode", "accept-encoding", "grpc-previous-rpc-attempts", "x-user-agent",
        ];
        var options = GrpcFront.Options("Key " + GrpcFront.Key, [("x-mine", "1"), ("x-mine", "2"), ("traceparent", "t"), .. kept.Select(name => (name, "client"))]);
        options.Headers!.Add("x-mine-bin", new byte[] { 1, 2 });

        var result = await front.Channel.UnaryAsync(GrpcFront.Predict, GrpcFront.Bytes(GrpcFront.Request("x")), options);

        Assert.Equal(["1, 2"], seen!.Where(entry => entry.Key == "x-mine").Select(entry => entry.Value));
        Assert.Equal([1, 2], seen!.GetValueBytes("x-mine-bin"));
        Assert.Equal("t", seen!.GetValue("traceparent"));
        Assert.DoesNotContain(seen!, entry => kept.Contains(entry.Key));
        Assert.Equal([$"Key {GrpcFront.Pat}"], seen!.Where(entry => entry.Key == "authorization").Select(entry => entry.Value));
    }

    [Fact]
    public async Task RequestId_OfTheClient_IsTheUpstreamsAndTheAnswers()
    {
        string? seen = null;
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            seen = call.RequestHeaders.GetValue("x-request-id");
            call.ResponseHeaders.Add("x-request-id", "the upstream's own");
            return await GrpcFront.EchoAsync(call);
        });

        var result = await front.Channel.UnaryAsync(
            GrpcFront.Predict, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options("Key " + GrpcFront.Key, ("x-request-id", "mine-1")));

        Assert.Equal("mine-1", seen);
        Assert.Equal(["mine-1"], result.Headers.Where(entry => entry.Key == "x-request-id").Select(entry => entry.Value));
    }

    [Fact]
    public async Task ServerStream_SecondMessageHeldBack_FirstArrivesBefore()
    {
        var firstArrived = new TaskCompletionSource();
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            using var request = await call.ReadSingleAsync();
            await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response("first")));
            await firstArrived.Task;
            await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response("second")));
            return GrpcStatus.DefaultSuccess;
        });

        using var stream = front.Channel.ServerStreaming(GrpcFront.Generate, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options());
        var first = await stream.ReadAsync();
        firstArrived.SetResult();
        var second = await stream.ReadAsync();

        Assert.Equal(("first", "second"), (GrpcFront.TextOf(first), GrpcFront.TextOf(second)));
        Assert.Null(await stream.ReadAsync());
    }

    [Fact]
    public async Task Duplex_PingPong_AlternatesUntilTheHalfClose()
    {
        await using var front = await GrpcFront.StartAsync(GrpcFront.EchoAsync);
        using var stream = front.Channel.DuplexStreaming(GrpcFront.Stream, GrpcFront.Options());

        foreach (var ping in new[] { "a", "b", "c" })
        {
            Assert.True(await stream.WriteAsync(GrpcFront.Bytes(GrpcFront.Request(ping))));
            var pong = await stream.ReadAsync();
            Assert.Equal(ping, GrpcFront.TextOf(pong));
        }

        await stream.CompleteAsync();
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.DefaultSuccess, stream.Status);
    }

    [Fact]
    public async Task Duplex_ClientWaitsForHeaders_GetsThemBeforeAnyMessage()
    {
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            call.ResponseHeaders.Add("x-head", "one");
            await call.StartAsync();
            return await GrpcFront.EchoAsync(call);
        });
        using var stream = front.Channel.DuplexStreaming(GrpcFront.Stream, GrpcFront.Options());

        var headers = await stream.ReadHeadersAsync();
        await stream.CompleteAsync();

        Assert.Equal("one", headers.GetValue("x-head"));
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.DefaultSuccess, stream.Status);
    }

    [Fact]
    public async Task Duplex_UpstreamEndsWhileTheClientStillSends_EndsTheCall()
    {
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            (await call.ReadAsync())?.Dispose();
            return new GrpcStatus(GrpcStatusCode.Aborted, "enough");
        });
        using var stream = front.Channel.DuplexStreaming(GrpcFront.Stream, GrpcFront.Options());

        await stream.WriteAsync(GrpcFront.Bytes(GrpcFront.Request("x")));

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(new GrpcStatus(GrpcStatusCode.Aborted, "enough"), stream.Status);
    }

    [Theory]
    [InlineData(GrpcFront.Predict)]
    [InlineData(GrpcFront.Generate)]
    [InlineData(GrpcFront.Stream)]
    public async Task Messages_InGzip_ArriveBothWays(string path)
    {
        var text = new string('x', 100_000);
        await using var front = await GrpcFront.StartAsync(call =>
        {
            call.CompressResponse = true;
            return GrpcFront.EchoAsync(call);
        });

        using var stream = front.Channel.ServerStreaming(
            path, GrpcFront.Bytes(GrpcFront.Request(text)), GrpcFront.Options() with { CompressRequest = true });
        var message = await stream.ReadAsync();

        Assert.Equal(text, GrpcFront.TextOf(message));
    }

    [Theory]
    [InlineData("/clarifai.api.V2/NoSuchRpc")]
    [InlineData("/other.Service/Method")]
    public async Task Method_Unknown_IsUnimplemented(string path)
    {
        await using var front = await GrpcFront.StartAsync(_ => throw new InvalidOperationException("must not be called"));

        var result = await front.Channel.UnaryAsync(path, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options());

        Assert.Equal(GrpcStatusCode.Unimplemented, result.Status.StatusCode);
    }

    [Fact]
    public async Task Response_OverTheLimit_IsSaidToBeTheUpstreams()
    {
        await using var front = await GrpcFront.StartAsync(GrpcFront.EchoAsync, ("Gateway:Upstream:MaxResponseBytes", "100"));

        var result = await front.Channel.UnaryAsync(GrpcFront.Predict, GrpcFront.Bytes(GrpcFront.Request(new string('x', 200))), GrpcFront.Options());

        Assert.Equal(GrpcStatusCode.ResourceExhausted, result.Status.StatusCode);
        Assert.Equal("the upstream's response was refused: received message is over the limit of 100 bytes", result.Status.Detail);
    }

    [Fact]
    public async Task Upstream_Unreachable_IsUnavailable()
    {
        var front = await GrpcFront.StartAsync(GrpcFront.EchoAsync, ("Gateway:Upstream:Retry:MaxAttempts", "1"));
        await using (front)
        {
            await front.StopUpstreamAsync();

            var result = await front.Channel.UnaryAsync(GrpcFront.Predict, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options());

            Assert.Equal(GrpcStatusCode.Unavailable, result.Status.StatusCode);
            Assert.StartsWith("upstream unreachable: ", result.Status.Detail, StringComparison.Ordinal);
        }
    }
}
