using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>Messages as they travel (PROTOCOL-HTTP2.md, "Length-Prefixed-Message"), made by hand.</summary>
internal static class Frames
{
    public static byte[] Plain(IMessage message) => Framed(0, message.ToByteArray());

    /// <summary>A message in gzip that makes it no smaller: nobody but a test packs so, and whoever packs it anew makes other bytes.</summary>
    public static byte[] Gzip(IMessage message) => Framed(1, Pack(message.ToByteArray(), CompressionLevel.NoCompression));

    /// <summary>A frame with bytes of any kind.</summary>
    public static byte[] Framed(byte flag, byte[] bytes)
    {
        var frame = new byte[5 + bytes.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes.Length);
        bytes.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Pack(byte[] bytes, CompressionLevel level)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
