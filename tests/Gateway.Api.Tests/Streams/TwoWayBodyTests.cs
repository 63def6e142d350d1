using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Support.TwoWay;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Streams;

/// <summary>Two-way calls whose messages are the bodies of a request and its response, in front of an upstream that the test holds by the hand.</summary>
public sealed class TwoWayBodyTests
{
    private static readonly Version Http2 = HttpVersion.Version20;
    private static readonly Version Http11 = HttpVersion.Version11;

    [Fact]
    public async Task Http2_SecondMessageHeldBack_FirstAnswerArrives()
    {
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, Http2, body);

        var sending = SendAsync(client, request);
        await body.WriteAsync(Json("one") + "\n");
        using var response = await sending;
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var first = await NextAsync(lines);
        await body.WriteAsync(Json("two"));
        var second = await NextAsync(lines);
        body.End();
        var last = await NextAsync(lines);

        Assert.Equal((HttpStatusCode.OK, "application/x-ndjson"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(["one", "two", "done 10000"], [Brief(first), Brief(second), Brief(last)]);
        Assert.Null(await NextAsync(lines));
    }

    [Fact]
    public async Task Http11_Answers_ComeAfterTheRequest()
    {
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, Http11, body);

        var sending = SendAsync(client, request);
        await body.WriteAsync(Json("one") + "\n" + Json("two") + "\n");
        await body.WriteAsync(Json("three"));
        body.End();
        using var response = await sending;
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal(["one", "two", "three", "done 10000", "end"], await BriefsAsync(lines));
    }

