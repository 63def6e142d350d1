using System.Text.Json;
using Gateway.Testing;

namespace Gateway.Grpc.Tests.Foreign;

/// <summary>The client of <c>@grpc/grpc-js</c> against our server.</summary>
public sealed class ForeignClientTests : IAsyncLifetime
{
    private readonly ForeignService _service = new();
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(_service.Map);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Unary_Message_ComesBack()
    {
        JsonElement outcome = await RunAsync("unary");

        Assert.Equal(0, outcome.GetProperty("code").GetInt32());
        Assert.Equal(["hello ü"], Messages(outcome));
    }

    [Fact]
    public async Task Metadata_AsciiAndBinary_ComesBackInHeadersAndTrailers()
    {
        JsonElement outcome = await RunAsync("metadata");

        Assert.Equal(0, outcome.GetProperty("code").GetInt32());
        foreach (string part in (string[])["headers", "trailers"])
        {
            JsonElement metadata = outcome.GetProperty(part);
            Assert.Equal("one, two", string.Join(", ", Strings(metadata.GetProperty("x-echo"))));
            Assert.Equal(["0001ff", "07"], Strings(metadata.GetProperty("x-echo-bin")));
        }
    }

    [Fact]
    public async Task Failure_UnicodeMessageAndDetails_Arrive()
    {
        JsonElement outcome = await RunAsync("status");

        Assert.Equal((int)GrpcStatusCode.FailedPrecondition, outcome.GetProperty("code").GetInt32());
        Assert.Equal("kaputt: 日本 😀 100%\n", outcome.GetProperty("details").GetString());
        string details = Strings(outcome.GetProperty("trailers").GetProperty("grpc-status-details-bin")).Single()!;
        Assert.Equal("kaputt: 日本 😀 100%\n", System.Text.Encoding.UTF8.GetString(Convert.FromHexString(details)[4..]));
    }

    [Fact]
    public async Task Method_Unknown_IsUnimplemented()
    {
        Assert.Equal((int)GrpcStatusCode.Unimplemented, (await RunAsync("unimplemented")).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Deadline_HandlerHangs_BothSidesEnd()
    {
        JsonElement outcome = await RunAsync("deadline");

        Assert.Equal((int)GrpcStatusCode.DeadlineExceeded, outcome.GetProperty("code").GetInt32());
        await _service.HangCancelled;
    }

    [Fact]
    public async Task Cancellation_HandlerHangs_ItsTokenFires()
    {
        JsonElement outcome = await RunAsync("cancel");

        Assert.Equal((int)GrpcStatusCode.Cancelled, outcome.GetProperty("code").GetInt32());
        await _service.HangCancelled;
    }

    [Fact]
    public async Task ServerStreaming_Messages_ArriveInOrder()
    {
        JsonElement outcome = await RunAsync("serverStream");

        Assert.Equal(0, outcome.GetProperty("code").GetInt32());
        Assert.Equal(["message 0", "message 1", "message 2"], Messages(outcome));
    }

    [Fact]
    public async Task ClientStreaming_Messages_AllArrive()
    {
        JsonElement outcome = await RunAsync("clientStream");

        Assert.Equal(0, outcome.GetProperty("code").GetInt32());
        Assert.Equal(["abc"], Messages(outcome));
    }

    [Fact]
    public async Task Duplex_PingPong_AlternatesAndEnds()
    {
        JsonElement outcome = await RunAsync("duplex");

        Assert.Equal(0, outcome.GetProperty("code").GetInt32());
        Assert.Equal(["ping 0", "ping 1", "ping 2"], Messages(outcome));
    }

    [Theory]
    [InlineData("big")]
    [InlineData("gzip")]
    public async Task Unary_EightMebibytes_ComeBackUnchanged(string name)
    {
        JsonElement outcome = await RunAsync(name);

        Assert.True(outcome.GetProperty("equal").GetBoolean());
    }

    private static IEnumerable<string?> Messages(JsonElement outcome) => Strings(outcome.GetProperty("messages"));

    private static IEnumerable<string?> Strings(JsonElement array) => array.EnumerateArray().Select(item => item.GetString());

    private async Task<JsonElement> RunAsync(string name)
    {
        await using NodeProgram client = await NodeProgram.StartAsync("grpc-client.js", _server.Address.Authority, name);
        return JsonDocument.Parse(await client.ReadLineAsync()).RootElement;
    }
}
