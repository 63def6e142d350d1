using System.Buffers.Text;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gateway.Grpc.Server.Framing;

/// <summary>Writes bytes as base64, each write as a piece of its own with its padding (PROTOCOL-WEB.md, "Text-encoded streams").</summary>
internal sealed class Base64ResponseStream(HttpResponse response, GrpcServerOptions options) : ResponseStream(response, options)
{
    protected override void Append(PipeWriter output, ReadOnlySpan<byte> part)
    {
        Base64.EncodeToUtf8(part, output.GetSpan(Base64.GetMaxEncodedToUtf8Length(part.Length)), out _, out int written);
        output.Advance(written);
    }
}
