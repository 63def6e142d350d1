namespace Gateway.Store.Definitions;

/// <summary>What an idempotency key has been found to be.</summary>
public enum IdempotencyOutcome
{
    /// <summary>New: the change was made.</summary>
    First,

    /// <summary>Known from the same request, whose answer is given again; nothing was done.</summary>
    Repeated,

    /// <summary>Known from another request; nothing was done.</summary>
    OtherRequest,
}
