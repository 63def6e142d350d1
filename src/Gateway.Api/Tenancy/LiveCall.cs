using System.Buffers;
using Gateway.Api.Errors;

namespace Gateway.Api.Tenancy;

/// <summary>
/// A call that lasts, and that tenants may change under: it is judged again whenever they do, by what its first message has named, and each
/// further message by the tenant as it is then. Thread-safe.
/// </summary>
internal sealed class LiveCall : IDisposable
{
    private readonly TenantDirectory _tenants;
    private readonly RpcAccess _access;
    private readonly CancellationTokenSource _over;
    private readonly Lock _gate = new();
    private Tenant _tenant;
    private CallNames? _names;
    private ApiError? _refusal;
    private TenantSnapshot? _judgedBy;
    private bool _isDisposed;

    internal LiveCall(TenantDirectory tenants, RpcAccess access, Tenant tenant, CancellationToken end)
    {
        _tenants = tenants;
        _access = access;
        _tenant = tenant;
        _over = CancellationTokenSource.CreateLinkedTokenSource(end);
        Over = _over.Token;
    }

    /// <summary>Fires when the tenant may not make the call any more, and when all calls end.</summary>
    public CancellationToken Over { get; }

    /// <summary>What to tell the client of a call that is over.</summary>
    public ApiError Ending => Review() ?? ApiErrors.ShuttingDown;

    /// <summary>Who makes the call, as of now.</summary>
    public Tenant Tenant
    {
        get
        {
            lock (_gate)
            {
                return _tenant;
            }
        }
    }

    /// <summary>Ends the call, as the gateway ends.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _ = _over.CancelAsync();
            }
        }
    }

    /// <summary>Judges the call by the tenants as they are now.</summary>
    /// <returns>Why it may not go on; null when it may.</returns>
    public ApiError? Review()
    {
        lock (_gate)
        {
            var now = _tenants.Current;
            if (_refusal is null && _judgedBy != now)
            {
                _judgedBy = now;
                _refusal = Judge(now);
                if (_refusal is not null && !_isDisposed)
                {
                    _ = _over.CancelAsync();
                }
            }

            return _refusal;
        }
    }

    /// <summary>Checks a message of the call, as it goes upstream.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    public ApiError? Check(in ReadOnlySequence<byte> message)
    {
        if (Review() is { } refusal)
        {
            return refusal;
        }

        if (_names is not null)
        {
            return _access.Check(Tenant, message);
        }

        // Tenants that change from here on find the names; those that have changed meanwhile count below.
        var names = _access.Read(message);
        lock (_gate)
        {
            _names = names;
            return _tenant.IsRestricted ? _access.Judge(_tenant, names) : null;
        }
    }

    public void Dispose()
    {
        _tenants.Forget(this);
        lock (_gate)
        {
            _isDisposed = true;
        }

        _over.Dispose();
    }

    private ApiError? Judge(TenantSnapshot tenants)
    {
        if (tenants.Renew(_tenant) is not { } now)
        {
            return _tenant.Key is null && !_tenant.IsPassThrough ? ApiErrors.KeyMissing
                : tenants.IsIncomplete ? ApiErrors.StoreDown
                : ApiErrors.KeyUnknown;
        }

        _tenant = now;
        return _access.Admit(now) ?? (_names is { } names && now.IsRestricted ? _access.Judge(now, names) : null);
    }
}
