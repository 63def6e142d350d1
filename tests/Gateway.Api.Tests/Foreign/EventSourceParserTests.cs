using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Foreign;

/// <summary>Server-Sent Events as the npm package <c>eventsource-parser</c> reads them, which many clients are built on.</summary>
public sealed class EventSourceParserTests
{
    private const string Text = "naïve 日本 🚤 \"quoted\" \\ line\nbreak\r\n\r\ndata: no event\u2028\u0085 </script>";

    [Theory]
    [InlineData("whole")]
    [InlineData("bytes")]
    public async Task Events_NextHeldBack_EachArrivesWhole(string cut)
    {
        var firstArrived = new TaskCompletionSource();
        var secondArrived = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, Text);
            await firstArrived.Task;
            await WriteAsync(call, Text + Text);
            await secondArrived.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        await using var reader = await ReadAsync(gateway, cut);

        var response = await NextAsync(reader);
        var first = await NextAsync(reader);
        firstArrived.SetResult();
        var second = await NextAsync(reader);
        secondArrived.SetResult();
        var done = await NextAsync(reader);

        Assert.Equal((200, "text/event-stream"), ((int)response["status"]!, (string)response["type"]!));
        Assert.Equal(("1", null, Text), ((string?)first["id"], (string?)first["event"], TextOf((string)first["data"]!)));
        Assert.Equal(("2", null, Text + Text), ((string?)second["id"], (string?)second["event"], TextOf((string)second["data"]!)));
        Assert.Equal(("3", "done", 10000), ((string?)done["id"], (string?)done["event"], CodeOf((string)done["data"]!)));
        Assert.NotNull((await NextAsync(reader))["end"]);
    }

    [Fact]
    public async Task Upstream_FailsMidStream_ErrorEventSaysWhy()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            return new GrpcStatus(GrpcStatusCode.ResourceExhausted, "genug für heute");
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        await using var reader = await ReadAsync(gateway);

        await NextAsync(reader);
        await NextAsync(reader);
        var error = await NextAsync(reader);

        Assert.Equal(("2", "error"), ((string?)error["id"], (string?)error["event"]));
        Assert.Equal((11005, "genug für heute"), (CodeOf((string)error["data"]!), DetailsOf((string)error["data"]!)));
        Assert.NotNull((await NextAsync(reader))["end"]);
    }

    [Fact]
    public async Task Heartbeat_IsAComment_AndNoEvent()
    {
        var clock = new ManualTimeProvider();
        var called = new TaskCompletionSource();
        var heard = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            called.SetResult();
            await heard.Task;
            await WriteAsync(call, "one");
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        await using var reader = await ReadAsync(gateway);

        await called.Task.WaitAsync(Limit);
        clock.Advance(TimeSpan.FromSeconds(30));
        await NextAsync(reader);
        var heartbeat = await NextAsync(reader);
        heard.SetResult();
        var first = await NextAsync(reader);

        Assert.Equal("", (string?)heartbeat["comment"]);
        Assert.Equal(("1", "one"), ((string?)first["id"], TextOf((string)first["data"]!)));
    }

    private static Task<NodeProgram> ReadAsync(GatewayHost gateway, string cut = "whole") =>
        NodeProgram.StartAsync("event-stream-client.js", new Uri(gateway.Address, Generate).ToString(), cut);

    private static async Task<JsonNode> NextAsync(NodeProgram reader) => JsonNode.Parse(await reader.ReadLineAsync().WaitAsync(Limit))!;
}
