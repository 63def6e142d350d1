using Gateway.Api.Errors;

namespace Gateway.Api.Memory;

/// <summary>
/// The rest of a request's body is not taken. What reads bodies knows no other way to say so through the libraries between.
/// </summary>
/// <param name="error">What to answer.</param>
internal sealed class BodyRefusedException(ApiError error) : Exception(error.Details)
{
    /// <summary>What to answer.</summary>
    public ApiError Error { get; } = error;
}
