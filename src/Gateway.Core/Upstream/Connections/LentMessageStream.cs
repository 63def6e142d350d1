using Gateway.Core.Upstream.Calls;

namespace Gateway.Core.Upstream.Connections;

/// <summary>What the gRPC client writes a request to: after the prefix of a message that was lent, it writes the message itself.</summary>
internal sealed class LentMessageStream(Stream inner) : WriteOnlyStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        RequestMessage.TakeLent() is { } message ? WriteAsync(buffer, message, cancellationToken) : inner.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> prefix, RequestMessage message, CancellationToken cancellationToken)
    {
        await inner.WriteAsync(prefix, cancellationToken);
        await message.SendAsync(inner, cancellationToken);
    }
}
