namespace Gateway.Grpc.Calls;

/// <summary>The peer refused a request of one message, which the handler would send again.</summary>
internal sealed class RequestRefusedException : IOException;
