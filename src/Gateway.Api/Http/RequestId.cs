using System.Buffers;
using System.Buffers.Binary;

namespace Gateway.Api.Http;

/// <summary>
/// Gives every request an id: the client's own <c>X-Request-ID</c> when it is sane, else a new one. It is the
/// response's <c>X-Request-ID</c>, the <c>req_id</c> of the gateway's own answers, and goes upstream as metadata.
/// </summary>
internal static class RequestId
{
    /// <summary>The header, in requests and responses.</summary>
    public const string Header = "X-Request-ID";

    private const int MaxLength = 128;

    private static readonly SearchValues<char> Sane =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+=");

    /// <summary>Adds the ids; first in the pipeline, so that nothing answers without one.</summary>
    public static IApplicationBuilder UseRequestId(this IApplicationBuilder app)
    {
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        return app.Use((http, next) =>
        {
            var own = http.Request.Headers[Header];
            http.TraceIdentifier = own.Count == 1 && IsSane(own[0]) ? own[0]! : New(time.GetUtcNow());
            http.Response.Headers[Header] = http.TraceIdentifier;
            return next(http);
        });
    }

    // A new id: as a UUID of version 7, by time and then by chance (RFC 9562, 5.7), but not from the system's random source: a request's id
    // is no secret, and that source takes a call of the system.
    internal static string New(DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[16];
        Random.Shared.NextBytes(id);
        BinaryPrimitives.WriteInt64BigEndian(
            id, (now.ToUnixTimeMilliseconds() << 16) | 0x7000L | (BinaryPrimitives.ReadUInt16BigEndian(id[6..]) & 0x0FFFL));
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return Convert.ToHexStringLower(id);
    }

    private static bool IsSane(string? id) =>
        id is { Length: > 0 and <= MaxLength } && !id.AsSpan().ContainsAnyExcept(Sane);
}
