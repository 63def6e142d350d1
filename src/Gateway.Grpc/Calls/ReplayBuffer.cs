using System.Buffers;
using Gateway.Grpc.Messages;

namespace Gateway.Grpc.Calls;

/// <summary>Copies of the first messages of a streamed request, to send them again. Its owner sees to it that one thing happens at a time.</summary>
internal sealed class ReplayBuffer
{
    // What one waiting call may hold in memory. Questions and handshakes fit, images do not.
    private const int Limit = 64 * 1024;

    private List<KeptMessage>? _messages = [];
    private int _length;

    /// <summary>Whether everything that was added is still here.</summary>
    public bool IsWhole => Volatile.Read(ref _messages) is not null;

    /// <summary>Keeps a message; one that no longer fits drops all, as a part of a request is of no use.</summary>
    public void Add(in GrpcMessage message, bool gzip)
    {
        if (Volatile.Read(ref _messages) is not { } messages) return;
        if (MessagePrefix.Size + message.Bytes.Length > Limit - _length)
        {
            Drop();
            return;
        }

        messages.Add(new KeptMessage(message with { Bytes = new ReadOnlySequence<byte>(message.Bytes.ToArray()) }, gzip));
        _length += MessagePrefix.Size + (int)message.Bytes.Length;
    }

    /// <summary>Lets go of the messages; this may happen at any time.</summary>
    public void Drop() => Volatile.Write(ref _messages, null);

    /// <summary>Sends the request's headers and the messages. A failure is not told: whoever waits for the response sees it.</summary>
    public async Task WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            foreach (KeptMessage kept in Volatile.Read(ref _messages) ?? [])
            {
                await MessageWriter.WriteAsync(stream, kept.Message, kept.Gzip, cancellationToken);
            }

            await stream.FlushAsync(cancellationToken); // without messages too: the headers would else wait for the first
        }
        catch (Exception exception) when (TransportFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
        }
    }

    private readonly record struct KeptMessage(GrpcMessage Message, bool Gzip);
}
