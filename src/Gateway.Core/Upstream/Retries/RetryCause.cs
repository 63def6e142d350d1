namespace Gateway.Core.Upstream.Retries;

/// <summary>Why an attempt may be followed by another one.</summary>
internal enum RetryCause
{
    /// <summary>It may not: what came back is the answer.</summary>
    None,

    /// <summary>The call ended with gRPC's <c>UNAVAILABLE</c>.</summary>
    Unavailable,

    /// <summary>The answer says that the model is deploying, busy or loading.</summary>
    Loading,
}
