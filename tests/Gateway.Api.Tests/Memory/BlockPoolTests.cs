using Gateway.Api.Memory;

namespace Gateway.Api.Tests.Memory;

/// <summary>What the pool of the server's blocks keeps, and for how long.</summary>
public sealed class BlockPoolTests : IDisposable
{
    private const int Many = 2000;
    private const int AlwaysKept = 256;

    private readonly BlockPool _pool = new();

    [Fact]
    public void Block_GivenBack_IsLentAgain()
    {
        var block = _pool.Rent();
        block.Dispose();

        Assert.Same(block, _pool.Rent());
    }

    [Fact]
    public void Trim_KeepsWhatWasInUseSinceTheLast_AndThenAFew()
    {
        Use(Many);

        Assert.Equal(0, _pool.Trim());
        Assert.Equal(Many, _pool.AtRest);
        Assert.Equal(Many - AlwaysKept, _pool.Trim());
        Assert.Equal(AlwaysKept, _pool.AtRest);
    }

    [Fact]
    public void Trim_LetsGoOfNothingThatIsLent()
    {
        var lent = Enumerable.Range(0, Many).Select(_ => _pool.Rent()).ToList();

        Assert.Equal(0, _pool.Trim());
        Assert.Equal(0, _pool.Trim());
        lent.ForEach(block => block.Memory.Span.Fill(1));
        lent.ForEach(block => block.Dispose());

        Assert.Equal(Many, _pool.AtRest);
    }

    [Fact]
    public void Rent_OfMoreThanABlock_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => _pool.Rent(BlockPool.BlockSize + 1));

    public void Dispose() => _pool.Dispose();

    private void Use(int blocks) => Enumerable.Range(0, blocks).Select(_ => _pool.Rent()).ToList().ForEach(block => block.Dispose());
}
