using System.Buffers;

namespace Gateway.Core.Wire;

/// <summary>
/// Lends the large segments that long messages are written into, and keeps as many at rest as were lately in use. The shared pool keeps a
/// few dozen arrays of a size for each core, which is less than two images take, and makes the rest anew, megabytes for each request. Other
/// sizes come from the shared pool. Thread-safe.
/// </summary>
public sealed class SegmentPool : ArrayPool<byte>, IDisposable
{
    /// <summary>The size that the pool keeps, in bytes.</summary>
    public const int SegmentSize = 256 * 1024;

    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _atRest = new();

    // Let go of, but not collected yet: taking one of these back is better than having it twice.
    private readonly List<WeakReference<byte[]>> _letGo = [];
    private readonly ITimer _timer;
    private int _unused;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="time">The clock of giving back what is not used.</param>
    public SegmentPool(TimeProvider time) =>
        _timer = time.CreateTimer(static pool => ((SegmentPool)pool!).Trim(), this, TrimInterval, TrimInterval);

    /// <summary>Segments that are not lent.</summary>
    public int AtRest
    {
        get
        {
            lock (_lock)
            {
                return _atRest.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override byte[] Rent(int minimumLength)
    {
        if (minimumLength is <= SegmentSize / 2 or > SegmentSize)
        {
            return Shared.Rent(minimumLength);
        }

        lock (_lock)
        {
            if (_atRest.TryPop(out var segment))
            {
                _unused = Math.Min(_unused, _atRest.Count);
                return segment;
            }

            segment = TakeBack();
            if (segment is not null)
            {
                return segment;
            }
        }

        return GC.AllocateUninitializedArray<byte>(SegmentSize);
    }

    /// <inheritdoc/>
    public override void Return(byte[] array, bool clearArray = false)
    {
        if (array.Length != SegmentSize)
        {
            Shared.Return(array, clearArray);
            return;
        }

        if (clearArray)
        {
            Array.Clear(array);
        }

        lock (_lock)
        {
            _atRest.Push(array);
        }
    }

    /// <summary>Lets go of all segments that are not lent.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _atRest.Clear();
            _atRest.TrimExcess();
            _letGo.Clear();
            _unused = 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private byte[]? TakeBack()
    {
        byte[]? segment = null;
        while (segment is null && _letGo.Count > 0)
        {
            _letGo[^1].TryGetTarget(out segment);
            _letGo.RemoveAt(_letGo.Count - 1);
        }

        return segment;
    }

    /// <summary>Lets go of the segments that lay here all the time since the last trim.</summary>
    private void Trim()
    {
        lock (_lock)
        {
            _letGo.RemoveAll(segment => !segment.TryGetTarget(out _));
            for (; _unused > 0; _unused--)
            {
                _letGo.Add(new WeakReference<byte[]>(_atRest.Pop()));
            }

            _atRest.TrimExcess();
            _unused = _atRest.Count;
        }
    }
}
