using System.Buffers;
using System.Collections.Concurrent;

namespace Gateway.Api.Memory;

/// <summary>
/// Lends the blocks that the server reads into and writes from. They are not pinned, as the server's own are: sockets pin what they use for
/// as long as they use it, and what is pinned for ever keeps the memory around it from being given back. Thread-safe.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    /// <summary>The size of a block, in bytes: the server's own.</summary>
    public const int BlockSize = 4096;

    // A megabyte: what is worth keeping for who comes next.
    private const int AlwaysKept = 256;

    private readonly ConcurrentQueue<Block> _atRest = new();
    private int _lent;
    private int _most;

    public override int MaxBufferSize => BlockSize;

    /// <summary>The blocks that are not lent.</summary>
    public int AtRest => _atRest.Count;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        var lent = Interlocked.Increment(ref _lent);
        if (lent > _most)
        {
            _most = lent; // about: two at a time may lose one
        }

        return _atRest.TryDequeue(out var block) ? block : new Block(this);
    }

    /// <summary>Lets go of the blocks that were not in use since the last call, but for a few.</summary>
    /// <returns>How many.</returns>
    public int Trim()
    {
        var lent = Volatile.Read(ref _lent);
        var kept = Math.Max(Interlocked.Exchange(ref _most, lent), AlwaysKept) - lent;
        var count = 0;
        for (var left = _atRest.Count - kept; left > 0 && _atRest.TryDequeue(out _); left--)
        {
            count++;
        }

        return count;
    }

    protected override void Dispose(bool disposing) => _atRest.Clear();

    private void Return(Block block)
    {
        Interlocked.Decrement(ref _lent);
        _atRest.Enqueue(block);
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize);

        public void Dispose() => pool.Return(this);
    }
}
