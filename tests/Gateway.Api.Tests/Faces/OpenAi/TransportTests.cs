using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using static Gateway.Api.Tests.Faces.OpenAi.Face;
using static Gateway.Api.Tests.Faces.OpenAi.OpenAiUpstream;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>Models that speak OpenAI's JSON: what goes to them, and what comes of their answers.</summary>
public sealed class TransportTests
{
    private const string Failure = """{"code": 21313, "description": "Model prediction failed", "details": "out of memory", "req_id": "r"}""";

    [Theory]
    [InlineData("chat/completions")]
    [InlineData("embeddings")]
    [InlineData("images/generations")]
    [InlineData("responses")]
    public async Task Request_GoesToTheModel_AsItCame(string path)
    {
        await using var upstream = await StartTransportAsync("""{"object":"x"}""");
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await PostAsync(client, $"{Root}/{path}", """{ "model" : "u/a/models/m/versions/v", "x":[1e3, "\u00e9é", null] }""");

        Assert.Equal("""{"object":"x"}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal([$$$"""{"openai_endpoint":"/{{{path}}}", "model" : "u/a/models/m/versions/v", "x":[1e3, "\u00e9é", null] }"""], upstream.Messages);
        var request = upstream.Requests.Single();
        Assert.Equal(("u", "a", "m", "v"), (request.UserAppId.UserId, request.UserAppId.AppId, request.ModelId, request.VersionId));
        Assert.Equal("openai_transport", request.Inputs.Single().Data.Metadata.Fields["_method_name"].StringValue);
    }

    [Fact]
    public async Task Request_LargerThanASegment_GoesWhole()
    {
        await using var upstream = await StartTransportAsync("{}");
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        var image = new string('A', 3_000_000);

        using var answer = await PostAsync(client, Chat, $$"""{"model":"m","image":"{{image}}"}""");

        Assert.Equal($$"""{"openai_endpoint":"/chat/completions","model":"m","image":"{{image}}"}""", upstream.Messages.Single());
    }

    /// <summary>Its events have no ids to come back with: nothing is promised, and the same request again is a call of its own.</summary>
    [Fact]
    public async Task Stream_WithAResumeWindow_IsNotKept()
    {
        await using var upstream = await StartTransportAsync("{}");
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("X-Request-ID", "request-7");
        client.DefaultRequestHeaders.Add("X-Resume-Window", "30");
        client.DefaultRequestHeaders.Add("Last-Event-ID", "1");

        using var answer = await PostAsync(client, Chat, """{"model":"m","stream":true}""");
        using var again = await PostAsync(client, Chat, """{"model":"m","stream":true}""");

        Assert.False(answer.Headers.Contains("X-Resume-Window"));
        Assert.Equal("data: {}\n\ndata: [DONE]\n\n", await again.Content.ReadAsStringAsync());
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact]
    public async Task Request_MayChooseWhereToRun()
    {
        await using var upstream = await StartTransportAsync("{}");
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("X-Clarifai-Deployment-Id", "d");

        using var answer = await PostAsync(client, Chat, """{"model":"m"}""");

        Assert.Equal("d", upstream.Requests.Single().RunnerSelector.Deployment.Id);
    }

    [Fact]
    public async Task Tokens_AreToldInHeaders()
    {
        await using var upstream = await StartTransportAsync("{}");
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await PostAsync(client, Chat, """{"model":"m"}""");

        string Of(string kind) => answer.Headers.GetValues($"X-{kind}-Tokens").Single();
        Assert.Equal(("7", "2", "1"), (Of("Prompt"), Of("Completion"), Of("Cached")));
    }

    [Fact]
    public async Task Stream_IsTheModelsChunks_AndDone()
    {
        await using var upstream = await StartTransportAsync("""{"id":1}""", "", "{\r\n  \"id\": 2\r\n}");
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var events = await StreamAsync(client, Chat, """{"model":"m","stream":true}""");

        Assert.Equal("data: {\"id\":1}\n\ndata: {    \"id\": 2  }\n\ndata: [DONE]\n\n", events);
        Assert.Equal("openai_stream_transport", upstream.Requests.Single().Inputs[0].Data.Metadata.Fields["_method_name"].StringValue);
    }

    [Fact]
    public async Task Stream_OfResponses_NamesItsEvents()
    {
        await using var upstream = await StartTransportAsync("""{"response":{"type":"no"},"type":"response.created"}""", """{"type":"response.completed"}""");
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var events = await StreamAsync(client, $"{Root}/responses", """{"model":"m","stream":true}""");

        Assert.Equal(
            "event: response.created\ndata: {\"response\":{\"type\":\"no\"},\"type\":\"response.created\"}\n\nevent: response.completed\ndata: {\"type\":\"response.completed\"}\n\n:\n\n",
            events);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FailureObject_IsAnErrorWithItsStatus(bool stream)
    {
        await using var upstream = await StartTransportAsync(Failure);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Chat, $$"""{"model":"m","stream":{{(stream ? "true" : "false")}}}""");

        var error = ErrorOf(answer);
        Assert.Equal((400, "out of memory", "21313"), ((int)answer.Http, (string)error["message"]!, (string)error["code"]!));
    }

    [Fact]
    public async Task FailureObject_AmongChunks_IsAnErrorEvent_AndNotDone()
    {
        await using var upstream = await StartTransportAsync("""{"id":1}""", Failure, """{"id":2}""");
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var chat = await StreamAsync(client, Chat, """{"model":"m","stream":true}""");
        var response = await StreamAsync(client, $"{Root}/responses", """{"model":"m","stream":true}""");

        const string error = "\"error\":{\"type\":\"invalid_request_error\",\"message\":\"out of memory\",\"param\":null,\"code\":\"21313\"}}";
        Assert.Equal($"data: {{\"id\":1}}\n\nevent: error\ndata: {{{error}\n\n", chat);
        Assert.Equal($"data: {{\"id\":1}}\n\nevent: error\ndata: {{\"type\":\"error\",\"message\":\"out of memory\",\"param\":null,\"code\":\"21313\",{error}\n\n", response);
    }

    [Theory]
    [InlineData("""{"code":"x","message":"an event of responses"}""")]
    [InlineData("""{"details":{"code":21313}}""")]
    [InlineData("""{"code":10000,"description":"Ok"}""")]
    public async Task Object_ThatOnlyBeginsLikeAFailure_IsNone(string json)
    {
        await using var upstream = await StartTransportAsync(json);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await PostAsync(client, Chat, """{"model":"m"}""");

        Assert.Equal(json, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("Traceback (most recent call last):")]
    [InlineData("""{"code":""")]
    public async Task Answer_ThatIsNoJsonObject_IsTheUpstreamsFault(string text)
    {
        await using var upstream = await StartTransportAsync(text);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Chat, """{"model":"m"}""");

        Assert.Equal((502, "server_error"), ((int)answer.Http, (string)ErrorOf(answer)["type"]!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upstream_ThatFails_IsAnError(bool stream)
    {
        await using var upstream = await StartAsync([Transport, StreamTransport], (_, _) => Task.FromResult(new GrpcStatus(GrpcStatusCode.ResourceExhausted, "slow down")));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Chat, $$"""{"model":"m","stream":{{(stream ? "true" : "false")}}}""");

        var error = ErrorOf(answer);
        Assert.Equal((429, "rate_limit_error", "rate_limit_exceeded", "slow down"), ((int)answer.Http, (string)error["type"]!, (string)error["code"]!, (string)error["message"]!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Output_ThatFails_SaysWhy(bool stream)
    {
        await using var upstream = await StartAsync([Transport, StreamTransport], (call, _) => WriteAsync(call, new MultiOutputResponse
        {
            Status = new Status { Code = StatusCode.Failure },
            Outputs = { new Output { Status = new Status { Code = StatusCode.ModelBusyPleaseRetry, Details = "busy" } } },
        }));
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Upstream:Retry:MaxAttempts", "1"));
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Chat, $$"""{"model":"m","stream":{{(stream ? "true" : "false")}}}""");

        Assert.Equal((503, "busy"), ((int)answer.Http, (string)ErrorOf(answer)["message"]!));
        Assert.NotNull(answer.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Silence_IsKeptAliveByComments()
    {
        var clock = new ManualTimeProvider();
        var called = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var upstream = await StartAsync([StreamTransport], async (call, _) =>
        {
            called.SetResult();
            await release.Task;
            await WriteAsync(call, "{}");
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();

        using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = new StringContent("""{"model":"m","stream":true}""") };
        var starting = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await called.Task;
        clock.Advance(TimeSpan.FromSeconds(30));
        using var answer = await starting;
        release.SetResult();

        Assert.Equal(":\ndata: {}\n\ndata: [DONE]\n\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Client_ThatLeaves_EndsTheCall()
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var upstream = await StartAsync([StreamTransport], async (call, _) =>
        {
            await using var registration = call.CancellationToken.Register(cancelled.SetResult);
            await WriteAsync(call, "{}");
            called.SetResult();
            await cancelled.Task;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var leaving = new CancellationTokenSource();

        var asking = client.PostAsync(Chat, new StringContent("""{"model":"m","stream":true}"""), leaving.Token);
        await called.Task;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await cancelled.Task.WaitAsync(StreamTesting.Limit);
    }
}
