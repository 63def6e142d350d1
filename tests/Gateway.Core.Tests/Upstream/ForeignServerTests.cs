using System.Globalization;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Testing;
using Grpc.Core;

namespace Gateway.Core.Tests.Upstream;

/// <summary>The gateway's client against the server of <c>@grpc/grpc-js</c>.</summary>
public sealed class ForeignServerTests : IAsyncLifetime
{
    /// <summary>The RPC that never answers there.</summary>
    internal const string Hang = "GetInput";

    private const string Fail = "GetModel";
    private const string Nothing = "GetWorkflow";

    private NodeProgram _server = null!;
    private Uri _address = null!;
    private UpstreamCalls _upstream = null!;

    public async Task InitializeAsync()
    {
        _server = await NodeProgram.StartAsync("grpc-server.js");
        _address = await _server.ReadAddressAsync();
        _upstream = new UpstreamCalls(_address);
    }

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Unary_Message_ComesBack()
    {
        var reply = await _upstream.UnaryAsync(Bytes.Of("hello ü"));

        Assert.Equal((StatusCode.OK, "hello ü"), (reply.Code, reply.Text));
    }

    [Fact]
    public async Task Unary_EightMebibytes_ComeBackUnchanged()
    {
        var request = Bytes.Pattern(8 * 1024 * 1024, seed: 8);

        var reply = await _upstream.UnaryAsync(Bytes.Of(request));

        Assert.Equal(StatusCode.OK, reply.Code);
        Assert.True(reply.Message.AsSpan().SequenceEqual(request));
    }

    [Fact]
    public async Task Metadata_AsciiAndBinary_ComesBackInHeadersAndTrailers()
    {
        var metadata = new Metadata { { "x-echo", "one" }, { "x-echo-bin", Bytes.Pattern(4, seed: 4) } };

        var reply = await _upstream.UnaryAsync(Bytes.Of(""), metadata: metadata);

        Assert.Equal(StatusCode.OK, reply.Code);
        foreach (var received in (Metadata[])[reply.Headers, reply.Trailers])
        {
            Assert.Equal("one", received.GetValue("x-echo"));
            Assert.Equal(Bytes.Pattern(4, seed: 4), received.GetValueBytes("x-echo-bin"));
        }
    }

    // On the wire they are one line, joined by commas.
    [Fact]
    public async Task Metadata_SeveralBinaryValuesOfOneKey_ComeBackInOrder()
    {
        var metadata = new Metadata();
        for (var length = 0; length < 5; length++)
        {
            metadata.Add("x-echo-bin", Bytes.Pattern(length, seed: length));
        }

        var reply = await _upstream.UnaryAsync(Bytes.Of(""), metadata: metadata);

        Assert.Equal(StatusCode.OK, reply.Code);
        foreach (var received in (Metadata[])[reply.Headers, reply.Trailers])
        {
            Assert.Equal(
                metadata.Select(entry => Convert.ToHexString(entry.ValueBytes)),
                received.Where(entry => entry.Key == "x-echo-bin").Select(entry => Convert.ToHexString(entry.ValueBytes)));
        }
    }

    [Fact]
    public async Task Failure_UnicodeMessageAndDetails_Arrive()
    {
        const string message = "kaputt: 日本 😀 100%\n";

        var reply = await _upstream.UnaryAsync(Bytes.Of(message), rpc: Fail);

        Assert.Equal(new Outcome(StatusCode.FailedPrecondition, message), reply.Outcome);
        Assert.Equal([1, 2, 3], reply.Details);
    }

    [Fact]
    public async Task Method_Unknown_IsUnimplemented()
    {
        Assert.Equal(StatusCode.Unimplemented, (await _upstream.UnaryAsync(Bytes.Of(""), rpc: Nothing)).Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Stream_Messages_ArriveInOrder(int count)
    {
        await using var stream = _upstream.Stream(Bytes.Of(count.ToString(CultureInfo.InvariantCulture)));

        for (var i = 0; i < count; i++)
        {
            Assert.Equal($"message {i}", (await stream.ReadAsync()).Text());
        }

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(StatusCode.OK, stream.End.Code);
    }

    [Fact]
    public async Task Duplex_PingPong_AlternatesAndEnds()
    {
        await using var stream = _upstream.Duplex();
        for (var i = 0; i < 10; i++)
        {
            Assert.True(await stream.WriteAsync(Bytes.Of($"ping {i}")));
            Assert.Equal($"ping {i}", (await stream.ReadAsync()).Text());
        }

        await stream.CompleteAsync();
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(StatusCode.OK, stream.End.Code);
    }

    [Fact]
    public async Task Deadline_ServerHangs_IsToldOfItAndTheCallEnds()
    {
        var clock = new ManualTimeProvider();
        await using var upstream = new UpstreamCalls(_address, new ChannelOptions { TimeProvider = clock });

        var call = upstream.UnaryAsync(Bytes.Of(""), new UpstreamCall { Timeout = TimeSpan.FromHours(1) }, rpc: Hang);
        Assert.Equal("hanging with a deadline", await _server.ReadLineAsync());
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(StatusCode.DeadlineExceeded, (await call).Code);
        Assert.Equal("cancelled", await _server.ReadLineAsync());
    }

    [Fact]
    public async Task Deadline_TheServersOwn_ComesAsItsStatus()
    {
        // Our clock stands still: the status is the server's, or that of a client that looks at its own.
        await using var upstream = new UpstreamCalls(_address, new ChannelOptions { TimeProvider = new ManualTimeProvider() });

        var reply = await upstream.UnaryAsync(Bytes.Of(""), new UpstreamCall { Timeout = TimeSpan.FromMilliseconds(100) }, rpc: Hang);

        Assert.Equal(StatusCode.DeadlineExceeded, reply.Code);
    }

    [Fact]
    public async Task Cancellation_ServerHangs_ItSeesTheReset()
    {
        using var caller = new CancellationTokenSource();

        var call = _upstream.UnaryAsync(Bytes.Of(""), new UpstreamCall { CancellationToken = caller.Token }, rpc: Hang);
        Assert.Equal("hanging", await _server.ReadLineAsync());
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal("cancelled", await _server.ReadLineAsync());
    }

    [Fact]
    public async Task Gzip_OfNodesZlib_IsRead()
    {
        await using var server = await NodeProgram.StartAsync("gzip-server.js");
        await using var upstream = new UpstreamCalls(await server.ReadAddressAsync());
        var request = Bytes.Pattern(300_000, seed: 3);

        var reply = await upstream.UnaryAsync(Bytes.Of(request));

        Assert.Equal(StatusCode.OK, reply.Code);
        Assert.True(reply.Message.AsSpan().SequenceEqual(request));
    }
}
