using Grpc.Core;

namespace Gateway.Core.Upstream.Calls;

/// <summary>A response's headers and trailers, read when somebody asks: for most calls nobody does.</summary>
/// <param name="headers">The headers, once they are here.</param>
/// <param name="trailers">Gives the trailers, once the call has ended.</param>
internal sealed class ResponseMetadata(Func<Task<Metadata>> headers, Func<Metadata> trailers)
{
    /// <summary>None.</summary>
    public static ResponseMetadata None { get; } = new(static () => Task.FromResult<Metadata>([]), static () => []);

    /// <summary>
    /// The headers, once they are here; empty when there are none; the trailers, when the response has nothing else ("Trailers-Only").
    /// </summary>
    public Metadata Headers => field ??= ReadHeaders();

    /// <summary>The trailers; empty when there were none.</summary>
    public Metadata Trailers => field ??= Read(trailers);

    private Metadata ReadHeaders() => Read(() => headers() is { IsCompletedSuccessfully: true } here ? here.GetAwaiter().GetResult() : []);

    // Metadata that the peer spelt wrong is none.
    private static Metadata Read(Func<Metadata> metadata)
    {
        try
        {
            return metadata();
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            return [];
        }
    }
}
