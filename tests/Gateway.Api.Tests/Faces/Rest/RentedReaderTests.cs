using Gateway.Api.Configuration;
using Gateway.Api.Faces.Rest;
using Gateway.Core.Json;
using Gateway.Core.Wire;
using Gateway.Testing;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Api.Tests.Faces.Rest;

/// <summary>Readers on loan, which streams give back before they end.</summary>
public sealed class RentedReaderTests
{
    [Fact]
    public void Dispose_Again_GivesTheReaderBackOnce()
    {
        using var segments = new SegmentPool(new ManualTimeProvider());
        var pool = new CountingPool(segments);
        var rented = new RentedReader(pool);
        Assert.True(rented.Message.IsEmpty);

        rented.Dispose();
        rented.Dispose();

        Assert.Equal(1, pool.Returned);
        Assert.Throws<ObjectDisposedException>(() => rented.Message);
    }

    private sealed class CountingPool(SegmentPool segments) : ObjectPool<RequestReader>
    {
        public int Returned { get; private set; }

        public override RequestReader Get() => new(segments, JsonLimits.Default, new LimitOptions());

        public override void Return(RequestReader obj)
        {
            obj.Dispose();
            Returned++;
        }
    }
}
