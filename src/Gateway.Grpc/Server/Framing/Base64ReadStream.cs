using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using Gateway.Grpc.Messages;

namespace Gateway.Grpc.Server.Framing;

/// <summary>
/// Reads bytes out of base64 as it arrives. The text may be several encoded pieces, so padding may stand in its midst (PROTOCOL-WEB.md,
/// "Text-encoded streams").
/// </summary>
internal sealed class Base64ReadStream(PipeReader input) : OneWayStream
{
    private const int Quad = 4;
    private const int QuadBytes = 3;

    // What was decoded beyond the room that there was for it.
    private readonly byte[] _spare = new byte[QuadBytes];
    private int _spareAt = QuadBytes;

    public override bool CanRead => true;

    /// <exception cref="CallFailedException">The text is not base64, or ends within a quad.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int spare = TakeSpare(buffer.Span);
        if (spare > 0 || buffer.IsEmpty) return spare;
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> text = read.Buffer;
            bool valid = TryDecode(ref text, buffer.Span, out int decoded);
            input.AdvanceTo(text.Start, decoded > 0 ? text.Start : text.End);
            if (decoded > 0) return decoded;
            if (!valid || (read.IsCompleted && !text.IsEmpty)) throw new CallFailedException(ServerFailures.BrokenBase64);
            if (read.IsCompleted) return 0;
        }
    }

    // Takes from the text what it decodes, up to what is not base64 or not yet a quad.
    private bool TryDecode(ref ReadOnlySequence<byte> text, Span<byte> destination, out int decoded)
    {
        decoded = 0;
        while (decoded < destination.Length && text.Length >= Quad)
        {
            ReadOnlySpan<byte> run = text.FirstSpan;
            Base64.DecodeFromUtf8(run[..(run.Length / Quad * Quad)], destination[decoded..], out int consumed, out int written, isFinalBlock: false);
            if (consumed == 0)
            {
                // Padded, or in two segments, or longer than the room that is left: by itself.
                if (!TryDecodeSpare(text.Slice(0, Quad))) return false;
                consumed = Quad;
                written = TakeSpare(destination[decoded..]);
            }

            text = text.Slice(consumed);
            decoded += written;
        }

        return true;
    }

    private bool TryDecodeSpare(in ReadOnlySequence<byte> quad)
    {
        Span<byte> text = stackalloc byte[Quad];
        quad.CopyTo(text);
        Span<byte> bytes = stackalloc byte[QuadBytes];
        if (Base64.DecodeFromUtf8(text, bytes, out _, out int length) != OperationStatus.Done) return false;
        _spareAt = QuadBytes - length;
        bytes[..length].CopyTo(_spare.AsSpan(_spareAt));
        return true;
    }

    private int TakeSpare(Span<byte> destination)
    {
        int length = Math.Min(QuadBytes - _spareAt, destination.Length);
        _spare.AsSpan(_spareAt, length).CopyTo(destination);
        _spareAt += length;
        return length;
    }
}
