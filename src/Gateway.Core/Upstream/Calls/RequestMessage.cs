using System.Buffers;
using Grpc.Core;

namespace Gateway.Core.Upstream.Calls;

/// <summary>
/// The bytes of a message on their way to the gRPC client, which copies them when it sends the message, or sends it again. Whoever lent the
/// bytes may use them for something else once this is closed: what comes later finds nothing to copy, and fails. Thread-safe.
/// </summary>
internal sealed class RequestMessage(ReadOnlySequence<byte> bytes)
{
    private readonly Lock _gate = new();
    private ReadOnlySequence<byte> _bytes = bytes;
    private bool _closed;

    /// <summary>Writes the message where the client wants it.</summary>
    /// <exception cref="OperationCanceledException">The message is closed: its call is over.</exception>
    public void WriteTo(SerializationContext context)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw new OperationCanceledException();
            }

            context.SetPayloadLength(checked((int)_bytes.Length));
            var writer = context.GetBufferWriter();
            foreach (var segment in _bytes)
            {
                writer.Write(segment.Span);
            }

            context.Complete();
        }
    }

    /// <summary>Gives the bytes back. Waits for a copy that is under way.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _bytes = default;
        }
    }
}
