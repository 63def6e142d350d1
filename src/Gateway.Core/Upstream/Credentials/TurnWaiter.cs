namespace Gateway.Core.Upstream.Credentials;

/// <summary>What waits for a turn in the queue of a <see cref="CredentialPool"/>. Under the pool's lock.</summary>
internal abstract class TurnWaiter
{
    protected TurnWaiter() => Place = new LinkedListNode<TurnWaiter>(this);

    /// <summary>Its place in the queue, from which it can be taken at once wherever that is.</summary>
    public LinkedListNode<TurnWaiter> Place { get; }

    /// <summary>The timestamp from which on it waits no longer.</summary>
    public long ExpiresAt { get; set; }

    /// <summary>The timestamp from which on it waits.</summary>
    public long EnteredAt { get; set; }

    /// <summary>How many calls wait with it.</summary>
    public virtual int Calls => 1;

    /// <summary>
    /// Gets what it waited for, or why it waits no longer; it is out of the queue. Under the pool's lock: nothing that takes time.
    /// </summary>
    public abstract void Take(CredentialTurn turn);
}
