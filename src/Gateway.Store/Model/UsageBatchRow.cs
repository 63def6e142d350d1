namespace Gateway.Store.Model;

/// <summary>The last batch of usage that was taken from a replica: one whose answer got lost is not counted twice.</summary>
internal sealed class UsageBatchRow
{
    public required string Replica { get; init; }

    public long Sequence { get; init; }

    public long Updated { get; init; }
}
