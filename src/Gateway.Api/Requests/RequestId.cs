using System.Buffers;

namespace Gateway.Api.Requests;

/// <summary>
/// Gives every request an id: the client's own <c>X-Request-ID</c> when it is sane, else a new one. It is the
/// response's <c>X-Request-ID</c>, the <c>req_id</c> of the gateway's own answers, and goes upstream as metadata.
/// </summary>
public static class RequestId
{
    /// <summary>The header, in requests and responses.</summary>
    public const string Header = "X-Request-ID";

    /// <summary>The key of the gRPC metadata that carries the id upstream.</summary>
    public const string MetadataKey = "x-request-id";

    private const int MaxLength = 128;

    private static readonly SearchValues<char> Sane =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+=");

    /// <summary>Adds the ids; first in the pipeline, so that nothing answers without one.</summary>
    public static IApplicationBuilder UseRequestId(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        var own = http.Request.Headers[Header];
        if (own.Count == 1 && IsSane(own[0]))
        {
            http.TraceIdentifier = own[0]!;
        }
        else
        {
            http.TraceIdentifier = Guid.CreateVersion7().ToString("N");
        }

        http.Response.Headers[Header] = http.TraceIdentifier;
        return next(http);
    });

    private static bool IsSane(string? id) =>
        id is { Length: > 0 and <= MaxLength } && !id.AsSpan().ContainsAnyExcept(Sane);
}
