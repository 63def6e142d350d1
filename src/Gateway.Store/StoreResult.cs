namespace Gateway.Store;

/// <summary>What became of a change, and of what it was about.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Value">The thing as it is now; null where there is none.</param>
public readonly record struct StoreResult<T>(StoreOutcome Outcome, T? Value)
    where T : class
{
    /// <summary>Whether things are as they were asked to be.</summary>
    public bool IsDone => Outcome is StoreOutcome.Done or StoreOutcome.Unchanged;
}
