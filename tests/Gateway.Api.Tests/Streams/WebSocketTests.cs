using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Gateway.Api.Tests.Support.TwoWay;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Streams;

/// <summary>Two-way calls over WebSockets, in front of an upstream that the test holds by the hand.</summary>
public sealed class WebSocketTests
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Messages_SecondHeldBack_FirstAnswerArrives(string version)
    {
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = await SocketClient.OpenAsync(gateway, version);

        await client.SendAsync(Json("one"));
        var first = await client.NextAsync();
        await client.SendAsync(Json("two"));
        var second = await client.NextAsync();
        await client.EndAsync();
        var (rest, code, reason) = await client.RestAsync();

        Assert.Equal(["one", "two"], [Brief(first), Brief(second)]);
        Assert.Equal(["done 10000"], rest);
        Assert.Equal((1000, ""), (code, reason));
    }

    [Fact]
    public async Task Messages_Fragmented_Binary_AndLong_AreRead()
    {
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = await SocketClient.OpenAsync(gateway);
        var text = new string('ü', 500_000);

        foreach (var piece in Json("in pieces").Chunk(3))
        {
            await client.SendAsync(new string(piece), end: false);
        }

        await client.SendAsync(" ");
        await client.SendAsync(Json("binary"), WebSocketMessageType.Binary);
        await client.SendAsync(Json(text));
        await client.EndAsync();

        Assert.Equal(["in pieces", "binary", text, "done 10000"], (await client.RestAsync()).Records);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task EmptyMessage_HalfCloses_AndCloseFrameCancels(string version)
    {
        var ends = new Queue<TaskCompletionSource<string>>([new(), new()]);
        TaskCompletionSource<string>[] seen = [.. ends];
        await using var upstream = await RecordingUpstream.StartAsync(call => DrainAsync(call, ends.Dequeue()));
        await using var gateway = GatewayHost.Start(upstream.Address);

        using var ending = await SocketClient.OpenAsync(gateway, version);
        await ending.SendAsync(Json("one"));
        await ending.EndAsync();
        var (ended, _, _) = await ending.RestAsync();
        using var closing = await SocketClient.OpenAsync(gateway, version);
        await closing.SendAsync(Json("one"));
        await closing.Socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "gone", CancellationToken.None);
        var (closed, code, _) = await closing.RestAsync();

        Assert.Equal(("half-closed", "cancelled"), (await seen[0].Task.WaitAsync(Limit), await seen[1].Task.WaitAsync(Limit)));
        Assert.Equal(["done 10000"], ended);
        Assert.Empty(closed);
        Assert.Equal(1000, code);
    }

    [Theory]
    [InlineData("1.1", "opening", true)]
    [InlineData("1.1", "sending", true)]
    [InlineData("1.1", "half-closed", true)]
    [InlineData("1.1", "receiving", true)]
    [InlineData("1.1", "opening", false)]
    [InlineData("1.1", "sending", false)]
    [InlineData("1.1", "half-closed", false)]
    [InlineData("1.1", "receiving", false)]
    [InlineData("2.0", "opening", false)]
    [InlineData("2.0", "sending", true)]
    [InlineData("2.0", "half-closed", false)]
    [InlineData("2.0", "receiving", false)]
    public async Task Client_Leaves_UpstreamIsCancelled(string version, string stage, bool withCloseFrame)
    {
        var reached = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            using var leaving = call.CancellationToken.Register(cancelled.SetResult);
            if (stage != "opening")
            {
                await ReadAsync(call);
            }

            if (stage == "half-closed")
            {
                Assert.Null(await ReadAsync(call));
            }

            if (stage == "receiving")
            {
                await StreamTesting.WriteAsync(call, "one");
            }

            reached.SetResult();
            await cancelled.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = await SocketClient.OpenAsync(gateway, version);

        if (stage != "opening")
        {
            await client.SendAsync(Json("one"));
        }

        if (stage == "half-closed")
        {
            await client.EndAsync();
        }

        if (stage == "receiving")
        {
            await client.NextAsync();
        }

        await reached.Task.WaitAsync(Limit);
        if (withCloseFrame)
        {
            await client.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        else
        {
            client.Socket.Abort();
        }

        await cancelled.Task.WaitAsync(Limit);
    }

    [Theory]
    [InlineData("""{"inputs":[7]}""", "Message 2: inputs[0]: expected an object", 11100, 1007)]
    [InlineData("{} {}", "Message 2: text after the end of the JSON value at byte 3", 11100, 1007)]
    [InlineData("\n", "Message 2: the JSON text ends too early at byte 1", 11100, 1007)]
    [InlineData(null, "Message 2: The message is over the limit of 1000 bytes.", 40033, 1009)]
    [InlineData("""{"model_id":"other"}""", "Message 2: Tenant kitchen is limited to certain models", 11007, 1008)]
    public async Task Message_Refused_IsToldAndCancels(string? message, string details, int outcome, int code)
    {
        var end = new TaskCompletionSource<string>();
        await using var upstream = await RecordingUpstream.StartAsync(call => DrainAsync(call, end));
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            ("Gateway:Limits:MaxBodyBytes", "1000"),
            ("Gateway:Tenants:kitchen:Keyless", "true"),
            ("Gateway:Tenants:kitchen:Pat", "pat"),
            ("Gateway:Tenants:kitchen:UserId", "u"),
            ("Gateway:Tenants:kitchen:AppId", "a"),
            ("Gateway:Tenants:kitchen:Models:0", "mine"));
        using var client = await SocketClient.OpenAsync(gateway, "1.1", "/v2/models/outputs/stream", ("X-Test", "keyless"));

        await client.SendAsync("""{"model_id":"mine"}""");
        await client.SendAsync(message ?? Json(new string('a', 1000)));
        await client.SendAsync("""{"model_id":"mine"}"""); // nobody reads this, and the end arrives all the same
        var last = await client.NextAsync();
        var (rest, closed, reason) = await client.RestAsync();

        Assert.Equal($"error {outcome}", Brief(last));
        Assert.StartsWith(details, (string)last!["status"]!["details"]!, StringComparison.Ordinal);
        Assert.Empty(rest);
        Assert.Equal((code, (string?)last["status"]!["description"]), (closed, reason));
        Assert.Equal("cancelled", await end.Task.WaitAsync(Limit));
    }

    [Fact]
    public async Task Message_AfterTheEnd_IsAnError()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = await SocketClient.OpenAsync(gateway);

        await client.EndAsync();
        await client.SendAsync(Json("late"));
        var (records, code, _) = await client.RestAsync();

        Assert.Equal(["error 11100"], records);
        Assert.Equal(1007, code);
    }

    [Fact]
    public async Task Message_NotUtf8_BreaksTheSocketAndCancels()
    {
        var called = new TaskCompletionSource();
        var end = new TaskCompletionSource<string>();
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            called.SetResult();
            return DrainAsync(call, end);
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = await SocketClient.OpenAsync(gateway);

        await called.Task.WaitAsync(Limit); // else the message may come before the call is made, which then never is
        await client.Socket.SendAsync(new byte[] { 0xFF }, WebSocketMessageType.Text, true, CancellationToken.None);

        Assert.Equal("cancelled", await end.Task.WaitAsync(Limit));
    }

    [Theory]
    [InlineData(GrpcStatusCode.Internal, 1011)]
    [InlineData(GrpcStatusCode.DeadlineExceeded, 1011)]
    [InlineData(GrpcStatusCode.Unauthenticated, 1008)]
    [InlineData(GrpcStatusCode.NotFound, 1008)]
    [InlineData(GrpcStatusCode.ResourceExhausted, 1013)]
    [InlineData(GrpcStatusCode.Unavailable, 1013)]
    public async Task Upstream_Fails_IsToldAndClosed(GrpcStatusCode status, int code)
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await ReadAsync(call);
            await StreamTesting.WriteAsync(call, "one");
            return new GrpcStatus(status, "it was so");
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = await SocketClient.OpenAsync(gateway);

        await client.SendAsync(Json("one"));
        Assert.Equal("one", Brief(await client.NextAsync()));
        var last = await client.NextAsync();
        var (rest, closed, reason) = await client.RestAsync();

        Assert.Equal(("error", "it was so"), ((string?)last!["event"], (string?)last["status"]!["details"]));
        Assert.Empty(rest);
        Assert.Equal((code, (string?)last["status"]!["description"]), (closed, reason));
    }

    [Fact]
    public async Task Answer_SaysFailure_IsSentLikeAnyOther()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await StreamTesting.WriteAsync(call, "failed", StatusCode.ModelPredictionFailed);
            return await EchoAsync(call);
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = await SocketClient.OpenAsync(gateway);

        var first = await client.NextAsync();
        await client.SendAsync(Json("two"));
        await client.EndAsync();
        var (rest, _, _) = await client.RestAsync();

        Assert.Equal("failed", Brief(first));
        Assert.Equal(["two", "error 21313"], rest);
    }

    [Theory]
    [InlineData(false, "neither side sent a message within 7 s")]
    [InlineData(true, "the upstream sent no message within 7 s")]
    public async Task Silence_IsTheUpstreamsAloneOnceTheClientHasEnded(bool ends, string details)
    {
        var clock = new Gateway.Testing.ManualTimeProvider();
        var called = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            if (ends)
            {
                Assert.Null(await ReadAsync(call));
            }

            called.SetResult();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock, ("Gateway:Streams:FirstMessageTimeout", "00:00:07"));
        using var client = await SocketClient.OpenAsync(gateway);

        if (ends)
        {
            await client.EndAsync();
        }

        await called.Task.WaitAsync(Limit);
        clock.Advance(TimeSpan.FromSeconds(7));
        var last = await client.NextAsync();

        Assert.Equal(("error 40032", details), (Brief(last), (string?)last!["status"]!["details"]));
    }

    [Fact]
    public async Task Gateway_Stops_SaysSoAndCloses()
    {
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Shutdown:Timeout", "00:00:00.1"));
        using var client = await SocketClient.OpenAsync(gateway);
        await client.SendAsync(Json("one"));
        await client.NextAsync();

        gateway.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        var (records, code, reason) = await client.RestAsync();

        Assert.Equal(["error 10030"], records);
        Assert.Equal((1001, "Try again"), (code, reason));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Client_TakesNothing_IsCutOff(string version)
    {
        var sent = 0;
        var cancelled = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            using var leaving = call.CancellationToken.Register(cancelled.SetResult);
            var text = new string('a', StallingWriter.MessageLength);
            while (true)
            {
                await StreamTesting.WriteAsync(call, text);
                Interlocked.Increment(ref sent);
            }
        });
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Limits:StalledClientTimeout", "00:00:01"));
        using var client = await SocketClient.OpenAsync(gateway, version);

        await cancelled.Task.WaitAsync(Limit);

        Assert.InRange(sent, 1, StallingWriter.Slack);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Upstream_TakesNothing_ClientWaits(string version)
    {
        const int messages = 100;
        var read = 0;
        var goOn = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await goOn.Task;
            while (await ReadAsync(call) is not null)
            {
                read++;
            }

            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = await SocketClient.OpenAsync(gateway, version);

        var writer = new StallingWriter(message => client.SendAsync(message), messages);
        var before = await writer.StalledAsync();
        goOn.SetResult();
        await writer.Done;
        await client.EndAsync();

        Assert.Equal(["done 10000"], (await client.RestAsync()).Records);
        Assert.Equal(messages, read);
        Assert.InRange(before, 1, StallingWriter.Slack);
    }

    [Fact]
    public async Task Handshake_WithoutAKey_IsRefusedAsAnyRequest()
    {
        await using var gateway = GatewayHost.Start(null, ("Gateway:Tenants:kitchen:Pat", "pat"), ("Gateway:Tenants:kitchen:KeySha256", Hash("k")));

        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusalAsync(gateway, "1.1", TwoWay.Stream, ("X-Test", "no key")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusalAsync(gateway, "2.0", TwoWay.Stream, ("X-Test", "no key")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusalAsync(gateway, "1.1", TwoWay.Stream, ("Sec-WebSocket-Protocol", "clarifai.v2, clarifai.key.other")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusalAsync(gateway, "1.1", TwoWay.Stream, ("Sec-WebSocket-Protocol", "clarifai.key.k, clarifai.key.k")));
        Assert.Equal(HttpStatusCode.BadRequest, await SocketClient.RefusalAsync(gateway, "1.1", "/v2/models/%FF/outputs/stream", ("Authorization", "Key k")));
        Assert.Equal(HttpStatusCode.BadRequest, await SocketClient.RefusalAsync(gateway, "1.1", TwoWay.Stream, ("Authorization", "Key k"), ("X-Request-Timeout", "soon")));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Handshake_KeyAmongTheSubprotocols_IsTaken(string version)
    {
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Tenants:kitchen:Pat", "pat"), ("Gateway:Tenants:kitchen:KeySha256", Hash("k")));
        using var client = new SocketClient();
        client.Socket.Options.AddSubProtocol("clarifai.v2");
        client.Socket.Options.AddSubProtocol("clarifai.key.k");
        await client.ConnectAsync(gateway, version, TwoWay.Stream, ("Origin", "https://app.example"));

        await client.EndAsync();

        Assert.Equal("clarifai.v2", client.Socket.SubProtocol);
        Assert.Equal(["done 10000"], (await client.RestAsync()).Records);
    }

    [Theory]
    [InlineData("https://evil.example", true)]
    [InlineData("null", true)]
    [InlineData("http://{host}1", true)]
    [InlineData("https://app.example:8443", true)]
    [InlineData("https://app.example", false)]
    [InlineData("http://{host}", false)]
    [InlineData(null, false)]
    public async Task Handshake_WithoutAKeyFromAPage_TakesOnlyPagesOfTheHostAndOfConfiguredOrigins(string? origin, bool refused)
    {
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(
            upstream.Address, ("Gateway:Tenants:kitchen:Keyless", "true"), ("Gateway:Tenants:kitchen:Pat", "pat"), ("Gateway:Cors:Origins:0", "https://app.example"));
        using var starting = gateway.CreateClient();
        var header = origin is null ? ("X-Test", "no page") : ("Origin", origin.Replace("{host}", starting.BaseAddress!.Authority, StringComparison.Ordinal));

        if (refused)
        {
            Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.RefusalAsync(gateway, "1.1", TwoWay.Stream, header));
            return;
        }

        using var client = await SocketClient.OpenAsync(gateway, "1.1", TwoWay.Stream, header);
        await client.EndAsync();
        Assert.Equal(["done 10000"], (await client.RestAsync()).Records);
    }

    [Fact]
    public async Task Get_WithoutHandshake_SaysWhatThePathTakes()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "GET", TwoWay.Stream);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, 11103), (answer.HasTheApisShape().Http, answer.Code));
        Assert.Equal(["POST"], answer.Response.Content.Headers.Allow);
        Assert.StartsWith("GET opens a WebSocket here", answer.Details, StringComparison.Ordinal);
    }

    private static string Hash(string key) => Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));
}
