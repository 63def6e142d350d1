using System.Buffers;

namespace Gateway.Core.Wire;

/// <summary>
/// Lends arrays of over a megabyte, and keeps a few of those that were lately in use. The shared pool rounds up to powers of two, and keeps
/// what it gets for minutes: one array for each thread and size, and dozens besides. Smaller ones come from the shared pool. Thread-safe.
/// </summary>
public sealed class LargeArrays : ArrayPool<byte>
{
    /// <summary>The largest size that comes from the shared pool, in bytes.</summary>
    public const int MaxShared = 1024 * 1024;

    // What is a little longer or shorter than what was lent before fits.
    private const int Step = 256 * 1024;
    private const int MaxSlack = 2;

    // What is kept for who comes next, in bytes; who comes at the same time as many others gets a new one.
    private const long MaxAtRest = 32 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly List<byte[]> _atRest = []; // what was used last is last
    private long _bytesAtRest;
    private int _unused;

    /// <summary>The pool of the process.</summary>
    public static LargeArrays Pool { get; } = new();

    /// <inheritdoc/>
    public override byte[] Rent(int minimumLength)
    {
        if (minimumLength <= MaxShared)
        {
            return Shared.Rent(minimumLength);
        }

        lock (_lock)
        {
            var fitting = _atRest.FindLastIndex(array => array.Length >= minimumLength && array.Length / MaxSlack <= minimumLength);
            if (fitting >= 0)
            {
                var array = _atRest[fitting];
                Forget(fitting, count: 1);
                _unused = Math.Min(_unused, _atRest.Count);
                return array;
            }
        }

        var steps = (minimumLength + (long)Step - 1) / Step;
        return GC.AllocateUninitializedArray<byte>((int)Math.Min(steps * Step, Array.MaxLength));
    }

    /// <inheritdoc/>
    public override void Return(byte[] array, bool clearArray = false)
    {
        if (array.Length <= MaxShared)
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
            if (_bytesAtRest + array.Length <= MaxAtRest)
            {
                _atRest.Add(array);
                _bytesAtRest += array.Length;
            }
        }
    }

    /// <summary>Lets go of the arrays that lay here all the time since the last trim.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            Forget(0, _unused);
            _unused = _atRest.Count;
        }
    }

    /// <summary>Lets go of all arrays that are not lent.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            Forget(0, _atRest.Count);
            _unused = 0;
        }
    }

    private void Forget(int index, int count)
    {
        foreach (var array in _atRest.GetRange(index, count))
        {
            _bytesAtRest -= array.Length;
        }

        _atRest.RemoveRange(index, count);
    }
}
