using Gateway.Api.Tenancy;
using Gateway.Core.Binding;
using Gateway.Core.Transcoding;

namespace Gateway.Api.Calls;

/// <summary>What reading the request messages of one binding takes, compiled once. Immutable.</summary>
/// <param name="binding">The binding.</param>
/// <param name="services">What all handlers share.</param>
public sealed class RequestPlan(HttpBinding binding, CallServices services)
{
    /// <summary>The binding that routing chose.</summary>
    public HttpBinding Binding { get; } = binding;

    /// <summary>Who may call, and what with.</summary>
    public RpcAccess Access { get; } = services.AccessTo(binding.Rpc);

    /// <summary>Reads inputs that are not JSON; null where a message has none.</summary>
    public RawInputs? RawInputs { get; } = services.InputLimitOf(binding.Rpc) is { } limit ? new RawInputs(limit, services.Segments) : null;

    /// <summary>How many inputs a message may have; null where there is no such list.</summary>
    public ElementLimit? InputLimit { get; } = services.InputLimitOf(binding.Rpc);
}
