namespace Gateway.Core.Upstream.Balancing;

/// <summary>Equal addresses, of which a call goes to the one with the fewest calls in flight. Thread-safe.</summary>
internal sealed class EndpointGroup(Endpoint[] endpoints)
{
    private uint _turn;

    /// <summary>The addresses.</summary>
    public IReadOnlyList<Endpoint> Endpoints => endpoints;

    /// <summary>Chooses an address for a call and admits the call to it.</summary>
    /// <param name="except">Addresses that the call has tried; null for none.</param>
    /// <returns>Null when no address is usable.</returns>
    public Endpoint? TryPick(List<Endpoint>? except)
    {
        while (LeastLoaded(except) is { } endpoint)
        {
            if (endpoint.Health.TryUse())
            {
                return endpoint;
            }

            // Another call was the first to probe it, so it is not usable any more.
        }

        return null;
    }

    // Addresses are few, so all are looked at; each scan begins at another one, which takes ties in turn.
    private Endpoint? LeastLoaded(List<Endpoint>? except)
    {
        Endpoint? best = null;
        var fewest = int.MaxValue;
        var first = endpoints.Length == 1 ? 0 : Interlocked.Increment(ref _turn);
        for (var i = 0u; i < endpoints.Length; i++)
        {
            var endpoint = endpoints[(first + i) % endpoints.Length];
            var calls = endpoint.Channel.CallsInFlight;
            if (calls < fewest && endpoint.Health.IsUsable && except?.Contains(endpoint) != true)
            {
                (best, fewest) = (endpoint, calls);
            }
        }

        return best;
    }
}
