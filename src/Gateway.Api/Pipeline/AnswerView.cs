using Gateway.Api.Errors;
using Gateway.Api.Streams;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Pipeline;

/// <summary>What clients get to see of the messages that a streaming RPC answers.</summary>
internal abstract class AnswerView(RpcPlan rpc)
{
    /// <summary>The RPC that answers.</summary>
    public RpcPlan Rpc { get; } = rpc;

    /// <summary>Shows one message.</summary>
    /// <param name="message">The message; stays the caller's.</param>
    /// <param name="record">What is to be seen of it, valid until the next one; empty for nothing.</param>
    /// <returns>False when the message cannot be read.</returns>
    public abstract bool TryShow(ReadOnlyMemory<byte> message, out StreamRecord record);

    /// <summary>
    /// Why the message that was shown last is the call's failure, though its status says nothing of it; null when it is none.
    /// </summary>
    public virtual ApiError? Failure => null;

    /// <summary>Whether the answer is over, whatever the upstream has behind the message that was shown last.</summary>
    public virtual bool IsOver => false;

    /// <summary>Shows what comes behind the last message of a stream that ended well; asked until there is no more.</summary>
    /// <param name="record">What is to be seen, valid until the next one.</param>
    /// <returns>False when there is no more.</returns>
    public virtual bool TryShowEnd(out StreamRecord record)
    {
        record = default;
        return false;
    }

    /// <summary>Answers with the first message, which failed, under the HTTP status that this means.</summary>
    /// <param name="message">The message; stays the caller's.</param>
    public abstract Task FailAsync(HttpContext http, Payload message);
}
