using System.Collections.Concurrent;
using System.Globalization;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Testing;
using Gateway.Testing.Http2;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Core.Tests.Upstream.Calls;

/// <summary>Many calls at once, on a server that leaves one connection after the other: nobody notices.</summary>
public sealed class GoAwayTests
{
    private const uint NoError = 0x0;
    private const int Workers = 16;
    private const int Calls = 40; // of each worker
    private const int MinConnections = 10;

    // More than there are workers: what was refused is then among the first calls on the next connection, which are answered.
    private const int CallsPerConnection = 40;

    // Only a call that hangs needs it.
    private static readonly UpstreamCall Limited = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>The kinds of calls.</summary>
    public enum Kind
    {
        Unary,
        Stream,
        Duplex,
    }

    // Kestrel says first that it will leave, takes what still comes, and names the last call when none is under way.
    [Theory]
    [InlineData(Kind.Unary)]
    [InlineData(Kind.Stream)]
    [InlineData(Kind.Duplex)]
    public async Task Load_OnAServerThatKeepsLeavingGracefully_FailsNoCall(Kind kind)
    {
        var connections = new ConcurrentDictionary<string, int>();
        await using var server = await TestServer.StartAsync(app => app.Run(async context =>
        {
            var id = context.Connection.Id;
            if (connections.AddOrUpdate(id, 1, (_, calls) => calls + 1) == CallsPerConnection)
            {
                context.Connection.RequestClose();
            }

            await EchoAsync(context, id);
        }));

        var seen = await LoadAsync(server.Address, kind);

        Assert.Equal(connections.Count, seen.Connections);
        Assert.InRange(connections.Count, MinConnections, Workers * Calls);
    }

    [Theory]
    [InlineData(Kind.Unary)]
    [InlineData(Kind.Stream)]
    [InlineData(Kind.Duplex)]
    public async Task Load_OnAServerThatKeepsRefusingTheNewestCalls_FailsNoCall(Kind kind)
    {
        var seen = await LoadOnNodeAsync("refusing", kind);

        Assert.InRange(seen.Connections, MinConnections, Workers * Calls);
        Assert.NotEqual(0, seen.LeftAlone);
    }

    [Theory]
    [InlineData(Kind.Unary)]
    [InlineData(Kind.Stream)]
    [InlineData(Kind.Duplex)]
    public async Task Load_OnAServerThatSaysGoodbyeTwiceAtOnce_FailsNoCall(Kind kind)
    {
        var seen = await LoadOnNodeAsync("twice", kind);

        Assert.InRange(seen.Connections, MinConnections, Workers * Calls);
    }

    // A handler that measures round trips by pings sends one when the headers come, and its answer comes after both goodbyes.
    [Fact]
    public async Task Duplex_TwoGoodbyesWhileItRuns_EndsWell()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            var call = await connection.ReadCallAsync();
            await connection.WriteHeadersAsync(call);
            await connection.GoAwayAsync(int.MaxValue, NoError);
            await connection.GoAwayAsync(call, NoError);
            await connection.ReadRequestAsync(call); // and answers pings
            await connection.WriteTrailersAsync(call, "0");
        });
        await using var upstream = new UpstreamCalls(peer.Address);
        await using var stream = upstream.Duplex(Limited);

        await stream.ReadHeadersAsync();
        await stream.CompleteAsync();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    // It takes the call, and finishes it.
    [Fact]
    public async Task Call_UnderWayWhenTheServerSaysGoodbye_EndsWell()
    {
        var goOn = new TaskCompletionSource();
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            var call = await connection.ReadCallAsync();
            await connection.ReadRequestAsync(call);
            await connection.WriteHeadersAsync(call);
            await connection.WriteDataAsync(call, Bytes.Framed([1]));
            await connection.GoAwayAsync(call, NoError);
            await goOn.Task;
            await connection.WriteDataAsync(call, Bytes.Framed([2]));
            await connection.WriteTrailersAsync(call, "0");
        });
        await using var upstream = new UpstreamCalls(peer.Address);
        await using var stream = upstream.Stream(Bytes.Of("x"), Limited);

        Assert.Equal([1], await stream.ReadAsync());
        goOn.SetResult();

        Assert.Equal([2], await stream.ReadAsync());
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    private static async Task<Seen> LoadOnNodeAsync(string way, Kind kind)
    {
        await using var server = await NodeProgram.StartAsync("goaway-server.js", way, CallsPerConnection.ToString(CultureInfo.InvariantCulture));
        return await LoadAsync(await server.ReadAddressAsync(), kind);
    }

    private static async Task<Seen> LoadAsync(Uri server, Kind kind)
    {
        await using var upstream = new UpstreamCalls(server, retry: UpstreamFixture.AtOnce with { Budget = 1000 });
        var seen = new Seen();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => WorkAsync(upstream, kind, worker, seen)));
        return seen;
    }

    private static async Task EchoAsync(HttpContext context, string connection)
    {
        context.Response.ContentType = "application/grpc";
        await context.Request.BodyReader.CopyToAsync(context.Response.BodyWriter);
        context.Response.AppendTrailer("x-connection", connection);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task WorkAsync(UpstreamCalls upstream, Kind kind, int worker, Seen seen)
    {
        for (var call = 0; call < Calls; call++)
        {
            var text = $"{worker}/{call}";
            var end = kind switch
            {
                Kind.Unary => await UnaryAsync(upstream, text),
                Kind.Stream => await StreamAsync(upstream, text),
                _ => await DuplexAsync(upstream, text),
            };
            Assert.Equal(Outcome.OK, end.Outcome);
            seen.Add(end.Trailers);
        }
    }

    private static async Task<Reply> UnaryAsync(UpstreamCalls upstream, string text)
    {
        var reply = await upstream.UnaryAsync(Bytes.Of(text), Limited);
        Assert.Equal((Outcome.OK, text), (reply.Outcome, reply.Text));
        return reply;
    }

    private static async Task<Reply> StreamAsync(UpstreamCalls upstream, string text)
    {
        await using var stream = upstream.Stream(Bytes.Of(text), Limited);
        AssertAnswer(text, await stream.ReadAsync(), () => stream.End);
        Assert.Null(await stream.ReadAsync());
        return stream.End;
    }

    private static async Task<Reply> DuplexAsync(UpstreamCalls upstream, string text)
    {
        await using var stream = upstream.Duplex(Limited);
        foreach (var part in (string[])["a " + text, "b " + text])
        {
            await stream.WriteAsync(Bytes.Of(part)); // if it fails, reading says why
            AssertAnswer(part, await stream.ReadAsync(), () => stream.End);
        }

        await stream.CompleteAsync();
        Assert.Null(await stream.ReadAsync());
        return stream.End;
    }

    private static void AssertAnswer(string expected, byte[]? message, Func<Reply> end)
    {
        if (message is null)
        {
            Assert.Equal(Outcome.OK, end().Outcome); // it says more than that there is no message
        }

        Assert.Equal(expected, message.Text());
    }

    /// <summary>What the server told of itself in trailers.</summary>
    private sealed class Seen
    {
        private readonly ConcurrentDictionary<string, bool> _connections = new();

        public int Connections => _connections.Count;

        public int LeftAlone { get; private set; }

        public void Add(Metadata trailers)
        {
            _connections.TryAdd(trailers.GetValue("x-connection")!, true);
            if (trailers.GetValue("x-left-alone") is { } leftAlone)
            {
                LeftAlone = int.Parse(leftAlone, CultureInfo.InvariantCulture);
            }
        }
    }
}
