using System.Collections.Concurrent;
using System.Globalization;
using Gateway.Testing;
using Gateway.Testing.Http2;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Grpc.Tests.Calls;

/// <summary>
/// Many calls at once, on a server that leaves one connection after the other: nobody notices, but for calls of one message that it left alone.
/// They say so, and are made again.
/// </summary>
public sealed class GoAwayTests
{
    private const uint NoError = 0x0;
    private const int Workers = 16;
    private const int Rounds = 20; // of three calls each
    private const int MinConnections = 10;

    // More than there are workers: what was refused is then among the first calls on the next connection, which are answered.
    private const int CallsPerConnection = 40;

    // Only a call that hangs needs it.
    private static readonly CallOptions Limited = new() { Timeout = TimeSpan.FromSeconds(30) };

    // Kestrel says first that it will leave, takes what still comes, and names the last call when none is under way.
    [Fact]
    public async Task Load_OnAServerThatKeepsLeavingGracefully_FailsNoCall()
    {
        var connections = new ConcurrentDictionary<string, int>();
        await using TestServer server = await TestServer.StartAsync(app => app.Run(async context =>
        {
            string id = context.Connection.Id;
            if (connections.AddOrUpdate(id, 1, (_, calls) => calls + 1) == CallsPerConnection) context.Connection.RequestClose();
            await EchoAsync(context, id);
        }));

        Seen seen = await LoadAsync(server.Address);

        Assert.Equal(connections.Count, seen.Connections);
        Assert.InRange(connections.Count, MinConnections, Workers * Rounds);
    }

    [Fact]
    public async Task Load_OnAServerThatKeepsRefusingTheNewestCalls_FailsNoCall()
    {
        Seen seen = await LoadOnNodeAsync("refusing");

        Assert.InRange(seen.Connections, MinConnections, Workers * Rounds);
        Assert.NotEqual(0, seen.LeftAlone);
    }

    [Fact]
    public async Task Load_OnAServerThatSaysGoodbyeTwiceAtOnce_FailsNoCall()
    {
        Seen seen = await LoadOnNodeAsync("twice");

        Assert.InRange(seen.Connections, MinConnections, Workers * Rounds);
    }

    // A handler that measures round trips by pings sends one when the headers come, and its answer comes after both goodbyes.
    [Fact]
    public async Task Duplex_TwoGoodbyesWhileItRuns_EndsWell()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            int call = await connection.ReadCallAsync();
            await connection.WriteHeadersAsync(call);
            await connection.GoAwayAsync(int.MaxValue, NoError);
            await connection.GoAwayAsync(call, NoError);
            await connection.ReadRequestAsync(call); // and answers pings
            await connection.WriteTrailersAsync(call, "0");
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", Limited);
        await stream.ReadHeadersAsync();
        await stream.CompleteAsync();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.OK, stream.Status);
    }

    private static async Task<Seen> LoadOnNodeAsync(string way)
    {
        await using NodeProgram server = await NodeProgram.StartAsync(
            "goaway-server.js", way, CallsPerConnection.ToString(CultureInfo.InvariantCulture));
        return await LoadAsync(await server.ReadAddressAsync());
    }

    private static async Task<Seen> LoadAsync(Uri server)
    {
        await using var channel = new GrpcChannel(server, new GrpcChannelOptions());
        var seen = new Seen();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => WorkAsync(channel, worker, seen)));
        return seen;
    }

    private static async Task EchoAsync(HttpContext context, string connection)
    {
        context.Response.ContentType = "application/grpc";
        await context.Request.BodyReader.CopyToAsync(context.Response.BodyWriter);
        context.Response.AppendTrailer("x-connection", connection);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task WorkAsync(GrpcChannel channel, int worker, Seen seen)
    {
        for (int round = 0; round < Rounds; round++)
        {
            string text = $"{worker}/{round}";
            await UnaryAsync(channel, text, seen);
            await ServerStreamingAsync(channel, text, seen);
            await DuplexAsync(channel, text, seen);
        }
    }

    private static async Task UnaryAsync(GrpcChannel channel, string text, Seen seen)
    {
        using UnaryResult result = await channel.UnaryAsync("/a.B/C", Bytes.Of(text), Limited);
        if (result.Status.IsUnprocessed)
        {
            await UnaryAsync(channel, text, seen);
            return;
        }

        Assert.Equal(GrpcStatus.OK, result.Status);
        Assert.Equal(text, result.Message!.Text());
        seen.Add(result.Trailers);
    }

    private static async Task ServerStreamingAsync(GrpcChannel channel, string text, Seen seen)
    {
        await using ServerStream stream = channel.ServerStreaming("/a.B/C", Bytes.Of(text), Limited);
        using (Payload? message = await stream.ReadAsync())
        {
            if (message is null && stream.Status.IsUnprocessed)
            {
                await ServerStreamingAsync(channel, text, seen);
                return;
            }

            Assert.Equal(text, message is null ? stream.Status.ToString() : message.Text());
        }

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.OK, stream.Status);
        seen.Add(stream.Trailers);
    }

    private static async Task DuplexAsync(GrpcChannel channel, string text, Seen seen)
    {
        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", Limited);
        foreach (string part in (string[])["a " + text, "b " + text])
        {
            await stream.WriteAsync(Bytes.Of(part)); // if it fails, reading says why
            using Payload? answer = await stream.ReadAsync();
            Assert.Equal(part, answer is null ? stream.Status.ToString() : answer.Text());
        }

        await stream.CompleteAsync();
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.OK, stream.Status);
        seen.Add(stream.Trailers);
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
            if (trailers.GetValue("x-left-alone") is { } leftAlone) LeftAlone = int.Parse(leftAlone, CultureInfo.InvariantCulture);
        }
    }
}
