using Gateway.Core.Upstream.Failures;
using Grpc.Core;

namespace Gateway.Core.Upstream.Calls;

/// <summary>How a call with one response message ended. Its holder disposes it, which disposes the message.</summary>
/// <typeparam name="TMessage">What the message is.</typeparam>
public sealed class UnaryResult<TMessage> : IDisposable
    where TMessage : class
{
    private readonly ResponseMetadata _metadata;

    internal UnaryResult(ResponseMetadata metadata, CallOutcome outcome, TMessage? message)
    {
        _metadata = metadata;
        Outcome = outcome;
        Message = message;
    }

    /// <summary>How the call ended.</summary>
    public CallOutcome Outcome { get; }

    /// <summary>The response; there is one exactly if the call succeeded.</summary>
    public TMessage? Message { get; }

    /// <summary>The response's headers; empty when there were none.</summary>
    public Metadata Headers => _metadata.Headers;

    /// <summary>The response's trailers; empty when there were none.</summary>
    public Metadata Trailers => _metadata.Trailers;

    /// <summary>How the call ended, and the response.</summary>
    public void Deconstruct(out CallOutcome outcome, out TMessage? message) => (outcome, message) = (Outcome, Message);

    /// <summary>Disposes the message.</summary>
    public void Dispose() => (Message as IDisposable)?.Dispose();
}
