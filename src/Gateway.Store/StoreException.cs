namespace Gateway.Store;

/// <summary>
/// The store cannot do what it was asked for. The message is one sentence for an operator: it names settings, and holds neither a
/// connection string nor a value of the store. What the database said in its own words is left out for the same reason, but for its code.
/// </summary>
/// <param name="fault">What is wrong.</param>
/// <param name="message">One sentence.</param>
public sealed class StoreException(StoreFault fault, string message) : Exception(message)
{
    /// <summary>What is wrong.</summary>
    public StoreFault Fault { get; } = fault;

    /// <summary>Whether the same may work later, without anybody's doing here.</summary>
    public bool IsTransient => Fault is StoreFault.Unreachable or StoreFault.Busy or StoreFault.Full or StoreFault.ReadOnly;
}
