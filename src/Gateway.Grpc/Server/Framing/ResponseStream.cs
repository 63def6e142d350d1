using System.Buffers;
using System.IO.Pipelines;
using Gateway.Grpc.Messages;
using Microsoft.AspNetCore.Http;

namespace Gateway.Grpc.Server.Framing;

/// <summary>
/// The body of a response, to which every write is sent at once. A long one goes in parts, each of which waits until the client takes it: so
/// a slow client is told from one that stopped, and no more than a part of a message waits in the server's buffers.
/// </summary>
internal class ResponseStream(HttpResponse response, GrpcServerOptions options) : OneWayStream
{
    // A multiple of three, so that base64 has padding at the end of a write alone.
    private const int PartLength = 48 * 1024;

    public override bool CanWrite => true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            int length = Math.Min(buffer.Length, PartLength);
            Append(response.BodyWriter, buffer.Span[..length]);
            buffer = buffer[length..];
            await FlushBodyAsync(cancellationToken);
        }
    }

    /// <summary>Puts a part as it travels into the writer.</summary>
    protected virtual void Append(PipeWriter output, ReadOnlySpan<byte> part) => output.Write(part);

    private ValueTask<FlushResult> FlushBodyAsync(CancellationToken cancellationToken)
    {
        ValueTask<FlushResult> flush = response.BodyWriter.FlushAsync(cancellationToken);
        return flush.IsCompleted || options.WatchClient is not { } watch ? flush : watch(response.HttpContext, flush);
    }
}
