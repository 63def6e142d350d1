using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Streams;

/// <summary>The messages of one stream, and how it ended. One read at a time; disposing it early lets go of the rest.</summary>
internal abstract class MessageSource : IAsyncDisposable
{
    /// <summary>How many messages come before the first that this reads.</summary>
    public virtual long Position => 0;

    /// <summary>Why the stream failed; null when it ended well. To be asked at the end.</summary>
    public abstract ApiError? Failure { get; }

    /// <summary>The tokens that the stream took, whoever reads it; whole at the end. Null when they are not counted here.</summary>
    public virtual TokenCounts? Tokens => null;

    /// <summary>The next message, which the caller owns; null at the end.</summary>
    /// <exception cref="OperationCanceledException">The token fired, or the stream's own.</exception>
    public abstract ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
