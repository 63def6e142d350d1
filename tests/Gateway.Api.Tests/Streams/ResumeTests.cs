using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Streams;

/// <summary>Streams that outlive their client's connection, because the client asked for it.</summary>
public sealed class ResumeTests
{
    private const string Id = "request-7";

    [Fact]
    public async Task Client_LosesItsConnection_GoesOnWhereItStopped()
    {
        var feed = new Feed();
        await using var upstream = await RecordingUpstream.StartAsync(feed.ServeAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        feed.Add("one");
        feed.Add("two");
        using (var lost = await SendAsync(client))
        {
            Assert.Equal("30", lost.Headers.GetValues("X-Resume-Window").Single());
            await using var events = await EventsAsync(lost);
            Assert.Equal(("1", "one"), Read(await NextAsync(events)));
            Assert.Equal(("2", "two"), Read(await NextAsync(events)));
        }

        feed.Add("three");
        feed.Complete();
        using var back = await SendAsync(client, lastEventId: "1");
        await using var rest = await EventsAsync(back);

        Assert.Equal(("2", "two"), Read(await NextAsync(rest)));
        Assert.Equal(("3", "three"), Read(await NextAsync(rest)));
        var end = await NextAsync(rest);
        Assert.Equal(("4", "done"), (end.EventId, end.EventType));
        Assert.Equal(1, feed.Calls);
    }

    [Theory]
    [InlineData("key client-key")]
    [InlineData("Bearer client-key")]
    [InlineData("bEARER   client-key ")]
    public async Task Client_SpellsItsSchemeAnotherWay_HasItsStreamBack(string authorization)
    {
        var feed = new Feed();
        await using var upstream = await RecordingUpstream.StartAsync(feed.ServeAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        feed.Add("one");
        feed.Complete();
        using (var first = await SendAsync(client))
        {
            await RecordsAsync(first);
        }

        client.DefaultRequestHeaders.Remove("Authorization");
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using var back = await SendAsync(client, lastEventId: "1");

        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Equal(1, feed.Calls);
    }

    [Fact]
    public async Task Client_MissedTheEnd_GetsItAgain()
    {
        var feed = new Feed();
        await using var upstream = await RecordingUpstream.StartAsync(feed.ServeAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        feed.Add("one");
        feed.Complete();
        using (var first = await SendAsync(client))
        {
            await RecordsAsync(first);
        }

        using var back = await SendAsync(client, lastEventId: "1");

        Assert.Equal("done", (string?)(await RecordsAsync(back)).Single()["event"]);
    }

    [Fact]
    public async Task Window_Passes_UpstreamIsCancelledAndTheStreamIsGone()
    {
        var clock = new ManualTimeProvider();
        var feed = new Feed();
        await using var upstream = await RecordingUpstream.StartAsync(feed.ServeAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, clock, ("Gateway:Streams:IdleTimeout", "1.00:00:00"));
        using var client = gateway.CreateClientWithKey();
        feed.Add("one");
        using (var lost = await SendAsync(client))
        {
            await using var events = await EventsAsync(lost);
            await NextAsync(events);
        }

        while (!feed.Cancelled.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(31));
            await Task.Delay(1); // until the gateway has noticed that the client is gone
        }

        Assert.Equal(HttpStatusCode.Gone, (await SendAsync(client, lastEventId: "1")).StatusCode);
    }

    [Fact]
    public async Task Client_LeavesBeforeTheFirstMessage_UpstreamIsCancelledAtOnce()
    {
        var feed = new Feed();
        await using var upstream = await RecordingUpstream.StartAsync(feed.ServeAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, new ManualTimeProvider());
        using var client = gateway.CreateClientWithKey();
        using var leaving = new CancellationTokenSource();

        var request = SendAsync(client, cancellationToken: leaving.Token);
        await feed.Called;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        await feed.Cancelled;
    }

    [Theory]
    [InlineData("other-id", "client-key", Generate, "1")]
    [InlineData(Id, "other-key", Generate, "1")]
    [InlineData(Id, "client-key", "/v2/models/other/outputs/generate", "1")]
    [InlineData(Id, "client-key", Generate + "?page=2", "1")]
    [InlineData(Id, "client-key", Generate, "2")] // one more than was sent
    [InlineData(Id, "client-key", Generate, "7")]
    public async Task Request_IsNotTheSame_Is410(string id, string key, string path, string lastEventId)
    {
        var feed = new Feed();
        await using var upstream = await RecordingUpstream.StartAsync(feed.ServeAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        feed.Add("one");
        using var first = await SendAsync(client);
        await NextAsync(await EventsAsync(first));

        using var other = gateway.CreateClientWithKey(key);
        using var response = await SendAsync(other, id, path, lastEventId);

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Equal(1, feed.Calls);
    }

    [Fact]
    public async Task Client_ComesBackWhileItsOldConnectionStands_TheOldOneIsCut()
    {
        var feed = new Feed();
        await using var upstream = await RecordingUpstream.StartAsync(feed.ServeAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        feed.Add("one");
        using var old = await SendAsync(client);
        await using var oldEvents = await EventsAsync(old);
        await NextAsync(oldEvents);

        var coming = SendAsync(client, lastEventId: "1");
        await Assert.ThrowsAnyAsync<IOException>(() => oldEvents.MoveNextAsync().AsTask());
        feed.Add("two");
        using var back = await coming;
        await using var events = await EventsAsync(back);

        Assert.Equal(("2", "two"), Read(await NextAsync(events)));
    }

    [Fact]
    public async Task Client_ClaimsMoreThanTheWholeStream_Is410()
    {
        var feed = new Feed();
        await using var upstream = await RecordingUpstream.StartAsync(feed.ServeAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        feed.Add("one");
        feed.Complete();
        using (var first = await SendAsync(client))
        {
            await RecordsAsync(first);
        }

        using var beyond = await SendAsync(client, lastEventId: "3");
        using var atTheEnd = await SendAsync(client, lastEventId: "2");

        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.OK), (beyond.StatusCode, atTheEnd.StatusCode));
    }

    [Fact]
    public async Task Client_BeginsAgainWithTheSameId_TheFirstCallEnds()
    {
        var feed = new Feed();
        await using var upstream = await RecordingUpstream.StartAsync(feed.ServeAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        feed.Add("one");
        using var old = await SendAsync(client);
        await using var oldEvents = await EventsAsync(old);
        await NextAsync(oldEvents);

        var again = SendAsync(client);
        await feed.Cancelled.WaitAsync(Limit);
        await Assert.ThrowsAnyAsync<IOException>(() => oldEvents.MoveNextAsync().AsTask());
        feed.Add("one of the second");
        using var response = await again;
        await using var events = await EventsAsync(response);

        Assert.Equal(("1", "one of the second"), Read(await NextAsync(events)));
        Assert.Equal(2, feed.Calls);
    }

    /// <summary>A client that reads slowly is still being sent an early message when the stream begins anew: that is no end of it.</summary>
    [Fact]
    public async Task Client_BeginsAgainWithTheSameId_ASlowFirstOneIsNotToldThatItIsDone()
    {
        var feed = new Feed();
        await using var upstream = await RecordingUpstream.StartAsync(feed.ServeAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        feed.Add(new string('x', 32 << 20)); // more than what lies between the two takes
        using var old = await SendAsync(client);

        var again = SendAsync(client);
        await feed.Cancelled.WaitAsync(Limit);
        feed.Add("one of the second");
        using var response = await again;

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => old.Content.ReadAsStringAsync());
        Assert.Equal(2, feed.Calls);
    }

    [Fact]
    [ProvesSetting("Gateway:Streams:MaxResumeWindow")]
    public async Task Window_LongerThanTheConfigured_IsCutToIt()
    {
        var clock = new ManualTimeProvider();
        var feed = new Feed();
        await using var upstream = await RecordingUpstream.StartAsync(feed.ServeAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, clock, ("Gateway:Streams:MaxResumeWindow", "00:00:07"));
        using var client = gateway.CreateClientWithKey();
        feed.Add("one");
        using (var lost = await SendAsync(client, window: "30"))
        {
            Assert.Equal("7", lost.Headers.GetValues("X-Resume-Window").Single());
            await using var events = await EventsAsync(lost);
            await NextAsync(events);
        }

        await clock.NextTimerAsync(TimeSpan.FromSeconds(7)).WaitAsync(Limit);
        clock.Advance(TimeSpan.FromSeconds(7));

        await feed.Cancelled.WaitAsync(Limit);
    }

    [Theory]
    [InlineData("1048576", HttpStatusCode.OK)] // the default
    [InlineData("300", HttpStatusCode.Gone)]
    [ProvesSetting("Gateway:Streams:ResumeBufferBytes")]
    public async Task Buffer_KeepsAsManyBytesAsConfigured(string bytes, HttpStatusCode farBack)
    {
        const int messages = 5;
        var text = new string('x', 100);
        var feed = new Feed();
        await using var upstream = await RecordingUpstream.StartAsync(feed.ServeAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Streams:ResumeBufferBytes", bytes));
        using var client = gateway.CreateClientWithKey();
        feed.Add(text);
        using var first = await SendAsync(client);
        await using var events = await EventsAsync(first);
        await NextAsync(events);
        for (var number = 2; number <= messages; number++)
        {
            feed.Add(text);
            await NextAsync(events);
        }

        feed.Complete();
        Assert.Equal("done", (await NextAsync(events)).EventType);
        using var far = await SendAsync(client, lastEventId: "1");
        using var near = await SendAsync(client, lastEventId: "4");

        Assert.Equal((farBack, HttpStatusCode.OK), (far.StatusCode, near.StatusCode));
        Assert.Equal(text, TextOf((await RecordsAsync(near))[0].ToJsonString()));
    }

    [Fact]
    [ProvesSetting("Gateway:Streams:MaxResumableStreams")]
    public async Task Streams_MoreThanAreKept_StreamAllTheSame()
    {
        await using var upstream = await StartUnendingAsync();
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Streams:MaxResumableStreams", "1"));
        using var client = gateway.CreateClientWithKey();

        using var kept = await SendAsync(client);
        using var further = await SendAsync(client, "request-8");
        await using var events = await EventsAsync(further);

        Assert.True(kept.Headers.Contains("X-Resume-Window"));
        Assert.False(further.Headers.Contains("X-Resume-Window"));
        Assert.Equal(("1", "one"), Read(await NextAsync(events)));
        Assert.Equal(HttpStatusCode.Gone, (await SendAsync(client, "request-8", lastEventId: "1")).StatusCode);
    }

    [Fact]
    public async Task Streams_ThatAreOver_GiveWay()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => Response("one"));
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Streams:MaxResumableStreams", "1"));
        using var client = gateway.CreateClientWithKey();
        using var over = await SendAsync(client);
        await over.Content.ReadAsStringAsync();

        using var kept = await SendAsync(client, "request-8");
        await kept.Content.ReadAsStringAsync();

        Assert.True(kept.Headers.Contains("X-Resume-Window"));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(client, "request-8", lastEventId: "1")).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await SendAsync(client, lastEventId: "1")).StatusCode);
    }

