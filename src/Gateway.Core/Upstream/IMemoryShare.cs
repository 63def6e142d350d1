namespace Gateway.Core.Upstream;

/// <summary>What one request holds of a memory that is bounded.</summary>
public interface IMemoryShare
{
    /// <summary>Takes bytes, and waits for them, but not for ever.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when they are not to be had.</returns>
    ValueTask<bool> TakeAsync(long bytes, CancellationToken cancellationToken);
}
