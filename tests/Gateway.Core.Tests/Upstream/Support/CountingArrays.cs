using System.Buffers;
using System.Collections.Concurrent;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>A pool that knows which of its arrays are lent, and notices when one comes back twice or is written to after.</summary>
internal sealed class CountingArrays : ArrayPool<byte>
{
    private const byte Free = 0xDD;

    private readonly ConcurrentDictionary<byte[], bool> _lent = new(ReferenceEqualityComparer.Instance);
    private int _rented;

    public int Lent => _lent.Count;

    public int Rented => Volatile.Read(ref _rented);

    public override byte[] Rent(int minimumLength)
    {
        var array = new byte[minimumLength];
        _lent[array] = true;
        Interlocked.Increment(ref _rented);
        return array;
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        Assert.True(_lent.TryRemove(array, out _), "An array came back that was not lent.");
        array.AsSpan().Fill(Free); // whoever still reads it, sends rubbish
    }
}
