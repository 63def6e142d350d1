using Gateway.Testing;

namespace Gateway.Grpc.Tests.Foreign;

/// <summary>Our client against the server of <c>@grpc/grpc-js</c>.</summary>
public sealed class ForeignServerTests : IAsyncLifetime
{
    private NodeProgram _server = null!;
    private GrpcChannel _channel = null!;

    public async Task InitializeAsync()
    {
        _server = await NodeProgram.StartAsync("grpc-server.js");
        _channel = new GrpcChannel(await _server.ReadAddressAsync(), new GrpcChannelOptions());
    }

    public async Task DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Unary_Message_ComesBack()
    {
        using UnaryResult result = await _channel.UnaryAsync("/test.Foreign/Unary", Bytes.Of("hello ü"), default);

        Assert.Equal(GrpcStatus.OK, result.Status with { Message = "" });
        Assert.Equal("hello ü", result.Message!.Text());
    }

    [Fact]
    public async Task Metadata_AsciiAndBinary_ComesBackInHeadersAndTrailers()
    {
        var metadata = new Metadata();
        metadata.Add("x-echo", "one");
        for (int length = 0; length < 5; length++) metadata.AddBinary("x-echo-bin", Bytes.Pattern(length, seed: length));

        using UnaryResult result = await _channel.UnaryAsync("/test.Foreign/Unary", Bytes.Of(""), new CallOptions { Headers = metadata });

        Assert.True(result.Status.IsOK);
        foreach (Metadata received in (Metadata[])[result.Headers, result.Trailers])
        {
            Assert.Equal("one", received.GetValue("x-echo"));
            Assert.Equal(
                Enumerable.Range(0, 5).Select(length => Convert.ToHexString(Bytes.Pattern(length, seed: length))),
                received.Where(entry => entry.Key == "x-echo-bin").Select(entry => Convert.ToHexString(entry.Bytes.Span)));
        }
    }

    [Fact]
    public async Task Failure_UnicodeMessageAndDetails_Arrive()
    {
        const string message = "kaputt: 日本 😀 100%\n";

        using UnaryResult result = await _channel.UnaryAsync("/test.Foreign/Fail", Bytes.Of(message), default);

        Assert.Equal(GrpcStatusCode.FailedPrecondition, result.Status.Code);
        Assert.Equal(message, result.Status.Message);
        Assert.Equal(new byte[] { 1, 2, 3 }, result.Status.Details.ToArray());
    }

    [Fact]
    public async Task Method_Unknown_IsUnimplemented()
    {
        using UnaryResult result = await _channel.UnaryAsync("/test.Foreign/Nothing", Bytes.Of(""), default);

        Assert.Equal(GrpcStatusCode.Unimplemented, result.Status.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task ServerStreaming_Messages_ArriveInOrder(int count)
    {
        await using ServerStream stream = _channel.ServerStreaming(
            "/test.Foreign/ServerStream", Bytes.Of(count.ToString(System.Globalization.CultureInfo.InvariantCulture)), default);

        for (int i = 0; i < count; i++)
        {
            using Payload? message = await stream.ReadAsync();
            Assert.Equal($"message {i}", message!.Text());
        }

        Assert.Null(await stream.ReadAsync());
        Assert.True(stream.Status.IsOK);
    }

    [Fact]
    public async Task ClientStreaming_Messages_AllArrive()
    {
        await using ClientStream stream = _channel.ClientStreaming("/test.Foreign/ClientStream", default);
        foreach (string part in (string[])["a", "", "b", "c"]) Assert.True(await stream.WriteAsync(Bytes.Of(part)));
        await stream.CompleteAsync();
        using UnaryResult result = await stream.ReadResponseAsync();

        Assert.True(result.Status.IsOK);
        Assert.Equal("abc", result.Message!.Text());
    }

    [Fact]
    public async Task Duplex_PingPong_AlternatesAndEnds()
    {
        await using DuplexStream stream = _channel.DuplexStreaming("/test.Foreign/Duplex", default);
        for (int i = 0; i < 10; i++)
        {
            Assert.True(await stream.WriteAsync(Bytes.Of($"ping {i}")));
            using Payload? answer = await stream.ReadAsync();
            Assert.Equal($"ping {i}", answer!.Text());
        }

        await stream.CompleteAsync();
        Assert.Null(await stream.ReadAsync());
        Assert.True(stream.Status.IsOK);
    }

    [Fact]
    public async Task Deadline_ServerHangs_IsToldOfItAndTheCallEnds()
    {
        var clock = new ManualTimeProvider();
        await using var channel = new GrpcChannel(_channel.Address, new GrpcChannelOptions { TimeProvider = clock });

        ValueTask<UnaryResult> call = channel.UnaryAsync(
            "/test.Foreign/Hang", Bytes.Of(""), new CallOptions { Timeout = TimeSpan.FromHours(1) });
        Assert.Equal("hanging with a deadline", await _server.ReadLineAsync());
        clock.Advance(TimeSpan.FromHours(1));
        using UnaryResult result = await call;

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, result.Status.Code);
        Assert.Equal("cancelled", await _server.ReadLineAsync());
    }

    [Fact]
    public async Task Deadline_TheServersOwn_ComesAsItsStatus()
    {
        // Our clock stands still: the status is the server's.
        await using var channel = new GrpcChannel(_channel.Address, new GrpcChannelOptions { TimeProvider = new ManualTimeProvider() });

        using UnaryResult result = await channel.UnaryAsync(
            "/test.Foreign/Hang", Bytes.Of(""), new CallOptions { Timeout = TimeSpan.FromMilliseconds(100) });

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, result.Status.Code);
    }

    [Fact]
    public async Task Cancellation_ServerHangs_ItSeesTheReset()
    {
        using var caller = new CancellationTokenSource();

        ValueTask<UnaryResult> call = _channel.UnaryAsync(
            "/test.Foreign/Hang", Bytes.Of(""), new CallOptions { CancellationToken = caller.Token });
        Assert.Equal("hanging", await _server.ReadLineAsync());
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.AsTask());
        Assert.Equal("cancelled", await _server.ReadLineAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unary_EightMebibytes_ComeBackUnchanged(bool compress)
    {
        byte[] request = Bytes.Pattern(8 * 1024 * 1024, seed: 8);

        using UnaryResult result = await _channel.UnaryAsync(
            "/test.Foreign/Unary", request.AsSequence(), new CallOptions { CompressRequest = compress });

        Assert.True(result.Status.IsOK);
        Assert.True(result.Message!.Span.SequenceEqual(request));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gzip_OfNodesZlib_IsRead(bool compress)
    {
        await using NodeProgram server = await NodeProgram.StartAsync("gzip-server.js");
        await using var channel = new GrpcChannel(await server.ReadAddressAsync(), new GrpcChannelOptions());
        byte[] request = Bytes.Pattern(300_000, seed: 3);

        using UnaryResult result = await channel.UnaryAsync("/any/Method", request.AsSequence(), new CallOptions { CompressRequest = compress });

        Assert.Equal(GrpcStatus.OK, result.Status);
        Assert.True(result.Message!.Span.SequenceEqual(request));
        Assert.Equal(compress ? "gzip" : "none", result.Trailers.GetValue("x-request-encoding"));
    }
}
