using Gateway.Core.Upstream.Failures;
using Google.Protobuf;
using Grpc.Core;
using StatusCode = Clarifai.Api.Status.StatusCode;

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

    /// <summary>A call that was not made.</summary>
    /// <param name="refusal">Why.</param>
    internal static UnaryResult<TMessage> Refused(CallRefusal refusal) =>
        new(new ResponseMetadata(static () => Task.FromResult<Metadata>([]), () => refusal.Trailers), refusal.Outcome, null);

    /// <summary>A call whose end has no metadata.</summary>
    internal static UnaryResult<TMessage> Of(CallOutcome outcome, TMessage? message = null) =>
        new(ResponseMetadata.None, outcome, message);

    /// <summary>The same end for another client, whose message is its own.</summary>
    internal UnaryResult<TMessage> With(TMessage? message) => new(_metadata, Outcome, message) { Credential = Credential };

    /// <summary>How the call ended.</summary>
    public CallOutcome Outcome { get; private set; }

    /// <summary>The response; there is one exactly if the call succeeded.</summary>
    public TMessage? Message { get; private set; }

    /// <summary>The response's headers; empty when there were none.</summary>
    public Metadata Headers => _metadata.Headers;

    /// <summary>The response's trailers; empty when there were none.</summary>
    public Metadata Trailers => _metadata.Trailers;

    /// <summary>
    /// What the attempt was made with that this is the result of, and what therefore may stand in its headers and trailers; null for
    /// nothing.
    /// </summary>
    public Pat? Credential { get; private set; }

    /// <summary>How the call ended, and the response.</summary>
    public void Deconstruct(out CallOutcome outcome, out TMessage? message) => (outcome, message) = (Outcome, Message);

    /// <summary>Masks a credential where the upstream's texts of a failure repeat it.</summary>
    /// <param name="credential">What the attempt was made with; null for nothing.</param>
    /// <param name="code">What the message says; 0 for nothing.</param>
    internal void Hide(Pat? credential, StatusCode code)
    {
        Credential = credential;
        if (credential is null || (Outcome.IsOK && code is 0 or StatusCode.Success))
        {
            return;
        }

        Outcome = Outcome.Hiding(credential);
        if (Message is Payload payload)
        {
            payload.Hide(credential);
        }
        else if (Message is IMessage message && message.ToByteArray() is var bytes && credential.Hide(bytes))
        {
            Message = (TMessage)message.Descriptor.Parser.ParseFrom(bytes);
        }
    }

    /// <summary>Disposes the message.</summary>
    public void Dispose() => (Message as IDisposable)?.Dispose();
}
