using Gateway.Core.Upstream.Calls;

namespace Gateway.Core.Upstream.Connections;

/// <summary>What the gRPC client writes a request to: in the place of a message that was lent, the client's own is empty.</summary>
/// <param name="inner">Where the request goes.</param>
/// <param name="request">Learns that its messages are bytes, and where the answer counts.</param>
internal sealed class LentMessageStream(Stream inner, RequestContent request) : WriteOnlyStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var message = RequestMessage.TakeSerialized();
        request.IsOfBytes |= message is not null;
        request.Memory ??= message?.Memory;
        return message is { IsLent: true }
            ? new ValueTask(message.SendAsync(inner, cancellationToken))
            : inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
}
