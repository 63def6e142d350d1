namespace Gateway.Core.Upstream.Batching;

/// <summary>Where the answer to a batch is counted: by each client's inputs, as that client's.</summary>
internal sealed class BatchMemory(Batch batch) : IMemoryShare
{
    /// <inheritdoc/>
    public async ValueTask<bool> TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        var perInput = (bytes + batch.Inputs - 1) / batch.Inputs;
        foreach (var member in batch.Members)
        {
            if (!await member.TakeMemoryAsync(perInput * member.Request.Count).WaitAsync(cancellationToken))
            {
                return false;
            }
        }

        return true;
    }
}
