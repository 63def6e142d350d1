using Grpc.Core;

namespace Gateway.Core.Upstream.Failures;

/// <summary>How a call ended, and what this side knows about it besides.</summary>
/// <param name="Code">The status code of gRPC.</param>
/// <param name="Message">The text of the status: the peer's own, or a fixed sentence of ours; never an exception's.</param>
public readonly record struct CallOutcome(StatusCode Code, string Message = "")
{
    /// <summary>Success.</summary>
    public static readonly CallOutcome OK = new(StatusCode.OK);

    /// <summary>How a call ended that took longer than it might.</summary>
    public static CallOutcome NotWithin(TimeSpan limit) => CallFailures.DeadlineExceeded(limit);

    /// <summary>The text of the status; never null.</summary>
    public string Message { get => field ?? ""; init; } = Message;

    /// <summary>Whether this side's own size limit ended the call, rather than the peer's judgement.</summary>
    public bool IsOverSizeLimit { get; init; }

    /// <summary>Whether this side had no memory for the answer.</summary>
    public bool IsOutOfMemory { get; init; }

    /// <summary>Whether this side ended the call because it shuts down.</summary>
    public bool IsShutdown { get; init; }

    /// <summary>Whether this side made the outcome because it could not connect, or lost the connection: the peer did not answer.</summary>
    public bool IsConnectionFailure { get; init; }

    /// <summary>Whether the peer surely has done nothing for the call, so that making it again is safe whatever it asks for.</summary>
    public bool IsUnprocessed { get; init; }

    /// <summary>Whether the peer answered a status of HTTP that says that it is at fault: 500 or above.</summary>
    public bool IsHttpServerError { get; init; }

    /// <summary>Whether it tells nothing of the peer, which was not asked, or had nothing to answer yet.</summary>
    public bool TellsNothing { get; init; }

    /// <summary>What the log says besides, of a peer that is none of the client's business; null for nothing.</summary>
    public string? Cause { get; init; }

    /// <summary>The outcome without a credential that its text may repeat; null for none.</summary>
    public CallOutcome Hiding(Pat? credential) =>
        credential is null || Message.Length == 0 ? this : this with { Message = credential.Hide(Message) };

    /// <summary>Whether the call succeeded.</summary>
    public bool IsOK => Code == StatusCode.OK;
}
