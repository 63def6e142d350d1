using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Api.Memory;

/// <summary>
/// The pools that the server takes its blocks from. Its own ones keep what a large body took, and give back one block in twenty every ten
/// seconds.
/// </summary>
internal sealed class BlockPools : IMemoryPoolFactory<byte>
{
    private readonly ConcurrentBag<BlockPool> _pools = [];

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null)
    {
        var pool = new BlockPool();
        _pools.Add(pool);
        return pool;
    }

    /// <summary>Lets go of the blocks that were not in use since the last call, but for a few.</summary>
    /// <returns>How many bytes.</returns>
    public long Trim() => _pools.Sum(pool => (long)pool.Trim()) * BlockPool.BlockSize;
}
