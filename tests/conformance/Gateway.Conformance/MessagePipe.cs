using System.Buffers.Binary;
using Google.Protobuf;

namespace Gateway.Conformance;

/// <summary>Messages as the suite's runner sends them over a pipe: four bytes of length, little-endian, and the message.</summary>
internal static class MessagePipe
{
    /// <summary>The next message; null when the runner has closed the pipe.</summary>
    public static byte[]? Read(Stream input)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        if (input.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
        {
            return null;
        }

        var message = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        input.ReadExactly(message);
        return message;
    }

    /// <summary>Sends a message at once.</summary>
    public static void Write(Stream output, IMessage message)
    {
        var framed = new byte[sizeof(int) + message.CalculateSize()];
        BinaryPrimitives.WriteInt32LittleEndian(framed, framed.Length - sizeof(int));
        message.WriteTo(framed.AsSpan(sizeof(int)));
        output.Write(framed);
        output.Flush();
    }
}
