using System.Text.Json;
using Clarifai.Api.Status;
using Gateway.Testing;
using Gateway.Testing.Grpc;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>The client of <c>@grpc/grpc-js</c>, with an upstream behind the gateway: what Clarifai's client, which is built on it, does not show.</summary>
public sealed class ForeignClientTests
{
    [Fact]
    public async Task Metadata_AsciiAndBinary_GoesUpAndComesBackInHeadersAndTrailers()
    {
        var outcome = await RunAsync("metadata");

        Assert.Equal(GrpcStatusCode.OK, CodeOf(outcome));
        Assert.Equal(["hello ü"], Strings(outcome, "messages"));
        foreach (var part in new[] { "headers", "trailers" })
        {
            var metadata = outcome.GetProperty(part);
            Assert.Equal("one,two", string.Join(',', Strings(metadata, "x-echo")));
            Assert.Equal(["0001ff"], Strings(metadata, "x-echo-bin"));
        }
    }

    [Fact]
    public async Task Failure_UnicodeMessageAndDetails_Arrive()
    {
        var outcome = await RunAsync("fail");

        Assert.Equal(GrpcStatusCode.FailedPrecondition, CodeOf(outcome));
        Assert.Equal("kaputt: 日本 😀 100%\n", outcome.GetProperty("details").GetString());
        var details = Assert.Single(Strings(outcome.GetProperty("trailers"), "grpc-status-details-bin"));
        Assert.Equal("in detail: kaputt: 日本 😀 100%\n", Status.Parser.ParseFrom(Convert.FromHexString(details)).Description);
    }

    [Theory]
    [InlineData("unknownMethod")]
    [InlineData("unknownService")]
    public async Task Method_Unknown_IsUnimplemented(string name) => Assert.Equal(GrpcStatusCode.Unimplemented, CodeOf(await RunAsync(name)));

    [Fact]
    public async Task ServerStream_Messages_ArriveInOrder()
    {
        var outcome = await RunAsync("serverStream");

        Assert.Equal(GrpcStatusCode.OK, CodeOf(outcome));
        Assert.Equal(["message 0", "message 1", "message 2"], Strings(outcome, "messages"));
    }

    [Fact]
    public async Task Duplex_PingPong_AlternatesAndEnds()
    {
        var outcome = await RunAsync("duplex");

        Assert.Equal(GrpcStatusCode.OK, CodeOf(outcome));
        Assert.Equal(["ping 0", "ping 1", "ping 2"], Strings(outcome, "messages"));
    }

    [Fact]
    public async Task Unary_EightMebibytes_ComeBackUnchanged() => Assert.True((await RunAsync("big")).GetProperty("equal").GetBoolean());

    [Fact]
    public async Task Deadline_UpstreamHangs_IsToldOfItAndTheCallEnds()
    {
        var upstream = new HangingUpstream();

        var outcome = await RunAsync("deadline", upstream.HangAsync);

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, CodeOf(outcome));
        Assert.InRange((await upstream.Timeout).TotalMilliseconds, 1, 2000);
        await upstream.Cancelled;
    }

    [Theory]
    [InlineData("cancelServerStream")]
    [InlineData("cancelDuplex")]
    public async Task Cancellation_MidStream_ResetsTheUpstream(string name)
    {
        var upstream = new HangingUpstream();
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response()));
            return await upstream.HangAsync(call);
        });

        var outcome = await RunAsync(front, name);

        Assert.Equal(GrpcStatusCode.Cancelled, CodeOf(outcome));
        await upstream.Cancelled;
        Assert.DoesNotContain(front.Log.Entries, entry => entry.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_Dies_ResetsTheUpstream()
    {
        var upstream = new HangingUpstream();
        await using var front = await GrpcFront.StartAsync(upstream.HangAsync);

        await using (await StartAsync(front, "wait"))
        {
            await upstream.Started;
        }

        await upstream.Cancelled;
        Assert.DoesNotContain(front.Log.Entries, entry => entry.StartsWith("Error", StringComparison.Ordinal));
    }

    private static GrpcStatusCode CodeOf(JsonElement outcome) => (GrpcStatusCode)outcome.GetProperty("code").GetInt32();

    private static string[] Strings(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    private static async Task<JsonElement> RunAsync(string name, GrpcServerHandler? upstream = null)
    {
        await using var front = await GrpcFront.StartAsync(upstream ?? TextUpstream.AnswerAsync);
        return await RunAsync(front, name);
    }

    private static async Task<JsonElement> RunAsync(GrpcFront front, string name)
    {
        await using var client = await StartAsync(front, name);
        return JsonSerializer.Deserialize<JsonElement>(await client.ReadLineAsync());
    }

    private static Task<NodeProgram> StartAsync(GrpcFront front, string name) =>
        NodeProgram.StartAsync("grpc-client.js", front.Gateway.GrpcAddress.Authority, name, GrpcFront.Key);
}
