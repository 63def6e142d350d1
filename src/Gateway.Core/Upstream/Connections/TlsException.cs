namespace Gateway.Core.Upstream.Connections;

/// <summary>A TLS handshake failed; no call was sent.</summary>
/// <param name="message">Why: a fixed sentence, for the log.</param>
internal sealed class TlsException(string message) : IOException(message);