    [Fact]
    public async Task Http11_RequestOpen_AnswersWaitUntilTheGraceIsOver()
    {
        var clock = new Gateway.Testing.ManualTimeProvider();
        var grace = TimeSpan.FromSeconds(30);
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();
        using var socket = new TcpClient();
        await socket.ConnectAsync(client.BaseAddress!.Host, client.BaseAddress.Port);
        await using var stream = socket.GetStream();
        using var lines = new StreamReader(stream);

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {TwoWay.Stream} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Key k\r\nTransfer-Encoding: chunked\r\n\r\n{Chunk(Json("one"))}"));
        await clock.NextTimerAsync(grace).WaitAsync(Limit); // until heartbeats
        await clock.NextTimerAsync(grace).WaitAsync(Limit); // until the answer, which has come, goes on
        Assert.Equal(0, socket.Available);
        clock.Advance(grace);
        var first = await ReadToAsync(lines, "\"one\"");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Chunk(Json("two"))));
        var second = await ReadToAsync(lines, "\"two\"");
        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        var last = await ReadToAsync(lines, "\"done\"");

        Assert.StartsWith("HTTP/1.1 200 OK", first, StringComparison.Ordinal);
        Assert.DoesNotContain("done", second + first, StringComparison.Ordinal);
        Assert.Contains("10000", last, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/models/m/outputs/stream", "m", "", "u", "a")]
    [InlineData("/v2/models/m/versions/v/outputs/stream", "m", "v", "u", "a")]
    [InlineData("/v2/users/x/apps/y/models/m/outputs/stream", "m", "", "x", "y")]
    [InlineData("/v2/users/x/apps/y/models/m/versions/v/outputs/stream", "m", "v", "x", "y")]
    [InlineData("/v2/models/outputs/stream", "own", "", "u", "a")]
    public async Task Paths_EveryForm_FillEveryMessage(string path, string model, string version, string user, string app)
    {
        var seen = new List<string>();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            while (await ReadAsync(call) is { } message)
            {
                seen.Add($"{message.ModelId} {message.VersionId} {message.UserAppId.UserId} {message.UserAppId.AppId} {TextOf(message)}");
            }

            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            ("Gateway:Tenants:kitchen:Keyless", "true"), ("Gateway:Tenants:kitchen:Pat", "pat"), ("Gateway:Tenants:kitchen:UserId", "u"), ("Gateway:Tenants:kitchen:AppId", "a"));
        using var client = gateway.CreateClient();
        string[] texts = ["1", "2", "3"];

        // Printed over several lines, next to each other, and behind an empty line.
        var messages = texts.Select(text => $$$$"""
            {
              "model_id": "own",
              "inputs": [
                {"data": {"text": {"raw": "{{{{text}}}}"}}}
              ]
            }
            """).ToArray();
        using var response = await client.PostAsync(path, new StringContent($"{messages[0]}{messages[1]}\r\n\n\t{messages[2]}\n", Encoding.UTF8));

        Assert.Equal("done", (string?)System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync())!["event"]);
        Assert.Equal(texts.Select(text => $"{model} {version} {user} {app} {text}"), seen);
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/x-ndjson")]
    [InlineData("application/json")]
    public async Task Accept_EveryFormat_IsAnswered(string accept)
    {
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var request = Request(gateway, client, Http11, new StringContent(Json("one") + Json("two")));
        request.Headers.Add("Accept", accept);

        using var response = await client.SendAsync(request);

        Assert.Equal(accept, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["one", "two", "done 10000"], (await StreamTesting.RecordsAsync(response)).Select(Brief));
    }

    [Theory]
    [InlineData("""{"inputs":5}""", "Message 2: inputs: expected an array")]
    [InlineData("""{"inputs":[}""", "Message 2: inputs: expected ',' or ']' at byte 11")]
    [InlineData("[{}]", "Message 2: expected an object")]
    [InlineData("7", "Message 2: expected an object")]
    [InlineData("""{"inputs":[""", "Message 2: inputs: the JSON text ends too early at byte 11")]
    public async Task Message_Unreadable_BeforeTheAnswerIsA400AndCancels(string wrong, string place)
    {
        var end = new TaskCompletionSource<string>();
        await using var upstream = await RecordingUpstream.StartAsync(call => DrainAsync(call, end));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var request = Request(gateway, client, Http11, new StringContent(Json("one") + "\n" + wrong));

        var answer = await Answer.OfAsync(client, request);

        Assert.Equal((HttpStatusCode.BadRequest, 11100), (answer.HasTheApisShape().Http, answer.Code));
        Assert.StartsWith(place, answer.Details, StringComparison.Ordinal);
        Assert.Equal("cancelled", await end.Task.WaitAsync(Limit));
    }

    [Fact]
    public async Task Message_UnreadableAfterAnAnswer_IsToldInTheLastRecord()
    {
        var end = new TaskCompletionSource<string>();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await StreamTesting.WriteAsync(call, TextOf((await ReadAsync(call))!));
            return await DrainAsync(call, end);
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, Http2, body);

        var sending = SendAsync(client, request);
        await body.WriteAsync(Json("one"));
        using var response = await sending;
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var first = await NextAsync(lines);
        await body.WriteAsync("\n?");
        var last = await NextAsync(lines);

        Assert.Equal(["one", "error 11100", "end"], [Brief(first), Brief(last), Brief(await NextAsync(lines))]);
        Assert.Equal("Message 2: expected a JSON value at byte 0", (string?)last!["status"]!["details"]);
        Assert.Equal("cancelled", await end.Task.WaitAsync(Limit));
        body.End();
    }

    [Fact]
    public async Task Message_OverTheLimit_IsRefusedAndAnyNumberUpToItTaken()
    {
        const int limit = 1000;
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Limits:MaxBodyBytes", $"{limit}"));
        using var client = gateway.CreateClientWithKey();
        var upTo = Json(new string('a', limit - Json("").Length));

        using var request = Request(gateway, client, Http11, new StringContent(upTo + upTo + "\n" + upTo));
        using var taken = await client.SendAsync(request);
        using var overRequest = Request(gateway, client, Http11, new StringContent(upTo + Json(new string('a', limit))));
        var over = await Answer.OfAsync(client, overRequest);

        Assert.Equal([.. Enumerable.Repeat(limit - Json("").Length, 3), "done 10000".Length], (await StreamTesting.RecordsAsync(taken)).Select(record => Brief(record).Length));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, 40033), (over.HasTheApisShape().Http, over.Code));
        Assert.Equal("Message 2: The message is over the limit of 1000 bytes.", over.Details);
    }

    [Fact]
    public async Task Http11_MessageUnreadableAfterAnAnswer_IsRefusedAsIfThereWereNone()
    {
        var clock = new Gateway.Testing.ManualTimeProvider();
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, Http11, body);

        var sending = SendAsync(client, request);
        await body.WriteAsync(Json("one"));
        await clock.NextTimerAsync(TimeSpan.FromSeconds(30)).WaitAsync(Limit); // until heartbeats
        await clock.NextTimerAsync(TimeSpan.FromSeconds(30)).WaitAsync(Limit); // until the answer, which has come, goes on
        await body.WriteAsync("?");
        body.End();
        using var response = await sending;

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain("one", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_ToAnotherModelThanAllowed_IsRefused()
    {
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            ("Gateway:Tenants:kitchen:Pat", "pat"),
            ("Gateway:Tenants:kitchen:KeySha256", Convert.ToHexString(SHA256.HashData("client-key"u8))),
            ("Gateway:Tenants:kitchen:UserId", "u"),
            ("Gateway:Tenants:kitchen:AppId", "a"),
            ("Gateway:Tenants:kitchen:Models:0", "mine"));
        using var client = gateway.CreateClientWithKey();
        using var request = Request(gateway, client, Http11, new StringContent("""{"model_id":"mine"}{"model_id":"other"}"""), "/v2/models/outputs/stream");

        var answer = await Answer.OfAsync(client, request);

        Assert.Equal((HttpStatusCode.Forbidden, 11007), (answer.Http, answer.Code));
        Assert.StartsWith("Message 2: Tenant kitchen is limited", answer.Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upstream_EndsEarly_AnswerEndsWithTheRequestStillOpen(bool afterAnswer)
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await ReadAsync(call);
            if (afterAnswer)
            {
                await StreamTesting.WriteAsync(call, "one");
            }

            return new GrpcStatus(GrpcStatusCode.PermissionDenied, "no more");
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, Http2, body);

        var sending = SendAsync(client, request);
        await body.WriteAsync(Json("one"));
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync().WaitAsync(Limit);

        Assert.Equal(afterAnswer ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("no more", text, StringComparison.Ordinal);
        Assert.Equal(afterAnswer, text.Contains("\"event\":\"error\"", StringComparison.Ordinal));
        body.End();
    }

    [Fact]
    public async Task FirstAnswer_SaysFailure_AnswersItsHttpStatusWithTheRequestStillOpen()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await StreamTesting.WriteAsync(call, "not yet", StatusCode.ModelDeploying);
            return await EchoAsync(call);
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, Http2, body);

        using var response = await SendAsync(client, request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        body.End();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Body_WrittenSlowly_EachMessageGoesOnWhenItIsWhole(string version)
    {
        var received = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            while (await ReadAsync(call) is { } message)
            {
                await received.Writer.WriteAsync(TextOf(message));
            }

            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, Version.Parse(version), body);

        var sending = SendAsync(client, request);
        foreach (var character in Json("one"))
        {
            await body.WriteAsync($"{character}");
        }

        await body.WriteAsync(Json("two")[..^1]);
        Assert.Equal("one", await received.Reader.ReadAsync().AsTask().WaitAsync(Limit));
        Assert.False(received.Reader.TryRead(out _));
        await body.WriteAsync("}");
        Assert.Equal("two", await received.Reader.ReadAsync().AsTask().WaitAsync(Limit));
        body.End();
        using var response = await sending;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Upstream_TakesNothing_UploadWaits(string version)
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
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, Version.Parse(version), body);

        var sending = client.SendAsync(request);
        var writer = new StallingWriter(body.WriteAsync, messages);
        var before = await writer.StalledAsync();
        goOn.SetResult();
        await writer.Done;
        body.End();
        using var response = await sending;

        Assert.InRange(before, 1, StallingWriter.Slack);
        Assert.Equal((HttpStatusCode.OK, messages), (response.StatusCode, read));
    }

    [Fact]
    public async Task Request_Empty_IsHalfClosedAtOnce()
    {
        var end = new TaskCompletionSource<string>();
        await using var upstream = await RecordingUpstream.StartAsync(call => DrainAsync(call, end));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var response = await client.PostAsync(TwoWay.Stream, new StringContent(" \n"));

        Assert.Equal("half-closed", await end.Task.WaitAsync(Limit));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("1.1", 0, false)]
    [InlineData("1.1", 1, false)]
    [InlineData("1.1", 1, true)]
    [InlineData("2.0", 0, false)]
    [InlineData("2.0", 1, false)]
    [InlineData("2.0", 1, true)]
    public async Task Client_Leaves_UpstreamIsCancelled(string version, int messages, bool afterEnd)
    {
        var received = new TaskCompletionSource();
        var halfClosed = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            using var leaving = call.CancellationToken.Register(cancelled.SetResult);
            for (var i = 0; i < messages; i++)
            {
                await ReadAsync(call);
            }

            received.SetResult();
            if (await ReadAsync(call) is null)
            {
                halfClosed.SetResult();
            }

            await cancelled.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var leaving = new CancellationTokenSource();
        using var body = new PushedContent();
        using var request = Request(gateway, client, Version.Parse(version), body);

        var sending = SendAsync(client, request, leaving.Token);
        for (var i = 0; i < messages; i++)
        {
            await body.WriteAsync(Json("one"));
        }

        await received.Task.WaitAsync(Limit);
        if (afterEnd)
        {
            body.End();
            await halfClosed.Task.WaitAsync(Limit);
        }

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await cancelled.Task.WaitAsync(Limit);
        Assert.Equal(afterEnd, halfClosed.Task.IsCompleted);
    }

    [Fact]
    public async Task Client_LeavesBetweenAnswers_UpstreamIsCancelled()
    {
        var cancelled = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            using var leaving = call.CancellationToken.Register(cancelled.SetResult);
            await StreamTesting.WriteAsync(call, TextOf((await ReadAsync(call))!));
            await cancelled.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, Http2, body);

        var sending = SendAsync(client, request);
        await body.WriteAsync(Json("one"));
        var response = await sending;
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("one", Brief(await NextAsync(lines)));
        response.Dispose();

        await cancelled.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task RequestTimeout_Passes_EndsTheCall()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, Http2, body);
        request.Headers.Add("X-Request-Timeout", "0.2");

        using var response = await SendAsync(client, request);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        body.End();
    }

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";

    private static async Task<string> ReadToAsync(StreamReader lines, string wanted)
    {
        var text = new StringBuilder();
        do
        {
            text.AppendLine(await lines.ReadLineAsync().WaitAsync(Limit));
        }
        while (!text.ToString().Contains(wanted, StringComparison.Ordinal));
        return text.ToString();
    }

    private static async Task<List<string>> BriefsAsync(StreamReader lines)
    {
        var briefs = new List<string>();
        while (briefs is [] or not [.., "end"])
        {
            briefs.Add(Brief(await NextAsync(lines)));
        }

        return briefs;
    }
}
