using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Testing;
using Gateway.Testing.Http2;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Core.Tests.Upstream.Connections;

/// <summary>Where connections go, how long they live, and who shares them.</summary>
public sealed class ConnectionTests
{
    // On Linux the whole of 127.0.0.0/8 is this host.
    private static readonly IPAddress OtherLoopback = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task Host_OfSeveralAddresses_ConnectsToTheFirstThatAnswers()
    {
        await using var server = await StartAsync("A");
        string? asked = null;
        await using var upstream = CallsTo(server.Address.Port, (host, _) =>
        {
            asked = host;
            return ValueTask.FromResult<IPAddress[]>([OtherLoopback, IPAddress.Loopback]);
        });

        Assert.Equal("A", await CallAsync(upstream));
        Assert.Equal("upstream.test", asked);
    }

    [Fact]
    public async Task Host_WhoseFirstAddressDoesNotAnswer_LeavesTimeForTheNext()
    {
        await using var server = await StartAsync("A");
        using var full = new FullListener(new IPEndPoint(OtherLoopback, server.Address.Port));
        await using var upstream = CallsTo(
            server.Address.Port,
            (_, _) => ValueTask.FromResult<IPAddress[]>([OtherLoopback, IPAddress.Loopback]),
            new ChannelOptions { ConnectTimeout = TimeSpan.FromSeconds(2) });

        Assert.Equal("A", await CallAsync(upstream));
    }

    [Fact]
    public async Task Host_WithoutAddresses_IsNotFound()
    {
        await using var upstream = CallsTo(5000, (_, _) => ValueTask.FromResult<IPAddress[]>([]));

        Assert.All(await upstream.CallEveryKindAsync(), reply => Assert.Equal(Outcome.Unreachable("host not found"), reply.Outcome));
    }

    [Fact]
    public async Task Host_ChangesItsAddressWhenTheServerGoesAway_IsFollowed()
    {
        var first = await StartAsync("A");
        await using var second = await StartAsync("B", new IPEndPoint(OtherLoopback, first.Address.Port));
        var current = IPAddress.Loopback;
        await using var upstream = CallsTo(first.Address.Port, (_, _) => ValueTask.FromResult<IPAddress[]>([current]));

        Assert.Equal("A", await CallAsync(upstream));
        current = OtherLoopback;
        Assert.Equal("A", await CallAsync(upstream)); // the connection lives
        await first.DisposeAsync();

        // A call may go out on the connection before its end is seen.
        var answer = await CallAsync(upstream);
        Assert.Equal("B", answer == "B" ? answer : await CallAsync(upstream));
    }

    [Fact]
    public async Task Host_ChangesItsAddressWhileTheServerStays_IsFollowedWhenTheConnectionIsOld()
    {
        await using var first = await StartAsync("A");
        await using var second = await StartAsync("B", new IPEndPoint(OtherLoopback, first.Address.Port));
        var current = IPAddress.Loopback;
        await using var upstream = CallsTo(
            first.Address.Port,
            (_, _) => ValueTask.FromResult<IPAddress[]>([current]),
            new ChannelOptions { ConnectionLifetime = TimeSpan.FromMilliseconds(1) });

        Assert.Equal("A", await CallAsync(upstream));
        current = OtherLoopback;

        // A millisecond passes sooner or later.
        var answer = "A";
        for (var i = 0; i < 10_000 && answer == "A"; i++)
        {
            answer = await CallAsync(upstream);
        }

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
                while (true)
                {
                    await connection.ReadAsync();
                }
            });
            closed.SetResult();
        });
        await using var upstream = new UpstreamCalls(peer.Address, new ChannelOptions { ConnectionIdleTimeout = TimeSpan.FromSeconds(1) });

        Assert.Equal(Outcome.OK, (await upstream.UnaryAsync(Bytes.Of("x"))).Outcome);

        await closed.Task;
    }

    [Fact]
    public async Task Streams_AndUnaryCalls_ShareNoConnection()
    {
        var connections = new ConcurrentBag<(string Path, string Id)>();
        await using var server = await TestServer.StartAsync(app => app.Run(context =>
        {
            connections.Add((context.Request.Path.Value!, context.Connection.Id));
            context.Response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        }));
        await using var upstream = new UpstreamCalls(server.Address);

        for (var i = 0; i < 2; i++)
        {
            await upstream.CallEveryKindAsync();
        }

        var unary = Assert.Single(ConnectionsOf(path => path.EndsWith("/PostModelOutputs", StringComparison.Ordinal)));
        var streams = Assert.Single(ConnectionsOf(path => !path.EndsWith("/PostModelOutputs", StringComparison.Ordinal)));
        Assert.Equal(6, connections.Count);
        Assert.NotEqual(unary, streams);

        IEnumerable<string> ConnectionsOf(Func<string, bool> paths) => connections.Where(call => paths(call.Path)).Select(call => call.Id).Distinct();
    }

    private static Task<TestServer> StartAsync(string name, IPEndPoint? endPoint = null) => TestServer.StartAsync(
        app => app.Run(context =>
        {
            context.Response.Headers["grpc-status"] = "5";
            context.Response.Headers["x-server"] = name;
            return Task.CompletedTask;
        }),
        endPoint: endPoint);

    private static UpstreamCalls CallsTo(
        int port, Func<string, CancellationToken, ValueTask<IPAddress[]>> resolve, ChannelOptions? options = null) =>
        new(new Uri($"http://upstream.test:{port}"), (options ?? new ChannelOptions()) with { ResolveHost = resolve });

    // The name of the server that answered.
    private static async Task<string> CallAsync(UpstreamCalls upstream)
    {
        var reply = await upstream.UnaryAsync(Bytes.Of("x"));
        return reply.Trailers.GetValue("x-server") ?? reply.Outcome.ToString();
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
            for (var i = 0; i < _waiting.Length; i++)
            {
                _waiting[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                try
                {
                    _waiting[i].Connect(address);
                }
                catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
                {
                    // It waits in the queue, or for a place there.
                }
            }
        }

        public void Dispose()
        {
            foreach (var socket in _waiting)
            {
                socket.Dispose();
            }

            _listener.Dispose();
        }
    }
}
