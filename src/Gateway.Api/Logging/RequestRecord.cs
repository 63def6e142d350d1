using Gateway.Api.Telemetry;
using Gateway.Core.Upstream.Telemetry;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Logging;

/// <summary>What the request log says of a request, filled in as it goes. Safe to log whole.</summary>
internal sealed class RequestRecord : IWaitObserver
{
    /// <summary>Makes the record of a request that begins.</summary>
    /// <param name="started">When: a timestamp of the services' clock.</param>
    /// <param name="waits">The clock of its waits; null when nobody wants to know.</param>
    public RequestRecord(long started, WaitClock? waits = null)
    {
        Started = started;
        Waits = waits;
    }

    /// <summary>When the request began: a timestamp of the services' clock.</summary>
    public long Started { get; }

    /// <summary>The path template, not the path: ids stay out of the log.</summary>
    public string? Route { get; set; }

    /// <summary>The RPC's name.</summary>
    public string? Rpc { get; set; }

    /// <summary>The tenant's name.</summary>
    public string? Tenant { get; set; }

    /// <summary>The name of the key it calls with; empty for one without a name.</summary>
    public string? KeyName { get; set; }

    /// <summary>The model or workflow that ran, once one has answered; null for none.</summary>
    public string? Model { get; set; }

    /// <summary>The clock of its waits; null when they are not known.</summary>
    public WaitClock? Waits { get; private set; }

    /// <summary>The V2 status code of the answer or, for a stream, of its end; 0 when there is none.</summary>
    public int Outcome { get; set; }

    /// <summary>How a call of gRPC ended; null for other requests, and for calls that came to no end.</summary>
    public StatusCode? GrpcStatus { get; set; }

    /// <summary>Whether the client left before its end: a read or a write may learn that before the request's token does.</summary>
    public bool ClientLeft { get; set; }

    /// <summary>Whether a stream was sent to its last record.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Bytes of the request's body.</summary>
    public long RequestBytes { get; set; }

    /// <summary>Bytes of the response's body as they are sent: with their frames, when it goes in chunks.</summary>
    public long ResponseBytes { get; set; }

    /// <summary>
    /// Forgets waits: messages go both ways at once, or to somebody who is not there, so that waiting is no part of the request's time.
    /// </summary>
    public void ForgetWaits() => Waits = null;

    public void BeginWait() => Waits?.BeginWait();

    public void EndWait() => Waits?.EndWait();

    public void Retry() => Waits?.Retry();

    /// <summary>The record of a request.</summary>
    public static RequestRecord Of(HttpContext http) => http.Features.GetRequiredFeature<RequestRecord>();
}
