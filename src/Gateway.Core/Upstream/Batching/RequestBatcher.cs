using System.Buffers;
using System.Collections.Concurrent;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Credentials;

namespace Gateway.Core.Upstream.Batching;

/// <summary>
/// Lets requests that wait for their turn travel together. No request waits for company: a batch is one of those that wait in the pool's
/// queue, which others may join until its turn comes. Thread-safe; what is open is under the pool's lock.
/// </summary>
internal sealed class RequestBatcher(CredentialPool pool, BatchLimits limits, ArrayPool<byte> arrays)
{
    private readonly ConcurrentDictionary<RpcPlan, BatchPlan?> _plans = new();
    private readonly Dictionary<BatchKey, Batch> _open = [];

    /// <summary>The pool's lock.</summary>
    public Lock Gate => pool.Gate;

    /// <summary>Lets a request that has to wait do so with others.</summary>
    /// <param name="client">Who makes the call.</param>
    /// <param name="rpc">What is called.</param>
    /// <param name="request">The request; it stays the caller's, and is not used once the task completes.</param>
    /// <param name="call">Who asks.</param>
    /// <param name="timeLeft">How long the caller waits; null for as long as it takes.</param>
    /// <returns>What came of it; null when it is to wait alone.</returns>
    /// <exception cref="OperationCanceledException">The caller's own token fired.</exception>
    public async ValueTask<BatchArrival?> JoinAsync(
        ClarifaiClient client, RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call, TimeSpan? timeLeft)
    {
        // What it takes is held with what else the request does, until that ends.
        if (_plans.GetOrAdd(rpc, BatchPlan.Of) is not { } plan || request.Length > limits.MaxBytes
            || (call.Memory is { } memory && !await memory.TakeAsync(request.Length, call.CancellationToken))
            || BatchRequest.Read(client.Upstream, rpc, plan, request, limits, arrays) is not { } parts)
        {
            return null;
        }

        var member = new BatchMember(parts, call, timeLeft, client.Upstream);
        Batch batch;
        lock (Gate)
        {
            if (Enter(client, plan, member, timeLeft, out batch) is { } refusal)
            {
                parts.Dispose();
                return new BatchArrival(null, new CredentialTurn(refusal));
            }

            pool.Serve();
        }

        return await member.ArriveAsync(batch);
    }

    /// <summary>Takes a request out of a batch that waits, and with the last one the batch out of the queue. Under the lock.</summary>
    public void Remove(Batch batch, BatchMember member)
    {
        batch.Remove(member);
        pool.Count(-1);
        if (batch.Members.Count == 0)
        {
            pool.Leave(batch);
            Forget(batch);
        }
    }

    /// <summary>Sends a batch whose turn has come, or tells its requests why that never will. Under the lock.</summary>
    public void Close(Batch batch, CredentialTurn turn)
    {
        Forget(batch);
        if (turn.Refusal is null && batch.Members.Count > 1)
        {
            var sender = new BatchSender(batch, turn, arrays);
            ThreadPool.UnsafeQueueUserWorkItem(static sender => _ = sender.SendAsync(), sender, preferLocal: false);
            return;
        }

        foreach (var member in batch.Members)
        {
            member.Request.Dispose();
            member.TryArrive(new BatchArrival(null, turn));
        }
    }

    private CallRefusal? Enter(ClarifaiClient client, BatchPlan plan, BatchMember member, TimeSpan? timeLeft, out Batch batch)
    {
        var request = member.Request;
        if (_open.TryGetValue(request.Key, out batch!) && pool.HasRoom
            && batch.Inputs + request.Count <= plan.MaxInputs(limits) && batch.Bytes + request.Length <= limits.MaxBytes)
        {
            batch.Add(member);
            pool.Count(1);
            return null;
        }

        batch = new Batch(this, plan, request.Key, client);
        batch.Add(member);
        if (pool.Enter(batch, timeLeft) is { } refusal)
        {
            return refusal;
        }

        _open[request.Key] = batch; // one that is full waits on without
        return null;
    }

    private void Forget(Batch batch)
    {
        if (_open.GetValueOrDefault(batch.Key) == batch)
        {
            _open.Remove(batch.Key);
        }
    }
}
