using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Core.Tests.Upstream;

/// <summary>A caller's token that lives longer than its calls, as the one of the process's end does.</summary>
public sealed class CallerTokenTests
{
    private const int Calls = 10;
    private const int Collections = 20; // the last steps of a call may run after its end is known

    [Theory]
    [InlineData("unary")]
    [InlineData("stream")]
    [InlineData("two-way")]
    public async Task Token_OutlivesItsCalls_HoldsNothingOfThem(string kind)
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);
        using var caller = new CancellationTokenSource();

        var parts = new List<WeakReference>();
        for (var i = 0; i < Calls; i++)
        {
            parts.Add(await CallAsync(upstream, kind, caller.Token));
        }

        for (var i = 0; i < Collections && parts.Exists(part => part.IsAlive); i++)
        {
            await Task.Yield();
#pragma warning disable RS0030 // What is still held shows only when the rest has been collected.
            GC.Collect();
#pragma warning restore RS0030
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(0, parts.Count(part => part.IsAlive));
        GC.KeepAlive(caller);
    }

    // Something that belongs to the call alone, from its beginning to its end.
    private static async Task<WeakReference> CallAsync(UpstreamFixture upstream, string kind, CancellationToken caller)
    {
        var value = new string('x', 1000);
        var metadata = new Metadata();
        metadata.Add("x-part", value);
        await CallAsync(upstream, kind, new UpstreamCall(null, null, caller) { Metadata = metadata });
        return new WeakReference(value);
    }

    private static async Task CallAsync(UpstreamFixture upstream, string kind, UpstreamCall call)
    {
        switch (kind)
        {
            case "unary":
                using (var result = await upstream.Client.CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, call))
                {
                    Assert.True(result.Outcome.IsOK);
                }

                break;
            case "stream":
                await using (var stream = upstream.Stream(call))
                {
                    await ReadAsync(stream.ReadAsync);
                }

                break;
            default:
                await using (var stream = upstream.Client.Duplex(UpstreamFixture.TwoWay, call))
                {
                    await stream.WriteAsync(UpstreamFixture.Request, call.CancellationToken);
                    await stream.CompleteAsync();
                    await ReadAsync(stream.ReadAsync, call.CancellationToken);
                }

                break;
        }
    }

    private static async Task ReadAsync(Func<CancellationToken, ValueTask<Payload?>> readAsync, CancellationToken operation = default)
    {
        var messages = 0;
        while (await readAsync(operation) is { } message)
        {
            message.Dispose();
            messages++;
        }

        Assert.Equal(1, messages);
    }
}
