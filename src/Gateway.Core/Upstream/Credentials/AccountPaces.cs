namespace Gateway.Core.Upstream.Credentials;

/// <summary>
/// The paces of tokens, by the token: pools that have the same one take their turns from one pace, since its account is one. Where they say
/// different paces, the slowest counts. Thread-safe.
/// </summary>
/// <param name="time">The clock of turns.</param>
public sealed class AccountPaces(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AccountPace> _paces = [];

    /// <summary>Gives a pool part in a token's pace.</summary>
    /// <param name="share">The pool's part; it gets its pace.</param>
    internal void Enter(PatShare share)
    {
        lock (_gate)
        {
            if (!_paces.TryGetValue(share.Pat.Fingerprint, out var pace))
            {
                _paces[share.Pat.Fingerprint] = pace = new AccountPace(share.Pat.Fingerprint, share.PerSecond, time);
            }

            share.Pace = pace;
            pace.Enter(share);
        }
    }

    /// <summary>
    /// Changes a part's token or its pace. A token that takes another's place goes on with that one's pace, unless somebody else has a part
    /// in either.
    /// </summary>
    internal void Change(PatShare share, PatPace next)
    {
        lock (_gate)
        {
            var isSame = next.Pat.Fingerprint == share.Pace.Fingerprint;
            if (!isSame && (share.Pace.Shares > 1 || _paces.ContainsKey(next.Pat.Fingerprint)))
            {
                Leave(share);
                (share.Pat, share.PerSecond) = (next.Pat, next.RequestsPerSecond);
                Enter(share);
                return;
            }

            if (!isSame)
            {
                _paces.Remove(share.Pace.Fingerprint);
                _paces[next.Pat.Fingerprint] = share.Pace;
                share.Pace.Fingerprint = next.Pat.Fingerprint;
            }

            (share.Pat, share.PerSecond) = (next.Pat, next.RequestsPerSecond);
            share.Pace.Review();
        }
    }

    /// <summary>Ends a pool's part. The pool may still take turns, but they wait for nobody.</summary>
    internal void Leave(PatShare share)
    {
        lock (_gate)
        {
            share.Pace.Leave(share);
            if (share.Pace.Shares == 0 && _paces.GetValueOrDefault(share.Pace.Fingerprint) == share.Pace)
            {
                _paces.Remove(share.Pace.Fingerprint);
            }
        }
    }
}
