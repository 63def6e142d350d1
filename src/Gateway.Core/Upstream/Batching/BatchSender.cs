using System.Buffers;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Credentials;
using Gateway.Core.Upstream.Retries;

namespace Gateway.Core.Upstream.Batching;

/// <summary>Makes the one call of a batch, and gives each request its own of what comes back.</summary>
/// <param name="batch">The batch, which nobody joins any more.</param>
/// <param name="turn">Its turn.</param>
/// <param name="arrays">Where memory comes from.</param>
internal sealed class BatchSender(Batch batch, CredentialTurn turn, ArrayPool<byte> arrays)
{
    // No client's id: others' requests are in it, too.
    private readonly string _id = Guid.NewGuid().ToString("N");

    /// <summary>Does it; whatever happens, each request learns what became of it.</summary>
    public async Task SendAsync()
    {
        try
        {
            using var result = await CallAsync();
            Deliver(result);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            foreach (var member in batch.Members)
            {
                member.Fail(exception);
            }
        }
        catch (OperationCanceledException)
        {
            // All clients have left.
        }
    }

    private async ValueTask<UnaryResult<Payload>> CallAsync()
    {
        var length = (int)batch.Bytes;
        var request = arrays.Rent(length);
        try
        {
            Merge(request);
            var upstream = batch.Client.Upstream;
            using var span = upstream.Telemetry.Merged(batch.Members);
            var call = new UpstreamCall(_id, LongestTimeLeft(), batch.Abandoned) { Memory = new BatchMemory(batch) };
            foreach (var member in batch.Members)
            {
                upstream.LogBatch(member.Call.RequestId, _id, batch.Members.Count, batch.Inputs);
            }

            var message = new ReadOnlySequence<byte>(request, 0, length);
            return await batch.Client.AttemptAsync(batch.Key.Rpc, message, call, new Attempts(upstream, call), turn);
        }
        finally
        {
            arrays.Return(request);
        }
    }

    private void Merge(Span<byte> request)
    {
        batch.Key.Rest.CopyTo(request);
        request = request[batch.Key.Rest.Length..];
        foreach (var member in batch.Members)
        {
            member.Request.Inputs.CopyTo(request);
            request = request[member.Request.Length..];
            member.Request.Dispose();
        }
    }

    private TimeSpan? LongestTimeLeft()
    {
        TimeSpan? longest = TimeSpan.Zero;
        foreach (var member in batch.Members)
        {
            var left = member.TimeLeft;
            longest = left is null || longest is null ? null : left > longest ? left : longest;
        }

        return longest;
    }

    private void Deliver(UnaryResult<Payload> result)
    {
        var response = result.Message is { } message ? MergedResponse.Read(batch.Plan, message.Memory) : null;
        if (response is not null && response.Count == batch.Inputs && response.TellsOfEach)
        {
            var first = 0;
            foreach (var member in batch.Members)
            {
                Give(member, UnaryResult<Payload>.Of(result.Outcome, response.Part(batch.Key.Rpc, first, member.Request.Count)), result);
                first += member.Request.Count;
            }
        }
        else if (SharedFailures.Has(result) && (response is not null || result.Message is null))
        {
            foreach (var member in batch.Members)
            {
                Give(member, result.With(response?.Part(batch.Key.Rpc, 0, 0)), result);
            }
        }
        else
        {
            Split(result);
        }
    }

    private static void Give(BatchMember member, UnaryResult<Payload> own, UnaryResult<Payload> common)
    {
        own.Hide(common.Credential, (Clarifai.Api.Status.StatusCode)(own.Message?.Status.Code ?? 0));
        if (!member.TryArrive(new BatchArrival(own, null)))
        {
            own.Dispose();
        }
    }

    private void Split(UnaryResult<Payload> result)
    {
        batch.Client.Upstream.Telemetry.Split();
        batch.Client.Upstream.LogSplit(
            _id, result.Message is { } message ? $"status {message.Status.Code}" : $"the call ended with {result.Outcome.Code}");
        foreach (var member in batch.Members)
        {
            member.TryArrive(BatchArrival.Again);
        }
    }
}
