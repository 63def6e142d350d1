using Gateway.Core.Wire;

namespace Gateway.Core.Tests.Wire;

/// <summary>What the pool of large arrays keeps, and for how long.</summary>
public sealed class LargeArraysTests
{
    private const int Size = 3 * LargeArrays.MaxShared;

    private readonly LargeArrays _pool = new();

    [Fact]
    public void Rent_AfterReturn_IsTheSameArrayForWhatFits()
    {
        var array = _pool.Rent(Size);
        _pool.Return(array);

        Assert.NotSame(array, _pool.Rent(Size / 3 + 1));
        Assert.NotSame(array, _pool.Rent(2 * Size));
        Assert.Same(array, _pool.Rent(Size - 1));
        Assert.NotSame(array, _pool.Rent(Size));
    }

    [Fact]
    public void Rent_IsLittleMoreThanWhatIsAskedFor() => Assert.InRange(_pool.Rent(Size + 1).Length, Size + 1, Size + LargeArrays.MaxShared);

    [Fact]
    public void Trim_ArraysUnusedSinceTheLast_AreLetGo()
    {
        var used = _pool.Rent(Size);
        var unused = _pool.Rent(Size);
        _pool.Return(unused);
        _pool.Return(used);

        _pool.Trim();
        _pool.Return(_pool.Rent(Size));
        _pool.Trim();

        Assert.Same(used, _pool.Rent(Size));
        Assert.NotSame(unused, _pool.Rent(Size));
    }

    [Fact]
    public void Clear_LetsGoOfAll()
    {
        var array = _pool.Rent(Size);
        _pool.Return(array);
        _pool.Clear();

        Assert.NotSame(array, _pool.Rent(Size));
    }

    [Fact]
    public void Return_OfMoreThanIsKept_LetsGoOfIt()
    {
        byte[][] arrays = [.. Enumerable.Range(0, 32).Select(_ => _pool.Rent(Size))];
        Array.ForEach(arrays, array => _pool.Return(array));

        Assert.InRange(Enumerable.Range(0, 32).Count(_ => arrays.Contains(_pool.Rent(Size))), 1, 16);
    }
}
