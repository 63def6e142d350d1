using System.Buffers.Text;
using System.IO.Pipelines;
using Gateway.Grpc.Messages;

namespace Gateway.Grpc.Server.Framing;

/// <summary>Writes bytes as base64, each write as a piece of its own with its padding (PROTOCOL-WEB.md, "Text-encoded streams").</summary>
internal sealed class Base64WriteStream(PipeWriter output) : OneWayStream
{
    // A multiple of three, so that only the last part of a write has padding.
    private const int PartLength = 12 * 1024;

    public override bool CanWrite => true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            int length = Math.Min(buffer.Length, PartLength);
            Encode(buffer.Span[..length]);
            buffer = buffer[length..];
            await output.FlushAsync(cancellationToken); // waits for a client that reads more slowly
        }
    }

    private void Encode(ReadOnlySpan<byte> part)
    {
        Base64.EncodeToUtf8(part, output.GetSpan(Base64.GetMaxEncodedToUtf8Length(part.Length)), out _, out int written);
        output.Advance(written);
    }
}
