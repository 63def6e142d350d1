namespace Gateway.Core.Upstream.Connections;

/// <summary>A connection ended before HTTP/2 had begun on it; no call was sent.</summary>
/// <param name="message">What the peer did: a fixed sentence, fit for a status.</param>
internal sealed class HandshakeException(string message) : IOException(message);
