using System.Buffers;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Api.Faces.Rest;

/// <summary>
/// A reader on loan. Its holder disposes it, once or more often, when the message is not needed any more: streams may last for hours.
/// </summary>
internal sealed class RentedReader(ObjectPool<RequestReader> readers) : IDisposable
{
    private RequestReader? _reader = readers.Get();

    /// <summary>The message, valid until the reader is disposed.</summary>
    public ReadOnlySequence<byte> Message => Reader.Message;

    /// <summary>The reader.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public RequestReader Reader => _reader ?? throw new ObjectDisposedException(nameof(RentedReader));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _reader, null) is { } reader)
        {
            readers.Return(reader);
        }
    }
}
