using Gateway.Grpc.Calls;

namespace Gateway.Grpc;

/// <summary>How a call with one response message ended. Its holder disposes it, which disposes the message.</summary>
public sealed class UnaryResult : IDisposable
{
    private readonly Call _call;

    internal UnaryResult(Call call, in GrpcStatus status, Payload? message)
    {
        _call = call;
        Status = status;
        Message = message;
    }

    /// <summary>The status of the call.</summary>
    public GrpcStatus Status { get; }

    /// <summary>The response; there is one exactly if the status is OK.</summary>
    public Payload? Message { get; }

    /// <summary>The response's headers; empty when there were none.</summary>
    public Metadata Headers => _call.Headers;

    /// <summary>Whether the response's headers announce compressed messages (<c>grpc-encoding</c>); known when they are.</summary>
    public bool AnnouncesGzip => _call.AnnouncesGzip;

    /// <summary>The response's trailers; empty when there were none.</summary>
    public Metadata Trailers => _call.Trailers;

    /// <summary>Disposes the message.</summary>
    public void Dispose() => Message?.Dispose();
}
