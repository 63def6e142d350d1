using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Upstream.Credentials;

namespace Gateway.Core.Upstream.Batching;

/// <summary>
/// Requests that wait for one turn, in the place that the first of them has in the queue. It takes others in until the turn comes; then it
/// is sent. What it has in it is under the pool's lock until then, and its sender's after.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing.")]
internal sealed class Batch(RequestBatcher batcher, BatchPlan plan, BatchKey key, ClarifaiClient client) : TurnWaiter
{
    private readonly CancellationTokenSource _abandoned = new();
    private readonly List<BatchMember> _members = [];
    private int _present; // those whose clients are there
    private bool _isClosed;

    /// <summary>What its requests have in common.</summary>
    public BatchKey Key => key;

    /// <summary>Where the parts of requests and answers are.</summary>
    public BatchPlan Plan => plan;

    /// <summary>Makes the call.</summary>
    public ClarifaiClient Client => client;

    /// <summary>The requests, in the order in which they came.</summary>
    public IReadOnlyList<BatchMember> Members => _members;

    /// <summary>How many inputs they have.</summary>
    public int Inputs { get; private set; }

    /// <summary>How many bytes they have together, once merged.</summary>
    public long Bytes { get; private set; } = key.Rest.Length;

    /// <summary>Fires when all clients have left.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    public override int Calls => _members.Count;

    /// <summary>Takes a request in. Under the pool's lock.</summary>
    public void Add(BatchMember member)
    {
        _members.Add(member);
        _present++;
        Inputs += member.Request.Count;
        Bytes += member.Request.Length;
    }

    /// <summary>Lets a request go whose client has left.</summary>
    /// <returns>False when it was sent already.</returns>
    public bool TryLeave(BatchMember member)
    {
        bool isAbandoned;
        lock (batcher.Gate)
        {
            if (!_isClosed)
            {
                batcher.Remove(this, member);
                return true;
            }

            isAbandoned = --_present == 0;
        }

        if (isAbandoned)
        {
            _abandoned.Cancel();
        }

        return false;
    }

    /// <summary>Takes a request out. Under the pool's lock.</summary>
    public void Remove(BatchMember member)
    {
        _members.Remove(member);
        _present--;
        Inputs -= member.Request.Count;
        Bytes -= member.Request.Length;
        member.Request.Dispose();
    }

    public override void Take(CredentialTurn turn)
    {
        _isClosed = true;
        batcher.Close(this, turn);
    }
}
