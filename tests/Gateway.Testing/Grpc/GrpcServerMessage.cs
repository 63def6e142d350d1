namespace Gateway.Testing.Grpc;

/// <summary>A message that a test's server received.</summary>
public sealed class GrpcServerMessage(byte[] bytes) : IDisposable
{
    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Memory => bytes;

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Span => bytes;

    /// <summary>How many.</summary>
    public int Length => bytes.Length;

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is pooled here; those that serve payloads of the gateway's own need not know.
    }
}
