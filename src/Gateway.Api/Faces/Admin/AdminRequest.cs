using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Api.Logging;
using Microsoft.Net.Http.Headers;

namespace Gateway.Api.Faces.Admin;

/// <summary>A request of the admin API, with its body read.</summary>
internal sealed class AdminRequest
{
    private const int MaxDepth = 16;
    private const int MaxIdempotencyKey = 200;

    // Of a tag that no version has.
    private const long NoVersion = -1;

    private readonly HttpContext _http;
    private readonly byte[] _body;
    private readonly JsonObject _members;

    private AdminRequest(HttpContext http, byte[] body, JsonObject members, long? version) =>
        (_http, _body, _members, Version) = (http, body, members, version);

    /// <summary>The version of what is to be changed that the client means, by <c>If-Match</c>; null for whichever there is.</summary>
    public long? Version { get; }

    /// <summary>What makes asking twice the same as asking once; null when the client has none.</summary>
    public string? IdempotencyKey => _http.Request.Headers["Idempotency-Key"] is [{ Length: > 0 } key] ? key : null;

    /// <summary>Ends with the client.</summary>
    public CancellationToken Aborted => _http.RequestAborted;

    /// <summary>Whether the client would rather have CSV than JSON (RFC 9110, 12.5.1).</summary>
    public bool WantsCsv
    {
        get
        {
            var accepted = _http.Request.GetTypedHeaders().Accept;
            return Quality("text/csv") > Quality("application/json");

            double Quality(string type) => accepted.FirstOrDefault(one => one.MediaType == type) is { } found ? found.Quality ?? 1 : 0;
        }
    }

    /// <summary>Reads a request.</summary>
    /// <returns>The request, or why it cannot be read.</returns>
    public static async Task<(AdminRequest? Request, AdminProblem? Problem)> ReadAsync(HttpContext http)
    {
        var version = ReadVersion(http.Request.Headers.IfMatch.ToString(), out var problem);
        if (problem is not null)
        {
            return (null, problem);
        }

        if (http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key && !IsIdempotencyKey(key))
        {
            return (null, AdminProblem.Malformed($"Idempotency-Key is up to {MaxIdempotencyKey} visible characters of ASCII, once."));
        }

        if (http.Request.Headers.ContentEncoding.Count > 0)
        {
            return (null, AdminProblem.Malformed("The body is coded; the admin API reads it as it is, without a Content-Encoding."));
        }

        var body = await ReadBodyAsync(http);
        var members = Parse(body);
        return members is null
            ? (null, AdminProblem.Malformed("The body is one JSON object, of which no member is there twice."))
            : (new AdminRequest(http, body, members, version), null);
    }

    /// <summary>A part of the path.</summary>
    public string Path(string name) => (string)_http.GetRouteValue(name)!;

    /// <summary>The members of the body.</summary>
    /// <param name="known">Those that there may be.</param>
    public AdminMembers Body(params string[] known) => new(_members, known);

    /// <summary>The parameters.</summary>
    /// <param name="known">Those that there may be.</param>
    public AdminMembers Parameters(params string[] known) => new(
        new JsonObject(_http.Request.Query.Select(parameter => KeyValuePair.Create(parameter.Key, (JsonNode?)parameter.Value.ToString()))),
        known);

    /// <summary>The hash of all that is asked, in hex.</summary>
    public string Sha256() => Convert.ToHexStringLower(
        SHA256.HashData([.. Encoding.UTF8.GetBytes($"{_http.Request.Method} {_http.Request.Path}\n{Version}\n"), .. _body]));

    private static async Task<byte[]> ReadBodyAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted); // the server stops at the limit
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                RequestRecord.Of(http).RequestBytes = body.Length;
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static JsonObject? Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(
                body, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static long? ReadVersion(string header, out AdminProblem? problem)
    {
        problem = null;
        if (header is "" or "*")
        {
            return null;
        }

        if (!EntityTagHeaderValue.TryParse(header, out var tag))
        {
            problem = AdminProblem.Malformed("If-Match is one ETag as an answer had it, or *.");
            return null;
        }

        // Weak tags match nothing here (RFC 9110, 13.1.1).
        return !tag.IsWeak && long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : NoVersion;
    }

    private static bool IsIdempotencyKey(string key) =>
        key.Length <= MaxIdempotencyKey && key.All(sign => sign is > ' ' and <= '~' and not ',');
}
