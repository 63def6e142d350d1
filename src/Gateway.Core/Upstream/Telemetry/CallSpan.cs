using System.Diagnostics;
using Grpc.Core;

namespace Gateway.Core.Upstream.Telemetry;

/// <summary>One attempt at a call, as it is measured and traced; the default value is one of which nobody wants to know.</summary>
/// <param name="Method">What is called, such as <c>clarifai.api.V2/PostModelOutputs</c>.</param>
/// <param name="Started">When it began: a timestamp of <see cref="Stopwatch"/>.</param>
/// <param name="Activity">Its span; null when it is not traced.</param>
internal readonly record struct CallSpan(string? Method, long Started, Activity? Activity)
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    /// <summary>
    /// Tells the peer which trace the call is part of (W3C Trace Context, 3.2 and 3.3), in place of what the client told. Nothing changes
    /// while nobody traces: then the client's own goes on, and not the server's, which nobody records.
    /// </summary>
    /// <param name="metadata">What the attempt says besides its message; it is this attempt's own.</param>
    public void Inject(Metadata metadata)
    {
        if (!GatewayTelemetry.Spans.HasListeners()
            || (Activity ?? Activity.Current) is not { IdFormat: ActivityIdFormat.W3C, Id: { } id } span)
        {
            return;
        }

        for (var i = metadata.Count - 1; i >= 0; i--)
        {
            if (metadata[i].Key is TraceParent or TraceState)
            {
                metadata.RemoveAt(i);
            }
        }

        metadata.Add(TraceParent, id);
        if (span.TraceStateString is { Length: > 0 } state && !state.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            metadata.Add(TraceState, state);
        }
    }
}
