namespace Gateway.Api.Faces.Grpc;

/// <summary>
/// The bytes of a packed message, the last of them apart: whether it was asked for shows whether what was unpacked came to its end before.
/// </summary>
/// <param name="packed">All bytes.</param>
/// <param name="last">What to give in place of the last.</param>
internal sealed class PackedBytes(ReadOnlyMemory<byte> packed, byte last) : Stream
{
    private ReadOnlyMemory<byte> _rest = packed[..^1];

    /// <summary>Whether all bytes were asked for.</summary>
    public bool IsAtEnd { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_rest.IsEmpty)
        {
            return IsAtEnd ? 0 : ReadLast(buffer);
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int ReadLast(Span<byte> buffer)
    {
        buffer[0] = last;
        IsAtEnd = true;
        return 1;
    }
}
