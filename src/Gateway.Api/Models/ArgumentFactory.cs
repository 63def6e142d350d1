using Clarifai.Api;
using Gateway.Api.Configuration;
using Gateway.Api.Http;
using Gateway.Core.Json;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Gateway.Core.Schema;
using Gateway.Core.Wire;
using Google.Protobuf;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Models;

/// <summary>Writes the arguments of methods as wire bytes of the requests that call them. Thread-safe.</summary>
internal sealed class ArgumentFactory(ApiSchema schema, JsonLimits limits, SegmentPool segments, IOptions<GatewayOptions> options)
{
    private readonly ArgumentPlans _plans = new(schema, limits);

    /// <summary>The most argument objects in one call.</summary>
    public int MaxInputs { get; } = options.Value.Limits.MaxModelInputs;

    /// <summary>The most bytes that the text of one call may have.</summary>
    public long MaxBytes { get; } = options.Value.Limits.MaxBodyBytes;

    /// <summary>The wire bytes of a request, to which inputs are written; the caller's.</summary>
    /// <param name="head">The request without them.</param>
    public WireWriter NewRequest(PostModelOutputsRequest head)
    {
        var wire = new WireWriter(segments);
        head.WriteTo(wire);
        return wire;
    }

    /// <summary>Wire bytes of something else; the caller's.</summary>
    public WireWriter NewWire() => new(segments);

    /// <summary>Reads arguments that come as a form.</summary>
    public FormReader NewForm(HttpContext http) => new(http, MaxBytes, segments);

    /// <summary>Takes arguments by name.</summary>
    /// <param name="method">The method.</param>
    /// <param name="wire">Takes them as wire bytes of the request.</param>
    /// <returns>The arguments, to be disposed.</returns>
    public ArgumentSet NewSet(ModelMethod method, WireWriter wire) => new(method, _plans, wire, segments);

    /// <summary>Takes arguments as the text of an object, or of a list of objects.</summary>
    /// <param name="method">The method.</param>
    /// <param name="wire">Takes them as wire bytes of the request.</param>
    /// <param name="maxInputs">The most objects of a list; 0 where there may be none.</param>
    /// <returns>The arguments, to be disposed.</returns>
    public ArgumentReader NewReader(ModelMethod method, WireWriter wire, int maxInputs = 0) =>
        new(method, _plans, wire, segments, maxInputs);
}
