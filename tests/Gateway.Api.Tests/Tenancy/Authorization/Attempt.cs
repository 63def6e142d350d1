namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>One request of the matrix.</summary>
/// <param name="Name">What is tried, for the list of failures.</param>
/// <param name="Policy">Who tries it.</param>
/// <param name="Expected">How much of it arrives; null where only that matters which nobody may have sent.</param>
/// <param name="SendAsync">Sends it, with an id for the request, and reads the answer to its end.</param>
internal sealed record Attempt(string Name, Policy Policy, Arrival? Expected, Func<string, Task<bool>> SendAsync);

/// <summary>What the upstream gets of an attempt.</summary>
internal enum Arrival
{
    /// <summary>Nothing, and the client is told that it may not.</summary>
    Refused,

    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>The call.</summary>
    Call,

    /// <summary>The call, with all messages that were sent.</summary>
    BothMessages,
}
