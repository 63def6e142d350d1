using Grpc.Core;

namespace Gateway.Testing.Grpc;

/// <summary>What a call of <see cref="RawChannel"/> has besides messages.</summary>
public readonly record struct RawCallOptions
{
    /// <summary>The request's metadata; null for none.</summary>
    public Metadata? Headers { get; init; }

    /// <summary>How long the call may take, which the server is told; null for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether its messages are sent with gzip.</summary>
    public bool CompressRequest { get; init; }

    /// <summary>Cancels the call.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal CallOptions ToCallOptions()
    {
        var headers = new Metadata();
        foreach (var entry in Headers ?? [])
        {
            headers.Add(entry);
        }

        if (CompressRequest)
        {
            headers.Add("grpc-internal-encoding-request", "gzip");
        }

        DateTime? deadline = Timeout is { } timeout ? (TimeProvider.System.GetUtcNow() + timeout).UtcDateTime : null;
        return new CallOptions(headers, deadline, CancellationToken);
    }
}
