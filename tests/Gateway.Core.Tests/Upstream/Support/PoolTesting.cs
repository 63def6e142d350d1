using Gateway.Core.Upstream.Credentials;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>What tests do with a pool.</summary>
internal static class PoolTesting
{
    /// <summary>Takes all turns that are free.</summary>
    public static void Exhaust(this CredentialPool pool)
    {
        while (pool.TryTake(out _))
        {
            // Until none is left.
        }
    }

    /// <summary>Lets something wait for its turn.</summary>
    public static void Admit(this CredentialPool pool, TurnWaiter waiter)
    {
        lock (pool.Gate)
        {
            Assert.Null(pool.Enter(waiter, null));
            pool.Serve();
        }
    }
}
