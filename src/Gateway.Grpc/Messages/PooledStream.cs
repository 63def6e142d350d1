namespace Gateway.Grpc.Messages;

/// <summary>A stream to write into a pooled array, which ends as a <see cref="Payload"/>.</summary>
internal sealed class PooledStream(int capacity) : OneWayStream
{
    private byte[] _array = PooledArray.Rent(capacity);
    private int _length;
    private bool _detached;

    public override bool CanWrite => true;

    public override long Length => _length;

    /// <summary>Hands over what was written; nothing may be written after.</summary>
    public Payload Detach()
    {
        _detached = true;
        return new Payload(_array, _length);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (_array.Length - _length < buffer.Length) PooledArray.Grow(ref _array, _length, Array.MaxLength);
        buffer.CopyTo(_array.AsSpan(_length));
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    protected override void Dispose(bool disposing)
    {
        if (!_detached) PooledArray.Return(_array);
        _detached = true;
        base.Dispose(disposing);
    }
}
