using System.Globalization;
using System.Text.Json;
using Gateway.Grpc.Server;
using Gateway.Testing;

namespace Gateway.Grpc.Tests.Foreign;

/// <summary>The client of <c>@grpc/grpc-js</c> against our server.</summary>
public sealed class ForeignClientTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _hangCancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(app =>
    {
        app.MapGrpc("/test.Foreign/Unary", UnaryAsync);
        app.MapGrpc("/test.Foreign/Fail", FailAsync);
        app.MapGrpc("/test.Foreign/Hang", HangAsync);
        app.MapGrpc("/test.Foreign/ServerStream", ServerStreamAsync);
        app.MapGrpc("/test.Foreign/ClientStream", ClientStreamAsync);
        app.MapGrpc("/test.Foreign/Duplex", DuplexAsync);
        app.MapGrpcUnimplemented();
    });

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
        Assert.Equal(["010203"], Strings(outcome.GetProperty("trailers").GetProperty("grpc-status-details-bin")));
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
        await _hangCancelled.Task;
    }

    [Fact]
    public async Task Cancellation_HandlerHangs_ItsTokenFires()
    {
        JsonElement outcome = await RunAsync("cancel");

        Assert.Equal((int)GrpcStatusCode.Cancelled, outcome.GetProperty("code").GetInt32());
        await _hangCancelled.Task;
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

    private static void EchoMetadata(GrpcServerCall call)
    {
        foreach (MetadataEntry entry in call.RequestHeaders)
        {
            if (entry.Key == "x-echo-bin")
            {
                call.ResponseHeaders.AddBinary(entry.Key, entry.Bytes);
                call.ResponseTrailers.AddBinary(entry.Key, entry.Bytes);
            }
            else if (entry.Key == "x-echo")
            {
                call.ResponseHeaders.Add(entry.Key, entry.Text);
                call.ResponseTrailers.Add(entry.Key, entry.Text);
            }
        }
    }

    private static async Task<GrpcStatus> UnaryAsync(GrpcServerCall call)
    {
        EchoMetadata(call);
        using Payload request = await call.ReadSingleAsync();
        call.CompressResponse = request.Length > 1000;
        await call.WriteAsync(request.AsSequence());
        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> FailAsync(GrpcServerCall call)
    {
        using Payload request = await call.ReadSingleAsync();
        return new GrpcStatus(GrpcStatusCode.FailedPrecondition, request.Text(), new byte[] { 1, 2, 3 });
    }

    private async Task<GrpcStatus> HangAsync(GrpcServerCall call)
    {
        using CancellationTokenRegistration registration = call.CancellationToken.Register(_hangCancelled.SetResult);
        await call.StartAsync();
        await Task.Delay(Timeout.Infinite, call.CancellationToken);
        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> ServerStreamAsync(GrpcServerCall call)
    {
        using Payload request = await call.ReadSingleAsync();
        int count = int.Parse(request.Text(), CultureInfo.InvariantCulture);
        for (int i = 0; i < count; i++) await call.WriteAsync(Bytes.Of($"message {i}"));
        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> ClientStreamAsync(GrpcServerCall call)
    {
        var joined = new System.Text.StringBuilder();
        while (await call.ReadAsync() is { } message)
        {
            using (message) joined.Append(message.Text());
        }

        await call.WriteAsync(Bytes.Of(joined.ToString()));
        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> DuplexAsync(GrpcServerCall call)
    {
        while (await call.ReadAsync() is { } message)
        {
            using (message) await call.WriteAsync(message.AsSequence());
        }

        return GrpcStatus.OK;
    }

    private async Task<JsonElement> RunAsync(string name)
    {
        await using NodeProgram client = await NodeProgram.StartAsync("grpc-client.js", _server.Address.Authority, name);
        return JsonDocument.Parse(await client.ReadLineAsync()).RootElement;
    }
}
