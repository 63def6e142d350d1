namespace Gateway.Grpc.Calls;

/// <summary>The peer refused a streamed request of which too much was sent to keep it, so that it cannot be sent elsewhere.</summary>
internal sealed class RequestNotKeptException : IOException;
