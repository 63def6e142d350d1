using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Gateway.Api.Memory;
using Gateway.Api.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Memory;

/// <summary>What happens when requests would hold more memory than they may.</summary>
public sealed class MemoryLimitTests
{
    private const string Predict = "/v2/models/text-generator/outputs"; // of the sandbox's, which tests ask where the model matters
    private const int Budget = 1024 * 1024;

    private static readonly (string, string?)[] Settings = [("Gateway:Limits:MemoryBytes", $"{Budget}"), ("Gateway:Limits:MemoryTimeout", "00:00:00.2")];

    [Theory]
    [ProvesSetting("Gateway:Limits:MemoryBytes")]
    [ProvesSetting("Gateway:Limits:MemoryTimeout")]
    [InlineData(Predict, 500_000)]
    [InlineData("/v2/models/text-generator/methods/predict", 110_000)]
    [InlineData("/v2/ext/openai/v1/chat/completions", 110_000)]
    [InlineData("/v2/ext/mcp/v1/models/text-generator", 110_000)]
    public async Task Body_WhileOthersHoldTheMemory_IsRefusedForNow(string path, int length)
    {
        await using var gateway = GatewayHost.Start(upstream: null, Settings);
        using var client = gateway.CreateClientWithKey();
        using var held = new PushedContent();
        var holds = client.PostAsync(Predict, held);
        await held.WriteAsync($$"""{"inputs":[{"data":{"text":{"raw":"{{new string('a', 800_000)}}""");
        await UsedAsync(gateway, 800_000);

        using var refused = await client.PostAsync(path, new StringContent(new string(' ', length) + "{}"));
        using var small = await client.GetAsync("/v2/models/text-generator");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        Assert.Contains("Gateway:Limits:MemoryBytes", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);

        await held.WriteAsync("\"}}}]}");
        held.End();
        Assert.Equal(HttpStatusCode.OK, (await holds).StatusCode);
        using var again = await client.PostAsync(path, new StringContent(new string(' ', length) + "{}"));
        Assert.NotEqual(HttpStatusCode.ServiceUnavailable, again.StatusCode);
        await UsedAsync(gateway, 0);
    }

    [Fact]
    public async Task Body_LargerThanAllMemory_IsTooLarge()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => StreamTesting.Response("one"));
        await using var gateway = GatewayHost.Start(upstream.Address, Settings);
        using var client = gateway.CreateClientWithKey();

        using var response = await client.PostAsync(Predict, new StringContent(new string(' ', 2 * Budget) + "{}"));

        var status = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["status"]!;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("Gateway:Limits:MemoryBytes", (string)status["details"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_OfGrpc_WhileOthersHoldTheMemory_IsUnavailable()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => StreamTesting.Response("one"));
        await using var gateway = GatewayHost.Start(upstream.Address, Settings);
        using var client = gateway.CreateClientWithKey();
        using var held = new PushedContent();
        var holds = client.PostAsync(Predict, held);
        await held.WriteAsync($$"""{"inputs":[{"data":{"text":{"raw":"{{new string('a', 800_000)}}""");
        await UsedAsync(gateway, 800_000);
        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress(gateway.GrpcAddress);
        var request = new PostModelOutputsRequest { ModelId = "m", Inputs = { new Input { Data = new Data { Text = new Text { Raw = new string('a', 200_000) } } } } };

        var call = new V2.V2Client(channel).PostModelOutputsAsync(request, new global::Grpc.Core.Metadata { { "authorization", "Key k" } });

        var failure = await Assert.ThrowsAsync<global::Grpc.Core.RpcException>(() => call.ResponseAsync);
        Assert.Equal(global::Grpc.Core.StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("Gateway:Limits:MemoryBytes", failure.Status.Detail, StringComparison.Ordinal);
        await held.WriteAsync("\"}}}]}");
        held.End();
        (await holds).Dispose();
        await UsedAsync(gateway, 0);
    }

    [Fact]
    public async Task Stream_ThatHasBegun_HoldsNothingOfItsRequest()
    {
        var goOn = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            using var request = await call.ReadSingleAsync();
            await StreamTesting.WriteAsync(call, "one");
            await goOn.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, Settings);
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(HttpMethod.Post, StreamTesting.Generate) { Content = new StringContent(new string(' ', 500_000) + "{}", Encoding.UTF8) };

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await UsedAsync(gateway, 0);
        goOn.SetResult();
    }

    /// <summary>An answer that is large is counted before it is read: who has a small request may have a large answer.</summary>
    [Fact]
    public async Task Answer_WhileOthersHoldTheMemory_IsRefusedForNow()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => StreamTesting.Response(new string('a', 3 * Budget)));
        await using var gateway = GatewayHost.Start(upstream.Address, Larger("00:00:00.2"));
        using var client = gateway.CreateClientWithKey();
        using var held = await HoldAsync(gateway, client);

        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress(gateway.GrpcAddress);

        var refused = await Answer.OfAsync(client, "POST", Predict, "{}");
        var call = new V2.V2Client(channel).PostModelOutputsAsync(new PostModelOutputsRequest { ModelId = "m" }, new global::Grpc.Core.Metadata { { "authorization", "Key k" } });
        var failure = await Assert.ThrowsAsync<global::Grpc.Core.RpcException>(() => call.ResponseAsync);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.HasTheApisShape().Http);
        Assert.Equal("The upstream's answer needs more memory than there is now; the setting Gateway:Limits:MemoryBytes bounds it.", refused.Details);
        Assert.Equal((global::Grpc.Core.StatusCode.Unavailable, refused.Details), (failure.StatusCode, failure.Status.Detail));

        held.End();
        await UsedAsync(gateway, 0);
        Assert.Equal(HttpStatusCode.OK, (await Answer.OfAsync(client, "POST", Predict, "{}")).Http);
        await UsedAsync(gateway, 0);
    }

    [Fact]
    public async Task Answer_WaitsForMemory()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => StreamTesting.Response(new string('a', 3 * Budget)));
        await using var gateway = GatewayHost.Start(upstream.Address, Larger("00:01:00"));
        using var client = gateway.CreateClientWithKey();
        using var held = await HoldAsync(gateway, client);

        var answer = Answer.OfAsync(client, "POST", Predict, "{}");
        Assert.NotSame(answer, await Task.WhenAny(answer, Task.Delay(TimeSpan.FromSeconds(0.3))));
        held.End();

        Assert.Equal(HttpStatusCode.OK, (await answer).Http);
        await UsedAsync(gateway, 0);
    }

    private static (string, string?)[] Larger(string timeout) =>
        [("Gateway:Limits:MemoryBytes", $"{16 * Budget}"), ("Gateway:Limits:MemoryTimeout", timeout)];

    private static async Task<PushedContent> HoldAsync(GatewayHost gateway, HttpClient client)
    {
        var held = new PushedContent();
        _ = client.PostAsync(Predict, held);
        await held.WriteAsync(new string(' ', 13 * Budget));
        await UsedAsync(gateway, 13 * Budget);
        return held;
    }

    // The budget is used at once or soon; what never comes is a time-out of the test.
    private static async Task UsedAsync(GatewayHost gateway, long atLeast)
    {
        var budget = gateway.Services.GetRequiredService<ByteBudget>();
        using var limit = new CancellationTokenSource(StreamTesting.Limit);
        while (atLeast == 0 ? budget.Used != 0 : budget.Used < atLeast)
        {
            await Task.Delay(10, limit.Token);
        }
    }
}