    [Fact]
    public async Task Streams_OfOneKey_TakeNoPlacesOfOthers()
    {
        await using var upstream = await StartUnendingAsync();
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Streams:MaxResumableStreams", "1"));
        using var one = gateway.CreateClientWithKey("one");
        using var other = gateway.CreateClientWithKey("other");

        using var ofOne = await SendAsync(one);
        using var ofOther = await SendAsync(other);

        Assert.True(ofOne.Headers.Contains("X-Resume-Window"));
        Assert.True(ofOther.Headers.Contains("X-Resume-Window"));
    }

    [Theory]
    [InlineData("soon", null)]
    [InlineData("0", null)]
    [InlineData("30", "abc")]
    public async Task Header_Unreadable_Is400(string window, string? lastEventId)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        using var response = await SendAsync(client, lastEventId: lastEventId, window: window);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    // An upstream whose streams have one message and go on.
    private static Task<RecordingUpstream> StartUnendingAsync() => RecordingUpstream.StartAsync(async call =>
    {
        await WriteAsync(call, "one");
        await Task.Delay(Timeout.Infinite, call.CancellationToken);
        return GrpcStatus.DefaultSuccess;
    });

    private static (string? Id, string Text) Read(SseItem<string> item) => (item.EventId, TextOf(item.Data));

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, string id = Id, string path = Generate, string? lastEventId = null, string window = "30", CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("{}", Encoding.UTF8) };
        request.Headers.Add("X-Request-ID", id);
        request.Headers.Add("X-Resume-Window", window);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>An upstream whose one stream sends what the test adds.</summary>
    private sealed class Feed
    {
        private readonly System.Threading.Channels.Channel<string> _texts = System.Threading.Channels.Channel.CreateUnbounded<string>();
        private readonly TaskCompletionSource _called = new();
        private readonly TaskCompletionSource _cancelled = new();
        private int _calls;

        public int Calls => _calls;

        public Task Called => _called.Task;

        public Task Cancelled => _cancelled.Task;

        public void Add(string text) => _texts.Writer.TryWrite(text);

        public void Complete() => _texts.Writer.Complete();

        public async Task<GrpcStatus> ServeAsync(GrpcServerCall call)
        {
            Interlocked.Increment(ref _calls);
            call.CancellationToken.Register(() => _cancelled.TrySetResult());
            _called.TrySetResult();
            await foreach (var text in _texts.Reader.ReadAllAsync(call.CancellationToken))
            {
                await WriteAsync(call, text);
            }

            return GrpcStatus.DefaultSuccess;
        }
    }
}
