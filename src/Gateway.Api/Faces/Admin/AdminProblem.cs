using System.Text.Json.Nodes;
using Gateway.Api.Stored;
using Gateway.Store;

namespace Gateway.Api.Faces.Admin;

/// <summary>What went wrong, in the form of RFC 9457.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">What kind of problem it is: the end of its URN; null where the status says all.</param>
/// <param name="Title">The same for people; one text for every occurrence.</param>
/// <param name="Detail">What happened here; never with a secret.</param>
internal sealed record AdminProblem(int Status, string? Type, string Title, string Detail)
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/problem+json";

    private const string Urn = "urn:problem-type:gateway:";

    /// <summary>No key, or another one.</summary>
    public static readonly AdminProblem Unauthorized = new(
        StatusCodes.Status401Unauthorized, null, "Unauthorized",
        "The admin API wants its key, of which Gateway:Admin:KeySha256 is the hash: send the header 'Authorization: Bearer <key>'.");

    /// <summary>There is no such path.</summary>
    public static readonly AdminProblem PathUnknown = new(
        StatusCodes.Status404NotFound, null, "Not Found", $"The admin API has no such path; {AdminEndpoints.DocumentPath} lists them.");

    /// <summary>The gateway is not able to say more.</summary>
    public static readonly AdminProblem Internal = new(
        StatusCodes.Status500InternalServerError, null, "Internal Server Error", "The gateway failed; its log says why, by requestId.");

    /// <summary>The store is not open yet.</summary>
    public static readonly AdminProblem StoreDown = Unavailable("The store does not answer.");

    /// <summary>The body is larger than any that makes sense.</summary>
    public static readonly AdminProblem BodyTooLarge = new(
        StatusCodes.Status413PayloadTooLarge, null, "Content Too Large",
        $"The body is over the limit of {AdminGate.MaxBodyBytes} bytes.");

    /// <summary>The body cannot be read.</summary>
    public static readonly AdminProblem BodyBroken = Malformed("The body ended early, came too slowly, or is framed wrongly.");

    /// <summary>The key has come with another request before.</summary>
    public static readonly AdminProblem KeyReused = new(
        StatusCodes.Status422UnprocessableEntity, "idempotency-key-reused", "Idempotency key reused",
        "The Idempotency-Key has come with another request: a new request has a new one.");

    /// <summary>Which parts of the request are at fault.</summary>
    public IReadOnlyList<MemberFault> Members { get; private init; } = [];

    /// <summary>When to ask again, in seconds; null where that does not help.</summary>
    public int? RetryAfter { get; private init; }

    /// <summary>The request is not of the form that it has to have.</summary>
    public static AdminProblem Malformed(string detail) => new(StatusCodes.Status400BadRequest, "malformed", "Malformed request", detail);

    /// <summary>The path does not take the verb.</summary>
    public static AdminProblem MethodNotAllowed(string method, string allow) => new(
        StatusCodes.Status405MethodNotAllowed, null, "Method Not Allowed", $"This path does not take {method}; it takes {allow}.");

    /// <summary>An operation was not done.</summary>
    public static AdminProblem Of(OperationFault fault) => fault.Kind switch
    {
        OperationFaultKind.Invalid => new AdminProblem(StatusCodes.Status400BadRequest, "invalid", "Invalid request", fault.Sentence)
        {
            Members = fault.Members,
        },
        OperationFaultKind.NotFound => new AdminProblem(StatusCodes.Status404NotFound, "not-found", "No such thing", fault.Sentence),
        OperationFaultKind.NameTaken => new AdminProblem(StatusCodes.Status409Conflict, "name-taken", "Name taken", fault.Sentence),
        OperationFaultKind.VersionConflict => new AdminProblem(
            StatusCodes.Status412PreconditionFailed, "version-conflict", "Changed meanwhile", fault.Sentence),
        _ => new AdminProblem(StatusCodes.Status409Conflict, "ended", "Ended", fault.Sentence),
    };

    /// <summary>The store failed. What it says is for operators, as who has the admin key is.</summary>
    public static AdminProblem Of(StoreException failure) => failure.IsTransient
        ? Unavailable(failure.Message)
        : new AdminProblem(StatusCodes.Status500InternalServerError, "store-failed", "The store failed", failure.Message);

    /// <summary>The body of the answer.</summary>
    /// <param name="http">The request.</param>
    public JsonObject ToJson(HttpContext http)
    {
        var json = new JsonObject
        {
            ["type"] = Type is null ? "about:blank" : Urn + Type,
            ["title"] = Title,
            ["status"] = Status,
            ["detail"] = Detail,
            ["requestId"] = http.TraceIdentifier,
        };
        if (Members.Count > 0)
        {
            // A request with a body has its members there (RFC 6901), one without has parameters.
            var isInBody = !HttpMethods.IsGet(http.Request.Method);
            json["errors"] = new JsonArray([.. Members.Select(member => ToJson(member, isInBody))]);
        }

        return json;
    }

    private static JsonObject ToJson(MemberFault member, bool isInBody) => isInBody
        ? new JsonObject { ["pointer"] = $"#/{string.Join('/', member.Path.Split(':').Select(Escaped))}", ["detail"] = member.Sentence }
        : new JsonObject { ["parameter"] = member.Path, ["detail"] = member.Sentence };

    private static string Escaped(string name) =>
        Uri.EscapeDataString(name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));

    private static AdminProblem Unavailable(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, "store-unavailable", "The store does not answer", detail) { RetryAfter = 1 };
}
