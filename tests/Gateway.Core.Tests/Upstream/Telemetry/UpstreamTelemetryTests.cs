using System.Diagnostics;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Balancing;
using Gateway.Testing;
using Status = Clarifai.Api.Status.StatusCode;

namespace Gateway.Core.Tests.Upstream.Telemetry;

/// <summary>What is measured and traced of calls upstream, over real connections.</summary>
public sealed class UpstreamTelemetryTests
{
    private const string Calls = "rpc.client.call.duration";

    [Fact]
    public async Task Call_IsMeasured_OnceForEachAttempt()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Unavailable, Answers.Say(Status.ModelDeploying), Answers.Ok);
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);

        using var result = await upstream.CallAsync();

        var attempts = upstream.Meters.Of(Calls);
        Assert.Equal(["UNAVAILABLE", "OK", "OK"], attempts.Select(attempt => attempt.Tags["rpc.response.status_code"]));
        Assert.Equal(["UNAVAILABLE", null, null], attempts.Select(attempt => attempt.Tags.GetValueOrDefault("error.type")));
        Assert.All(attempts, attempt => Assert.Equal(
            ("grpc", "clarifai.api.V2/PostModelOutputs", "127.0.0.1", (object)server.Address.Port),
            ((string)attempt.Tags["rpc.system.name"]!, (string)attempt.Tags["rpc.method"]!, (string)attempt.Tags["server.address"]!, attempt.Tags["server.port"]!)));
        Assert.Equal(
            ["unavailable", "loading"], upstream.Meters.Of("gateway.upstream.retries").Select(retry => retry.Tags["gateway.retry.cause"]));
    }

    [Fact]
    public async Task TypedCall_IsMeasured_ByItsName()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);

        using var result = await upstream.Client.GetModelAsync(new Clarifai.Api.GetModelRequest(), default);

        Assert.Equal("clarifai.api.V2/GetModel", Assert.Single(upstream.Meters.Of(Calls)).Tags["rpc.method"]);
    }

    [Fact]
    public async Task Stream_IsOpen_AndMeasuredAtItsEnd()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);

        await using var stream = upstream.Stream();
        using (await stream.ReadAsync())
        {
            Assert.Equal((1, 0), (upstream.Meters.Of("gateway.streams.open")[^1].Value, upstream.Meters.Of(Calls).Count));
        }

        Assert.Null(await stream.ReadAsync());

        Assert.Equal(0, upstream.Meters.Of("gateway.streams.open")[^1].Value);
        Assert.Equal("OK", Assert.Single(upstream.Meters.Of(Calls)).Tags["rpc.response.status_code"]);
    }

    [Fact]
    public async Task Address_ThatIsLeftOut_IsCounted()
    {
        var nobody = Nobody.At();
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[nobody], [server.Address]], UpstreamFixture.AtOnce, new EjectionOptions { Failures = 1 });

        using var result = await upstream.CallAsync();

        Assert.Equal(nobody.Port, Assert.Single(upstream.Meters.Of("gateway.upstream.ejections")).Tags["server.port"]);
    }

    [Fact]
    public async Task Attempts_AreSpansOfTheirOwn_AndTheUpstreamIsToldOfEach()
    {
        var told = new List<string?>();
        await using var server = await TestUpstream.StartAsync((number, call) =>
        {
            told.Add(call.RequestHeaders.GetValue("traceparent"));
            return number == 1 ? Answers.Unavailable(call) : Answers.Ok(call);
        });
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);
        using var spans = new RecordedSpans();

        using var result = await upstream.Client.CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, new UpstreamCall("id", null, default)
        {
            Metadata = new Metadata { { "traceparent", "00-11111111111111111111111111111111-2222222222222222-01" }, { "tracestate", "a=b" } },
        });

        Assert.Equal(spans.Ended.Select(span => span.Id), told);
        Assert.Equal([spans.Root.SpanId, spans.Root.SpanId], spans.Ended.Select(span => span.ParentSpanId));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Unset], spans.Ended.Select(span => span.Status));
        Assert.Equal([null, (object)(int)Status.Success], spans.Ended.Select(span => span.GetTagItem("clarifai.status_code")));
        Assert.Equal("gateway.retry", Assert.Single(spans.Root.Events).Name);
        Assert.Same(spans.Root, Activity.Current);
    }

    [Fact]
    public async Task Call_OfATraceThatIsNotSampled_IsToldOfIt()
    {
        string? told = null;
        await using var server = await TestUpstream.StartAsync((_, call) =>
        {
            told = call.RequestHeaders.GetValue("traceparent");
            return Answers.Ok(call);
        });
        await using var upstream = new UpstreamFixture(server.Address);
        using var spans = new RecordedSpans(isRecorded: false);

        using var result = await upstream.CallAsync();

        Assert.Equal(spans.Root.Id, told);
        Assert.EndsWith("-00", told, StringComparison.Ordinal);
        Assert.Empty(spans.Ended);
    }

    [Fact]
    public async Task Call_WhileNobodyTraces_IsToldWhatTheClientTold()
    {
        const string Client = "00-11111111111111111111111111111111-2222222222222222-01";
        string? told = null;
        await using var server = await TestUpstream.StartAsync((_, call) =>
        {
            told = call.RequestHeaders.GetValue("traceparent");
            return Answers.Ok(call);
        });
        await using var upstream = new UpstreamFixture(server.Address);
        using var own = new Activity("the server's own, which nobody records").Start();

        using var result = await upstream.Client.CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, new UpstreamCall("id", null, default)
        {
            Metadata = new Metadata { { "traceparent", Client } },
        });

        Assert.Equal(Client, told);
    }

    [Fact]
    public async Task Streams_AreSpans_ToTheirEnd()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);
        using var spans = new RecordedSpans();

        await using (var stream = upstream.Stream())
        {
            using var first = await stream.ReadAsync();
            Assert.Empty(spans.Ended);
            Assert.Null(await stream.ReadAsync());
        }

        await using (var duplex = upstream.Client.Duplex(UpstreamFixture.TwoWay, default))
        {
            await duplex.WriteAsync(UpstreamFixture.Request);
            await duplex.CompleteAsync();
            using var first = await duplex.ReadAsync();
            Assert.Null(await duplex.ReadAsync());
        }

        Assert.Equal(
            ["clarifai.api.V2/GenerateModelOutputs", "clarifai.api.V2/StreamModelOutputs"], spans.Ended.Select(span => span.OperationName));
        Assert.Same(spans.Root, Activity.Current);
    }

    [Fact]
    public async Task RequestsThatTravelTogether_AreLinked()
    {
        await using var server = await BatchUpstream.StartAsync();
        await using var batch = new BatchFixture(server.Address);
        using var spans = new RecordedSpans();
        var (first, second) = (new Activity("first").Start(), new Activity("second").SetParentId(spans.Root.Id!).Start());
        Activity.Current = first;
        var one = batch.CallAsync(BatchUpstream.Request("m", "a"));
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 1);
        Activity.Current = second;
        var two = batch.CallAsync(BatchUpstream.Request("m", "b"));
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 2);
        Activity.Current = null;

        await batch.AnswersAsync(one, two);

        await BatchFixture.UntilAsync(() => spans.Ended.Count == 2);
        var (attempt, whole) = (spans.Ended[0], spans.Ended[1]);
        Assert.Equal(("gateway.batch", whole.SpanId), (whole.OperationName, attempt.ParentSpanId));
        Assert.Equal(first.SpanId, whole.ParentSpanId);
        Assert.Equal([first.SpanId, second.SpanId], whole.Links.Select(link => link.Context.SpanId));
        Assert.All([first, second], member => Assert.Equal(whole.SpanId, Assert.Single(member.Links).Context.SpanId));
        Assert.Equal(
            (2, 1), (batch.Upstream.Meters.Of("gateway.batch.requests").Sum(sent => sent.Value), batch.Upstream.Meters.Of("gateway.batch.calls").Sum(sent => sent.Value)));
    }

    [Fact]
    public async Task Batch_ThatIsMadeAgainOneByOne_IsCounted()
    {
        await using var server = await BatchUpstream.StartAsync();
        await using var batch = new BatchFixture(server.Address);
        var calls = await batch.WaitingAsync(BatchUpstream.Request("m", "a"), BatchUpstream.Request("m", BatchUpstream.Poison));

        await batch.ResultsAsync(calls);

        Assert.Equal(1, Assert.Single(batch.Upstream.Meters.Of("gateway.batch.splits")).Value);
    }

    /// <summary>Whatever a call waits for, its caller is told; and each wait ends.</summary>
    [Fact]
    public async Task Waits_ForTheUpstreamAndForTheNextAttempt_AreTold()
    {
        var waits = new RecordedWaits();
        var depths = new List<int>();
        await using var server = await TestUpstream.StartAsync((number, call) =>
        {
            depths.Add(waits.Depth);
            return number == 1 ? Answers.Unavailable(call) : Answers.Ok(call);
        });
        await using var upstream = new UpstreamFixture(server.Address);

        var call = upstream.Client.CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, new UpstreamCall(null, null, default) { Waits = waits });
        await upstream.Clock.NextTimerAsync();
        depths.Add(waits.Depth);
        upstream.Clock.Advance(TimeSpan.FromMinutes(1));
        using var result = await call;

        Assert.Equal([1, 1, 1], depths);
        Assert.Equal((0, 3), (waits.Depth, waits.Count));
    }

    [Fact]
    public async Task Waits_ForATurn_AreTold()
    {
        var waits = new RecordedWaits();
        await using var server = await BatchUpstream.StartAsync();
        await using var batch = new BatchFixture(server.Address, isOn: false);

        var call = batch.CallAsync(BatchUpstream.Request("m", "a"), new UpstreamCall(null, null, default) { Waits = waits });
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 1);
        Assert.Equal(1, waits.Depth);

        await batch.AnswersAsync(call);
        Assert.Equal((0, 2), (waits.Depth, waits.Count));
    }
}
