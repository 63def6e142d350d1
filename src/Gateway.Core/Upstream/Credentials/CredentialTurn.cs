namespace Gateway.Core.Upstream.Credentials;

/// <summary>The turn of one attempt: what it is made with, or why it is not made.</summary>
public readonly record struct CredentialTurn
{
    /// <summary>A turn.</summary>
    /// <param name="credential">What to make the attempt with; null for nothing.</param>
    public CredentialTurn(Pat? credential) => Credential = credential;

    /// <summary>No turn.</summary>
    /// <param name="refusal">Why there is none.</param>
    public CredentialTurn(CallRefusal refusal) => Refusal = refusal;

    /// <summary>What to make the attempt with; null for nothing.</summary>
    public Pat? Credential { get; }

    /// <summary>Why the attempt is not made; null when it is.</summary>
    public CallRefusal? Refusal { get; }
}
