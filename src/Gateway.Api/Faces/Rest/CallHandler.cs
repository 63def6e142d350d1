using Gateway.Api.Pipeline;
using Gateway.Core.Binding;

namespace Gateway.Api.Faces.Rest;

/// <summary>The requests of one HTTP binding.</summary>
internal abstract class CallHandler : RequestHandler
{
    /// <summary>Prepares a binding's handler; one serves all its requests.</summary>
    protected CallHandler(HttpBinding binding, CallServices services)
        : this(new RequestPlan(binding, services), services)
    {
    }

    private CallHandler(RequestPlan plan, CallServices services)
        : base(plan.Binding.Path.Text, plan.Binding.Rpc.Name, plan.Access, services) => Plan = plan;

    /// <summary>The binding.</summary>
    protected HttpBinding Binding => Plan.Binding;

    /// <summary>What reading its messages takes.</summary>
    protected RequestPlan Plan { get; }
}
