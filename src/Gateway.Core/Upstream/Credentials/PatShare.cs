namespace Gateway.Core.Upstream.Credentials;

/// <summary>
/// One pool's part of a token's pace. Under its pool's lock, but for what the pace reads under its own.
/// </summary>
/// <param name="name">What the token is called in the pool.</param>
internal sealed class PatShare(string name)
{
    /// <summary>What the token is called in the pool.</summary>
    public string Name { get; } = name;

    /// <summary>The token.</summary>
    public required Pat Pat { get; set; }

    /// <summary>How many requests in a second the account allows, as this pool has it.</summary>
    public required double PerSecond { get; set; }

    /// <summary>The pace, which other pools may have part in.</summary>
    public AccountPace Pace { get; set; } = null!;

    /// <summary>How much of the pool waits for this token. Written under the pace's lock.</summary>
    public int Backlog { get; set; }

    /// <summary>Is told that there may be turns.</summary>
    public required Action Served { get; init; }
}
