using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Clarifai.Api;
using Gateway.Api.Tests.Faces.OpenAi;
using Gateway.Api.Tests.Support;
using Gateway.Api.Tests.Tenancy;
using static Gateway.Api.Tests.Support.StreamTesting;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Methods;

/// <summary>Methods whose streams outlive their client's connection, as those of the API's own paths do.</summary>
public sealed class MethodResumeTests : IAsyncLifetime
{
    private const string Tell = "/v2/users/home/apps/kitchen/models/m/methods/tell";

    private readonly Channel<string?> _texts = Channel.CreateUnbounded<string?>();
    private OpenAiUpstream? _upstream;

    // One stream, of what the test adds: texts, and messages of which there is nothing to be seen.
    public async Task InitializeAsync() => _upstream = await OpenAiUpstream.StartAsync(
        [Signature("tell"), Signature("sing")],
        async (call, _) =>
        {
            await foreach (var text in _texts.Reader.ReadAllAsync(call.CancellationToken))
            {
                await (text is null ? OpenAiUpstream.WriteAsync(call, new MultiOutputResponse()) : OpenAiUpstream.WriteAsync(call, text));
            }
        });

    public async Task DisposeAsync() => await _upstream!.DisposeAsync();

    [Fact]
    public async Task Client_LosesItsConnection_GoesOnWhereItStopped()
    {
        await using var gateway = GatewayHost.Start(_upstream!.Address);
        using var client = gateway.CreateClientWithKey();

        Add("one", "two");
        using (var lost = await SendAsync(client))
        {
            Assert.Equal(["30"], lost.Headers.GetValues("X-Resume-Window"));
            await using var events = await EventsAsync(lost);
            Assert.Equal(("1", "one"), Read(await NextAsync(events)));
            Assert.Equal(("2", "two"), Read(await NextAsync(events)));
        }

        Add(null, "four");
        _texts.Writer.Complete();
        using var back = await SendAsync(client, lastEventId: "1");
        await using var rest = await EventsAsync(back);

        Assert.Equal(("2", "two"), Read(await NextAsync(rest)));
        Assert.Equal(("4", "four"), Read(await NextAsync(rest)));
        var end = await NextAsync(rest);
        Assert.Equal(("5", "done"), (end.EventId, end.EventType));
        Assert.Equal("""{"prompt_tokens":7,"completion_tokens":6,"cached_tokens":1}""", JsonNode.Parse(end.Data)!["usage"]!.ToJsonString());
        Assert.Single(_upstream.Requests);
    }

    [Fact]
    public async Task Client_ComesBackAfterAMessageWithNothingToBeSeen_MissesNoneAndGetsNoneTwice()
    {
        await using var gateway = GatewayHost.Start(_upstream!.Address);
        using var client = gateway.CreateClientWithKey();

        Add(null, "two");
        using (var lost = await SendAsync(client))
        {
            await using var events = await EventsAsync(lost);
            Assert.Equal(("2", "two"), Read(await NextAsync(events)));
        }

        Add("three");
        using var back = await SendAsync(client, lastEventId: "2");
        await using var rest = await EventsAsync(back);

        Assert.Equal(("3", "three"), Read(await NextAsync(rest)));
    }

    [Theory]
    [InlineData("other-id", "client-key", Tell, "1")]
    [InlineData("request-7", "other-key", Tell, "1")]
    [InlineData("request-7", "client-key", "/v2/users/home/apps/kitchen/models/m/methods/sing", "1")]
    [InlineData("request-7", "client-key", Tell + "?deployment_id=d", "1")]
    [InlineData("request-7", "client-key", Tell, "2")] // one more than was sent
    public async Task Request_IsNotTheSame_Is410(string id, string key, string path, string lastEventId)
    {
        await using var gateway = GatewayHost.Start(_upstream!.Address);
        using var client = gateway.CreateClientWithKey();
        Add("one");
        using var first = await SendAsync(client);
        await NextAsync(await EventsAsync(first));

        using var other = gateway.CreateClientWithKey(key);
        using var response = await SendAsync(other, id, path, lastEventId);

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Single(_upstream.Requests);
    }

    [Fact]
    public async Task Tenant_LosesTheModelMeanwhile_IsRefusedWhenItComesBack()
    {
        await using var gateway = ChangingTenant.Start(_upstream!.Address, ("Models:0", "m"));
        using var client = gateway.CreateClientWithKey("key");
        Add("one");
        using (var first = await SendAsync(client))
        {
            await NextAsync(await EventsAsync(first));
        }

        ChangingTenant.Change(gateway, ("Models:0", "other"));
        using var back = await SendAsync(client, lastEventId: "1");

        Assert.Equal(HttpStatusCode.Forbidden, back.StatusCode);
    }

    [Fact]
    public async Task Streams_MoreThanAreKept_StreamAllTheSame()
    {
        await using var gateway = GatewayHost.Start(_upstream!.Address, ("Gateway:Streams:MaxResumableStreams", "1"));
        using var client = gateway.CreateClientWithKey();
        Add("one");
        using var kept = await SendAsync(client, path: Generate);
        Add("one");
        using var further = await SendAsync(client, "request-8");

        Assert.True(kept.Headers.Contains("X-Resume-Window"));
        Assert.False(further.Headers.Contains("X-Resume-Window"));
        Assert.Equal(HttpStatusCode.Gone, (await SendAsync(client, "request-8", lastEventId: "1")).StatusCode);
    }

    [Theory]
    [InlineData("soon", null)]
    [InlineData("30", "abc")]
    public async Task Header_Unreadable_Is400(string window, string? lastEventId)
    {
        await using var gateway = GatewayHost.Start(_upstream!.Address);
        using var client = gateway.CreateClientWithKey();

        using var response = await SendAsync(client, lastEventId: lastEventId, window: window);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(_upstream.Requests);
    }

    private static MethodSignature Signature(string name) => OpenAiUpstream.Signature(name, RunnerMethodType.UnaryStreaming, ("prompt", DataType.Str));

    private static (string? Id, string Text) Read(SseItem<string> item) => (item.EventId, (string)JsonNode.Parse(item.Data)!);

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, string id = "request-7", string path = Tell, string? lastEventId = null, string window = "30")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(path == Generate ? "{}" : """{"prompt":"x"}""") };
        request.Headers.Add("X-Request-ID", id);
        request.Headers.Add("X-Resume-Window", window);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private void Add(params string?[] texts) => Assert.All(texts, text => Assert.True(_texts.Writer.TryWrite(text)));
}
