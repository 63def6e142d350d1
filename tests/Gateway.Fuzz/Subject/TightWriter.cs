using System.Buffers;

namespace Gateway.Fuzz.Subject;

/// <summary>Gives no byte more than it is asked for, so that writing beyond that is an exception.</summary>
internal sealed class TightWriter : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[1024];
    private int _length;
    private int _given;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear() => (_length, _given) = (0, 0);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _given);
        _length += count;
        _given -= count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        _given = Math.Max(1, sizeHint);
        if (_length + _given > _bytes.Length)
        {
            Array.Resize(ref _bytes, 2 * (_length + _given));
        }

        return _bytes.AsMemory(_length, _given);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
