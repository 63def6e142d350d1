using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream.Balancing;
using Gateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Core.Tests.Upstream.Balancing;

public sealed class EndpointGroupTests
{
    [Fact]
    public async Task Probe_WantedByMany_IsOneCalls()
    {
        var ejection = new EjectionOptions { Failures = 1 };
        var clock = new ManualTimeProvider();
        await using var upstream = new UpstreamFixture();
        var endpoint = new Endpoint(upstream.ChannelTo(Nobody.At()), new EndpointHealth(ejection, clock), patience: null, NullLogger.Instance);
        var group = new EndpointGroup([endpoint]);
        endpoint.Health.Failed();

        for (var i = 1; i <= 10_000; i++)
        {
            clock.Advance(ejection.MaxTime);
            var admitted = 0;
            Parallel.For(0, 8, _ =>
            {
                if (group.TryPick(except: null) is not null)
                {
                    Interlocked.Increment(ref admitted);
                }
            });
            Assert.Equal(1, admitted);
        }
    }
}
