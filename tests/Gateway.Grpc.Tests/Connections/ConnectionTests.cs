using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gateway.Testing;
using Gateway.Testing.Http2;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Grpc.Tests.Connections;

/// <summary>Where connections go, how long they live, and who shares them.</summary>
public sealed class ConnectionTests
{
    // On Linux the whole of 127.0.0.0/8 is this host.
    private static readonly IPAddress OtherLoopback = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task Host_OfSeveralAddresses_ConnectsToTheFirstThatAnswers()
    {
        await using TestServer server = await StartAsync("A");
        string? asked = null;
        await using GrpcChannel channel = ChannelTo("upstream.test", server.Address.Port, (host, _) =>
        {
            asked = host;
            return ValueTask.FromResult<IPAddress[]>([OtherLoopback, IPAddress.Loopback]);
        });

        Assert.Equal("A", await CallAsync(channel));
        Assert.Equal("upstream.test", asked);
    }

    [Fact]
    public async Task Host_WhoseFirstAddressDoesNotAnswer_LeavesTimeForTheNext()
    {
        await using TestServer server = await StartAsync("A");
        using var full = new FullListener(new IPEndPoint(OtherLoopback, server.Address.Port));
        await using GrpcChannel channel = ChannelTo(
            "upstream.test",
            server.Address.Port,
            (_, _) => ValueTask.FromResult<IPAddress[]>([OtherLoopback, IPAddress.Loopback]),
            new GrpcChannelOptions { ConnectTimeout = TimeSpan.FromSeconds(2) });

        Assert.Equal("A", await CallAsync(channel));
    }

    [Fact]
    public async Task Host_WithoutAddresses_IsNotFound()
    {
        await using GrpcChannel channel = ChannelTo("upstream.test", 5000, (_, _) => ValueTask.FromResult<IPAddress[]>([]));

        using UnaryResult result = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);

        Assert.Equal("upstream unreachable: host not found", result.Status.Message);
        Assert.True(result.Status.IsUnprocessed);
    }

    [Fact]
    public async Task Host_ChangesItsAddressWhenTheServerGoesAway_IsFollowed()
    {
        TestServer first = await StartAsync("A");
        await using TestServer second = await StartAsync("B", new IPEndPoint(OtherLoopback, first.Address.Port));
        IPAddress current = IPAddress.Loopback;
        await using GrpcChannel channel = ChannelTo(
            "upstream.test", first.Address.Port, (_, _) => ValueTask.FromResult<IPAddress[]>([current]));

        Assert.Equal("A", await CallAsync(channel));
        current = OtherLoopback;
        Assert.Equal("A", await CallAsync(channel)); // the connection lives
        await first.DisposeAsync();

        // A call may go out on the connection before its end is seen.
        string answer = await CallAsync(channel);
        Assert.Equal("B", answer == "B" ? answer : await CallAsync(channel));
    }

    [Fact]
    public async Task Host_ChangesItsAddressWhileTheServerStays_IsFollowedWhenTheConnectionIsOld()
    {
        await using TestServer first = await StartAsync("A");
        await using TestServer second = await StartAsync("B", new IPEndPoint(OtherLoopback, first.Address.Port));
        IPAddress current = IPAddress.Loopback;
        await using GrpcChannel channel = ChannelTo(
            "upstream.test",
            first.Address.Port,
            (_, _) => ValueTask.FromResult<IPAddress[]>([current]),
            new GrpcChannelOptions { ConnectionLifetime = TimeSpan.FromMilliseconds(1) });

        Assert.Equal("A", await CallAsync(channel));
        current = OtherLoopback;

        // A millisecond passes sooner or later.
        string answer = "A";
        for (int i = 0; i < 10_000 && answer == "A"; i++) answer = await CallAsync(channel);
        Assert.Equal("B", answer);
    }

    [Fact]
    public async Task Connection_WithoutCalls_IsClosedAfterTheIdleTimeout()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            await connection.AnswerAsync(await connection.ReadCallAsync());
            await Assert.ThrowsAnyAsync<IOException>(async () =>
            {
                while (true) await connection.ReadAsync();
            });
            closed.SetResult();
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions { ConnectionIdleTimeout = TimeSpan.FromSeconds(1) });

        using (UnaryResult result = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default)) Assert.True(result.Status.IsOK);

        await closed.Task;
    }

    [Fact]
    public async Task Streams_AndUnaryCalls_ShareNoConnection()
    {
        var connections = new ConcurrentDictionary<string, string>();
        await using TestServer server = await TestServer.StartAsync(app => app.Run(context =>
        {
            connections.TryAdd(context.Request.Path.Value!, context.Connection.Id);
            context.Response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        }));
        await using var channel = new GrpcChannel(server.Address, new GrpcChannelOptions());

        using (await channel.UnaryAsync("/unary/1", Bytes.Of("x"), default))
        using (await channel.UnaryAsync("/unary/2", Bytes.Of("x"), default))
        {
            await using ServerStream downwards = channel.ServerStreaming("/stream/1", Bytes.Of("x"), default);
            Assert.Null(await downwards.ReadAsync());
            await using DuplexStream bothWays = channel.DuplexStreaming("/stream/2", default);
            Assert.Null(await bothWays.ReadAsync());
            await using ClientStream upwards = channel.ClientStreaming("/stream/3", default);
            using (await upwards.ReadResponseAsync()) Assert.Equal(5, connections.Count);
        }

        Assert.Equal(connections["/unary/1"], connections["/unary/2"]);
        Assert.Single(connections.Where(entry => entry.Key.StartsWith("/stream", StringComparison.Ordinal)).Select(entry => entry.Value).Distinct());
        Assert.NotEqual(connections["/unary/1"], connections["/stream/1"]);
    }

    private static Task<TestServer> StartAsync(string name, IPEndPoint? endPoint = null) => TestServer.StartAsync(
        app => app.Run(context =>
        {
            context.Response.Headers["grpc-status"] = "0";
            context.Response.Headers["x-server"] = name;
            return Task.CompletedTask;
        }),
        endPoint: endPoint);

    private static GrpcChannel ChannelTo(
        string host, int port, Func<string, CancellationToken, ValueTask<IPAddress[]>> resolve, GrpcChannelOptions? options = null) =>
        new(new Uri($"http://{host}:{port}"), (options ?? new GrpcChannelOptions()) with { ResolveHost = resolve });

    // The name of the server that answered.
    private static async Task<string> CallAsync(GrpcChannel channel)
    {
        using UnaryResult result = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);
        return result.Trailers.GetValue("x-server") ?? result.Status.ToString();
    }

    /// <summary>An address where connecting neither succeeds nor fails: nobody accepts, and the queue is full.</summary>
    private sealed class FullListener : IDisposable
    {
        private const int MoreThanTheQueue = 4;
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly Socket[] _waiting = new Socket[MoreThanTheQueue];

        public FullListener(IPEndPoint address)
        {
            _listener.Bind(address);
            _listener.Listen(1);
            for (int i = 0; i < _waiting.Length; i++)
            {
                _waiting[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                try
                {
                    _waiting[i].Connect(address);
                }
                catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
                {
                }
            }
        }

        public void Dispose()
        {
            foreach (Socket socket in _waiting) socket.Dispose();
            _listener.Dispose();
        }
    }
}
