using System.Buffers.Binary;
using System.Text;
using Gateway.Grpc.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Grpc.Server.Framing;

/// <summary>
/// The last frame of a gRPC-Web response (PROTOCOL-WEB.md, "Message framing"):
/// <code>
/// 0x80, length as four bytes, big-endian, then of each field: name in lower case ":" value CR LF
/// </code>
/// </summary>
internal static class TrailersFrame
{
    private const byte Trailers = 0x80;

    public static byte[] Encode(IHeaderDictionary fields)
    {
        var text = new StringBuilder();
        foreach ((string name, StringValues values) in fields)
        {
            foreach (string? value in values) text.Append(name).Append(':').Append(value).Append("\r\n");
        }

        byte[] frame = new byte[MessagePrefix.Size + text.Length];
        Encoding.ASCII.GetBytes(text.ToString(), frame.AsSpan(MessagePrefix.Size));
        frame[0] = Trailers;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), text.Length);
        return frame;
    }
}
