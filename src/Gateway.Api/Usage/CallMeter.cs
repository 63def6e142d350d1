using System.Buffers;
using Gateway.Api.Admission;
using Gateway.Api.Logging;
using Gateway.Api.Telemetry;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;

namespace Gateway.Api.Usage;

/// <summary>
/// Counts the calls that a tenant makes with one of its keys, and holds them to its inputs a second, its streams and its budgets. Every
/// face makes its calls through it. Thread-safe.
/// </summary>
/// <param name="tenant">What the tenant uses.</param>
/// <param name="key">The name of the key; empty for none.</param>
/// <param name="tenantLimits">The limits of the tenant.</param>
/// <param name="keyLimits">The limits of the key.</param>
/// <param name="plans">How RPCs that run models are counted.</param>
/// <param name="telemetry">What operators are told of calls.</param>
internal sealed class CallMeter(
    TenantUsage tenant, string key, AccountLimits tenantLimits, AccountLimits keyLimits, PredictionPlans plans, MeterTelemetry telemetry)
    : ICallMeter
{
    private readonly KeyUsage _key = tenant.Of(key);

    /// <summary>What the tenant uses.</summary>
    public TenantUsage Tenant => tenant;

    /// <summary>Where calls count that are to no model.</summary>
    public ModelUsage NoModel => _key.NoModel;

    /// <summary>What operators are told of calls.</summary>
    public MeterTelemetry Telemetry => telemetry;

    public IMeteredCall Begin(RpcPlan rpc, in UpstreamCall origin) =>
        new MeteredCall(this, plans.Of(rpc), rpc.Kind, origin.Waits as RequestRecord);

    /// <summary>Reads how many inputs a request has, and of what model.</summary>
    public int Read(PredictionPlan? plan, in ReadOnlySequence<byte> request, out ModelUsage model)
    {
        if (plan is null)
        {
            model = _key.NoModel;
            return 0;
        }

        Span<char> name = stackalloc char[PredictionPlan.MaxNameLength];
        var inputs = plan.Read(request, name, out var length);
        model = length < 0 ? _key.FindOthers() : _key.Find(name[..length]);
        return inputs;
    }

    /// <summary>Takes inputs. A second's worth comes again by itself: what the key gave when the tenant refuses stays taken.</summary>
    /// <returns>Why they are refused; null when they are not.</returns>
    public CallRefusal? TakeInputs(int inputs) => inputs == 0 ? null : keyLimits.TakeInputs(inputs) ?? tenantLimits.TakeInputs(inputs);

    /// <summary>Begins a stream; <see cref="LeaveStream"/> ends it where it was not refused.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    public CallRefusal? EnterStream()
    {
        var refusal = keyLimits.EnterStream();
        if (refusal is null && (refusal = tenantLimits.EnterStream()) is not null)
        {
            keyLimits.LeaveStream();
        }

        return refusal;
    }

    /// <summary>Ends a stream.</summary>
    public void LeaveStream()
    {
        tenantLimits.LeaveStream();
        keyLimits.LeaveStream();
    }
}
