using System.Globalization;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Testing;

namespace Gateway.Core.Tests.Upstream;

/// <summary>Many calls at once, on a server that leaves one connection after the other (GOAWAY): none fails.</summary>
public sealed class LeavingServerTests
{
    private const int Workers = 16;
    private const int Rounds = 20; // of three calls each
    private const int MinConnections = 10;

    // More than there are workers: what was refused is then among the first calls on the next connection, which are answered.
    private const int CallsPerConnection = 40;

    // Only a call that hangs needs it.
    private static readonly UpstreamCall Limited = new(null, TimeSpan.FromSeconds(30), default);

    [Theory]
    [InlineData("refusing")]
    [InlineData("twice")]
    public async Task Load_OnAServerThatKeepsLeaving_FailsNoCall(string way)
    {
        await using var server = await NodeProgram.StartAsync("goaway-server.js", way, CallsPerConnection.ToString(CultureInfo.InvariantCulture));
        await using var upstream = new UpstreamFixture([[await server.ReadAddressAsync()]], UpstreamFixture.AtOnce with { Budget = 1000 });

        var connections = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(upstream)));

        Assert.InRange(connections.SelectMany(seen => seen).Distinct().Count(), MinConnections, Workers * Rounds);
    }

    // The connections that carried the calls.
    private static async Task<List<string?>> WorkAsync(UpstreamFixture upstream)
    {
        var connections = new List<string?>();
        for (var round = 0; round < Rounds; round++)
        {
            connections.Add(await UnaryAsync(upstream));
            connections.Add(await StreamAsync(upstream));
            connections.Add(await TwoWayAsync(upstream));
        }

        return connections;
    }

    private static async Task<string?> UnaryAsync(UpstreamFixture upstream)
    {
        using var result = await upstream.Client.CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, Limited);
        Assert.True(result.Outcome.IsOK);
        return result.Trailers.GetValue("x-connection");
    }

    private static async Task<string?> StreamAsync(UpstreamFixture upstream)
    {
        await using var stream = upstream.Stream(Limited);
        (await stream.ReadAsync())?.Dispose();
        Assert.Null(await stream.ReadAsync());
        Assert.True(stream.Outcome.IsOK);
        return stream.Trailers.GetValue("x-connection");
    }

    private static async Task<string?> TwoWayAsync(UpstreamFixture upstream)
    {
        await using var stream = upstream.Client.Duplex(UpstreamFixture.TwoWay, Limited);
        for (var i = 0; i < 2; i++)
        {
            await stream.WriteAsync(UpstreamFixture.Request); // if it fails, reading says why
            (await stream.ReadAsync())?.Dispose();
        }

        await stream.CompleteAsync();
        Assert.Null(await stream.ReadAsync());
        Assert.True(stream.Outcome.IsOK);
        return stream.Trailers.GetValue("x-connection");
    }
}
