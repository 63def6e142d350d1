using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Credentials;

namespace Gateway.Core.Upstream.Batching;

/// <summary>
/// What came of waiting with others: the call's result; or else a turn to make it with alone, since nobody else came, or why there is none;
/// or neither, when it is to be made again alone.
/// </summary>
/// <param name="Result">The result, which the caller owns.</param>
/// <param name="Turn">The turn.</param>
internal readonly record struct BatchArrival(UnaryResult<Payload>? Result, CredentialTurn? Turn)
{
    /// <summary>The call was made with others, and failed for one of them, nobody knows which.</summary>
    public static BatchArrival Again => default;
}
