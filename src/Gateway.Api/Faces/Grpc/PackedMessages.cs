using System.IO.Compression;
using Gateway.Core.Upstream.Calls;
using Grpc.Net.Compression;

namespace Gateway.Api.Faces.Grpc;

/// <summary>
/// Has the server hand over packed messages as they came. It would unpack each at once, before anybody could say what it may become, and a
/// byte can become a thousand; <see cref="UnpackedMessage"/> does it when it is known whose message it is.
/// </summary>
/// <remarks>
/// The server reads a message from the stream that it gets here, and makes a payload of it, at once and on the same thread. Nothing else
/// links the two.
/// </remarks>
internal sealed class PackedMessages : ICompressionProvider
{
    /// <summary>The coding, as the protocol calls it (gRPC, compression.md).</summary>
    public const string Gzip = "gzip";

    [ThreadStatic]
    private static bool _isPacked;

    public string EncodingName => Gzip;

    /// <summary>Makes a payload of what the server has read.</summary>
    public static Payload Read(global::Grpc.Core.DeserializationContext context)
    {
        var isPacked = _isPacked;
        _isPacked = false;
        return Payload.CopyOf(context.PayloadAsReadOnlySequence(), default, isPacked);
    }

    public Stream CreateDecompressionStream(Stream stream)
    {
        _isPacked = true;
        return stream;
    }

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GZipStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);
}
