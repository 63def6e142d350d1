using System.Buffers;

namespace Gateway.Grpc;

/// <summary>A message to send. Its bytes stay the caller's.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="IsCompressed">
/// Whether they are compressed already, with what the call announces: they go out as they are, and only the flag in front says so.
/// </param>
public readonly record struct GrpcMessage(ReadOnlySequence<byte> Bytes, bool IsCompressed = false)
{
    /// <summary>Makes a message of bytes in one piece.</summary>
    public GrpcMessage(ReadOnlyMemory<byte> bytes)
        : this(new ReadOnlySequence<byte>(bytes))
    {
    }

    /// <summary>A message that is not compressed.</summary>
    public static implicit operator GrpcMessage(ReadOnlySequence<byte> bytes) => new(bytes);

    /// <summary>A message that was received, in the form that it has.</summary>
    /// <exception cref="ObjectDisposedException">The payload was disposed.</exception>
    public static implicit operator GrpcMessage(Payload payload) => new(payload.Memory) { IsCompressed = payload.IsCompressed };
}
