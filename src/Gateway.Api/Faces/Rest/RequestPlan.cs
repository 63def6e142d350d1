using Gateway.Api.Http;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Core.Binding;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;

namespace Gateway.Api.Faces.Rest;

/// <summary>What reading the request messages of one binding takes, compiled once. Immutable.</summary>
/// <param name="binding">The binding.</param>
/// <param name="access">Who may call what.</param>
/// <param name="limits">How many inputs a message may have.</param>
/// <param name="segments">The memory of long requests.</param>
internal sealed class RequestPlan(HttpBinding binding, AccessControl access, InputLimits limits, SegmentPool segments)
{
    /// <summary>The binding that routing chose.</summary>
    public HttpBinding Binding { get; } = binding;

    /// <summary>What is known of requests before they are read.</summary>
    public RequestRoute Route { get; } = new(binding.Path.Text, binding.Rpc.Name, access.To(binding.Rpc));

    /// <summary>Who may call, and what with.</summary>
    public RpcAccess Access => Route.Access;

    /// <summary>Reads inputs that are not JSON; null where a message has none.</summary>
    public RawInputs? RawInputs { get; } = limits.Of(binding.Rpc) is { } limit ? new RawInputs(limit, segments) : null;

    /// <summary>The types of bodies that it takes.</summary>
    public string TypesTaken => RawInputs is null ? BodyType.Json : RawInputs.TypesTaken;

    /// <summary>How many inputs a message may have; null where there is no such list.</summary>
    public ElementLimit? InputLimit { get; } = limits.Of(binding.Rpc);
}
