using Clarifai.Api.Status;
using Gateway.Core.Upstream.Failures;

namespace Gateway.Core.Methods;

/// <summary>What came of asking for a model's methods: one of the three.</summary>
public sealed record SignatureAnswer
{
    /// <summary>The methods.</summary>
    public SignatureAnswer(ModelMethods methods) => Methods = methods;

    /// <summary>The call failed.</summary>
    public SignatureAnswer(CallOutcome failure) => CallFailure = failure;

    /// <summary>The API said no.</summary>
    public SignatureAnswer(Status failure) => Failure = failure;

    /// <summary>The methods; null when there is a failure.</summary>
    public ModelMethods? Methods { get; }

    /// <summary>How the call failed; null when it did not.</summary>
    public CallOutcome? CallFailure { get; }

    /// <summary>Why the API refused; null when it did not.</summary>
    public Status? Failure { get; }
}
