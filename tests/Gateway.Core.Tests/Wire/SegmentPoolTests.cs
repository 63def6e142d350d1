using Gateway.Core.Wire;
using Gateway.Testing;

namespace Gateway.Core.Tests.Wire;

/// <summary>What the pool keeps, and for how long.</summary>
public sealed class SegmentPoolTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly ManualTimeProvider _time = new();
    private readonly SegmentPool _pool;

    public SegmentPoolTests() => _pool = new SegmentPool(_time);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Rent_AfterReturn_IsTheSameSegment()
    {
        var segment = _pool.Rent(SegmentPool.SegmentSize);
        _pool.Return(segment);

        Assert.Equal(SegmentPool.SegmentSize, segment.Length);
        Assert.Same(segment, _pool.Rent(SegmentPool.SegmentSize));
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(SegmentPool.SegmentSize / 2)]
    [InlineData(SegmentPool.SegmentSize + 1)]
    public void Return_OtherSizes_AreNotKept(int size)
    {
        var other = _pool.Rent(size);
        _pool.Return(other);

        Assert.True(other.Length >= size);
        Assert.Equal(0, _pool.AtRest);
    }

    [Fact]
    public void Return_Cleared_HoldsNothingOfItsLastUse()
    {
        var segment = _pool.Rent(SegmentPool.SegmentSize);
        segment.AsSpan().Fill(1);
        _pool.Return(segment, clearArray: true);

        Assert.False(_pool.Rent(SegmentPool.SegmentSize).AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Trim_SegmentsUnusedForAWholeInterval_AreLetGo()
    {
        byte[][] lent = [.. Enumerable.Range(0, 4).Select(_ => _pool.Rent(SegmentPool.SegmentSize))];
        Array.ForEach(lent, segment => _pool.Return(segment));

        _time.Advance(Interval);
        Assert.Equal(4, _pool.AtRest);

        _pool.Return(_pool.Rent(SegmentPool.SegmentSize));
        _time.Advance(Interval);
        Assert.Equal(1, _pool.AtRest);

        _time.Advance(Interval);
        Assert.Equal(0, _pool.AtRest);
    }

    [Fact]
    public void Rent_LetGoButNotCollected_IsTakenBack()
    {
        var segment = _pool.Rent(SegmentPool.SegmentSize);
        _pool.Return(segment);
        _time.Advance(Interval);
        _time.Advance(Interval);
        Assert.Equal(0, _pool.AtRest);

        Assert.Same(segment, _pool.Rent(SegmentPool.SegmentSize));
        Assert.NotSame(segment, _pool.Rent(SegmentPool.SegmentSize));
    }
}
