namespace Gateway.Core.Upstream.Connections;

/// <summary>The peer refused a request, which is not sent again from here.</summary>
internal sealed class RequestRefusedException : IOException;
