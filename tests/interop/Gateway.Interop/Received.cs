using Gateway.Grpc;
using Google.Protobuf;

namespace Gateway.Interop;

/// <summary>A message as it came.</summary>
/// <param name="Message">What it says.</param>
/// <param name="Size">The number of its bytes, not compressed.</param>
/// <param name="WasCompressed">Whether it came with the compressed flag.</param>
internal sealed record Received<T>(T Message, int Size, bool WasCompressed)
    where T : IMessage<T>, new()
{
    /// <summary>Reads a message, and disposes its bytes.</summary>
    public static Received<T> From(Payload payload)
    {
        using (payload)
        {
            var message = new T();
            message.MergeFrom(payload.Span);
            return new Received<T>(message, payload.Length, payload.WasCompressed);
        }
    }
}
