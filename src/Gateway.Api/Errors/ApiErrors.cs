using System.Globalization;
using Clarifai.Api.Status;
using Gateway.Core.Json;
using Gateway.Core.Upstream;

namespace Gateway.Api.Errors;

/// <summary>Every answer the gateway makes by itself: the one place that words them.</summary>
internal static class ApiErrors
{
    private const string Schemes = "Key, Bearer";

    /// <summary>The request brings no key and there is nobody to act for without one.</summary>
    public static readonly ApiError KeyMissing = Unauthorized(
        StatusCode.ConnKeyNotFound, "API key not found", "No key: send the header 'Authorization: Key <your key>'.");

    /// <summary>The header is there, but not of the form the API reads.</summary>
    public static readonly ApiError KeyMalformed = Unauthorized(
        StatusCode.ConnKeyInvalid, "API key invalid", "Authorization must be 'Key <your key>' or 'Bearer <your key>', once.");

    /// <summary>The header with a session's token holds none that could travel on.</summary>
    public static readonly ApiError SessionTokenMalformed = Unauthorized(
        StatusCode.ConnKeyInvalid, "API key invalid", "X-Clarifai-Session-Token must be one token of visible ASCII characters, once.");

    /// <summary>The key names no tenant.</summary>
    public static readonly ApiError KeyUnknown = Unauthorized(
        StatusCode.ConnKeyNotFound, "API key not found", "The key belongs to no tenant of this gateway, or has ended.");

    /// <summary>The key is not known, and the store that may know it does not answer.</summary>
    public static readonly ApiError StoreDown = new(
        StatusCodes.Status503ServiceUnavailable, (int)StatusCode.TryAgain, "Try again",
        "The gateway's store of keys cannot be reached at present, and this key is not known without it.");

    /// <summary>The tenant has no token to call the upstream with.</summary>
    public static ApiError NoToken(string tenant) => new(
        StatusCodes.Status503ServiceUnavailable, (int)StatusCode.TryAgain, "Try again",
        $"Tenant {tenant} has no token for the upstream yet: the gateway's operator sets one.");

    /// <summary>No route has this path.</summary>
    public static readonly ApiError PathUnknown = new(
        StatusCodes.Status404NotFound, (int)StatusCode.ConnDoesNotExist, "Resource does not exist",
        "No route of the API has this path; GET /openapi/v2.json lists them.");

    /// <summary>The path exists, the verb on it does not; the header <c>Allow</c> says which do.</summary>
    public static ApiError MethodNotAllowed(string method, string allow) => new(
        StatusCodes.Status405MethodNotAllowed, (int)StatusCode.ConnMethodNotAllowed, "Method not allowed",
        $"This path does not take {method}; it takes {allow}.");

    /// <summary>The body is larger than the gateway takes.</summary>
    /// <param name="limit">The limit in bytes.</param>
    /// <param name="size">The announced size in bytes; null when the body was cut off at the limit.</param>
    public static ApiError BodyTooLarge(long limit, long? size) => new(
        StatusCodes.Status413PayloadTooLarge, (int)StatusCode.RpcMaxMessageSizeExceeded, "Request too large",
        size is { } known
            ? string.Create(CultureInfo.InvariantCulture, $"The body has {known} bytes; the limit is {limit}.")
            : string.Create(CultureInfo.InvariantCulture, $"The body is over the limit of {limit} bytes."));

    /// <summary>A packed message would become larger than the gateway takes.</summary>
    /// <param name="limit">The limit in bytes.</param>
    /// <param name="ratio">How many bytes each of its own may become at most.</param>
    public static ApiError UnpackedTooLarge(int limit, int ratio) => new(
        StatusCodes.Status413PayloadTooLarge, (int)StatusCode.RpcMaxMessageSizeExceeded, "Request too large",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The message is too large unpacked: Gateway:Limits:MaxUnpackedBytes is {limit}, and each byte may become {ratio}."));

    /// <summary>The body would need more memory than there is for all requests.</summary>
    /// <param name="limit">The limit in bytes of such a body.</param>
    public static ApiError LargerThanMemory(long limit) => new(
        StatusCodes.Status413PayloadTooLarge, (int)StatusCode.RpcMaxMessageSizeExceeded, "Request too large",
        string.Create(CultureInfo.InvariantCulture, $"The body is over {limit} bytes, more than Gateway:Limits:MemoryBytes has room for."));

    /// <summary>Other requests hold the memory that this one needs.</summary>
    public static readonly ApiError OutOfMemory = new(
        StatusCodes.Status503ServiceUnavailable, (int)StatusCode.TryAgain, "Try again",
        "Other requests hold the memory that this one needs; the setting Gateway:Limits:MemoryBytes bounds it.");

    /// <summary>Other requests hold the memory that the upstream's answer needs, or there is not as much.</summary>
    public static readonly ApiError AnswerOutOfMemory = new(
        StatusCodes.Status503ServiceUnavailable, (int)StatusCode.TryAgain, "Try again",
        "The upstream's answer needs more memory than there is now; the setting Gateway:Limits:MemoryBytes bounds it.");

    /// <summary>The body ended before its announced length, was framed wrongly, or is not in the coding that it names.</summary>
    public static readonly ApiError BodyBroken = BadRequest("The body ended early, or its HTTP framing or its Content-Encoding is broken.");

    /// <summary>The body came slower than the server waits for.</summary>
    public static readonly ApiError BodyTooSlow = new(
        StatusCodes.Status408RequestTimeout, (int)StatusCode.RpcRequestTimeout, "Request timed out", "The body came too slowly.");

    /// <summary>The body is in a content coding that the gateway does not read.</summary>
    /// <param name="coding">The coding.</param>
    /// <param name="known">Those that it reads.</param>
    public static ApiError CodingUnknown(string coding, string known) => new(
        StatusCodes.Status415UnsupportedMediaType, (int)StatusCode.ConnBadRequestFormat, "Bad request format",
        $"The body's Content-Encoding is {coding}; the gateway reads {known}.");

    /// <summary>The body is of a type that the path does not take.</summary>
    /// <param name="type">The type.</param>
    /// <param name="taken">Those that it takes.</param>
    public static ApiError TypeNotTaken(string type, string taken) => new(
        StatusCodes.Status415UnsupportedMediaType, (int)StatusCode.ConnBadRequestFormat, "Bad request format",
        $"The body is {type} and not JSON; this path takes {taken}.");

    /// <summary>The request names a host that the gateway does not answer to.</summary>
    public static readonly ApiError HostUnknown =
        BadRequest("The gateway does not answer to this name; the setting AllowedHosts has those that it answers to.");

    /// <summary>The request names a host that may be anybody's, and a tenant needs no key.</summary>
    public static readonly ApiError HostNotOwn = BadRequest(
        "The gateway does not answer to this name: with a tenant that needs no key, it answers to localhost, to addresses and to the "
            + "names that it listens at; "
        + "the setting AllowedHosts names others.");

    /// <summary>The path has a segment that is a dot or two, which stands for another path.</summary>
    public static readonly ApiError DotSegment = BadRequest("The path has a segment '.' or '..'; send the path that it stands for.");

    /// <summary>The server could make no request of what came.</summary>
    /// <param name="httpStatus">The HTTP status that it chose.</param>
    public static ApiError Rejected(int httpStatus)
    {
        var details = httpStatus switch
        {
            StatusCodes.Status408RequestTimeout => "The request's headers came too slowly.",
            StatusCodes.Status413PayloadTooLarge => "The body is over the limit.",
            StatusCodes.Status414UriTooLong => "The request line is too long.",
            StatusCodes.Status431RequestHeaderFieldsTooLarge => "The request's headers are too large, or too many.",
            StatusCodes.Status505HttpVersionNotsupported => "The request is of a version of HTTP that is not spoken here.",
            _ => "The request line, a header or the framing is not as HTTP has it.",
        };
        return BadRequest(details) with { HttpStatus = httpStatus };
    }

    /// <summary>The JSON, a path segment or a query parameter cannot be read.</summary>
    public static ApiError Unreadable(JsonError error) => BadRequest(error.ToString());

    /// <summary>A header cannot be read.</summary>
    /// <param name="header">Its name.</param>
    /// <param name="form">What it looks like.</param>
    public static ApiError BadHeader(string header, string form) => BadRequest($"{header} is {form}.");

    /// <summary>A form cannot be read.</summary>
    /// <param name="reason">Why, to follow "it" or "its".</param>
    public static ApiError BadForm(string reason) => BadRequest($"The body is not a form that can be read: {reason}.");

    /// <summary>A stream that a client came back for is not kept, or not what follows the record it named.</summary>
    public static readonly ApiError NotResumable = new(
        StatusCodes.Status410Gone, (int)StatusCode.ConnDoesNotExist, "Resource does not exist",
        "No stream with this X-Request-ID, path and key can go on after this Last-Event-ID; its window may have passed.");

    /// <summary>A binary request has more inputs than one call may have; in the words that JSON gets.</summary>
    /// <param name="field">The name of the list.</param>
    /// <param name="limit">How many there may be.</param>
    public static ApiError TooManyElements(string field, int limit) =>
        BadRequest(string.Create(CultureInfo.InvariantCulture, $"{field}[{limit}]: more than {limit} elements, the limit for one call"));

    /// <summary>A request that is not gRPC at a path of the gRPC service.</summary>
    public static readonly ApiError NotGrpc = new(
        StatusCodes.Status415UnsupportedMediaType, (int)StatusCode.ConnBadRequestFormat, "Bad request format",
        "This path is for gRPC: application/grpc or application/grpc-web. GET /openapi/v2.json lists the paths for JSON.");

    /// <summary>Native gRPC over HTTP/1.1, which cannot carry it.</summary>
    public static readonly ApiError GrpcNeedsHttp2 = new(
        StatusCodes.Status426UpgradeRequired, (int)StatusCode.ConnBadRequestFormat, "Bad request format",
        "gRPC needs HTTP/2: use the gateway's gRPC address, or TLS, or gRPC-Web.");

    /// <summary>The caller is limited to models and workflows that this call does not name.</summary>
    /// <param name="holder">Who is limited, as in <c>Tenant acme</c>; so in those that follow.</param>
    public static ApiError NotListed(string holder) =>
        Forbidden($"{holder} is limited to certain models and workflows, and this call is not to one of them.");

    /// <summary>The caller is limited to models and workflows, and the call names something else besides.</summary>
    public static ApiError OtherNamed(string holder) =>
        Forbidden(
            $"{holder} is limited to certain models and workflows, and this call names another resource besides the one that "
                + "it is to.");

    /// <summary>The caller is limited to models and workflows, and the RPC is about neither.</summary>
    /// <param name="holder">Who is limited.</param>
    /// <param name="setting">The setting that would have to allow it.</param>
    /// <param name="rpc">The RPC.</param>
    public static ApiError NotNamed(string holder, string setting, string rpc) =>
        Forbidden(
            $"{holder} is limited to certain models and workflows, and {rpc} is about neither: its {setting} would have to name it.");

    /// <summary>The caller may not call the RPC.</summary>
    /// <param name="holder">Who may not.</param>
    /// <param name="setting">The setting that would have to allow it.</param>
    /// <param name="rpc">The RPC.</param>
    /// <param name="group">The group that it is of.</param>
    public static ApiError NotPermitted(string holder, string setting, string rpc, string group) =>
        Forbidden($"{holder} may not call {rpc}, which is of the group '{group}': its {setting} would have to have one of the two.");

    /// <summary>The caller is denied the RPC.</summary>
    public static ApiError RpcDenied(string holder, string rpc) =>
        Forbidden($"{holder} may not call {rpc}: its DeniedRpcs have it, or its group.");

    /// <summary>The call names a model or workflow that the caller is denied.</summary>
    public static ApiError Denied(string holder) =>
        Forbidden($"{holder} is denied certain models and workflows, and this call names one of them.");

    /// <summary>The call names what may be of a model or workflow that the caller is denied.</summary>
    public static ApiError MayBeDenied(string holder) =>
        Forbidden(
            $"{holder} is denied certain models and workflows, and this call names a runner, a deployment or a state, which may be of one "
                + "of them.");

    /// <summary>The tenant is confined to its user and app, and the call is not.</summary>
    public static ApiError NotWithin(string tenant) =>
        Forbidden($"Tenant {tenant} is confined to its own user and app, and this call is not: it names another, or leaves one open.");

    /// <summary>The caller is restricted in what it may name, and nobody knows what the call does.</summary>
    public static ApiError NotUnderstood(string holder) =>
        Forbidden(
            $"{holder} is restricted in what its calls may name, and this one cannot be read, or has fields that the gateway does "
            + "not know.");

    /// <summary>A limit of the caller's is used up.</summary>
    public static ApiError LimitExceeded(CallRefusal refusal) => new(
        StatusCodes.Status429TooManyRequests, (int)StatusCode.ConnThrottled, "Limit exceeded", refusal.Reason)
    {
        RetryAfter = refusal.RetryAfter,
    };

    /// <summary>One message of a request that has several cannot be read or may not be sent.</summary>
    /// <param name="number">The message's place, from 1.</param>
    /// <param name="error">What is wrong with it.</param>
    public static ApiError InMessage(long number, ApiError error) =>
        error with { Details = string.Create(CultureInfo.InvariantCulture, $"Message {number}: {error.Details}") };

    /// <summary>One message of a request that has several is larger than the gateway takes.</summary>
    /// <param name="limit">The limit in bytes.</param>
    public static ApiError MessageTooLarge(long limit) => new(
        StatusCodes.Status413PayloadTooLarge, (int)StatusCode.RpcMaxMessageSizeExceeded, "Request too large",
        string.Create(CultureInfo.InvariantCulture, $"The message is over the limit of {limit} bytes."));

    /// <summary>The client said nothing, and the call had to wait for it.</summary>
    public static readonly ApiError NoFirstMessage = new(
        StatusCodes.Status504GatewayTimeout, (int)StatusCode.RpcRequestTimeout, "Request timed out", "The client sent no message in time.");

    /// <summary>A message came after the one that said that there would be no more.</summary>
    public static readonly ApiError MessageAfterEnd = BadRequest("A message came after the empty one, which ends the request.");

    /// <summary>The client left, or said that it would.</summary>
    public static readonly ApiError ClientLeft = new(
        StatusCodes.Status499ClientClosedRequest, (int)StatusCode.RequestCanceledByUser, "Request canceled", "The client left.");

    /// <summary>A verb that does nothing but open a WebSocket here, in a request that is no handshake of one.</summary>
    public static readonly ApiError NotAHandshake = new(
        StatusCodes.Status405MethodNotAllowed, (int)StatusCode.ConnMethodNotAllowed, "Method not allowed",
        "GET opens a WebSocket here (RFC 6455, version 13) and does nothing else; POST takes messages as a body.");

    /// <summary>A web page of another origin tries to use the tenant that needs no key.</summary>
    public static readonly ApiError CrossSite = new(
        StatusCodes.Status403Forbidden, (int)StatusCode.ConnInsufficientScopes, "Insufficient scopes",
        "Web pages of other origins have to bring a key, unless the setting Gateway:Cors:Origins names their origin. "
        + "Over a WebSocket the key is a subprotocol: offer 'clarifai.v2' and 'clarifai.key.<your key>'.");

    /// <summary>The gateway shuts down, and its time for open streams is over.</summary>
    public static readonly ApiError ShuttingDown = new(
        StatusCodes.Status503ServiceUnavailable, (int)StatusCode.TryAgain, "Try again",
        "The gateway is shutting down; the stream was not finished.");

    /// <summary>The gateway shuts down, and its time for open requests is over before the body came whole.</summary>
    public static readonly ApiError BodyUnfinished = new(
        StatusCodes.Status503ServiceUnavailable, (int)StatusCode.TryAgain, "Try again",
        "The gateway is shutting down; the body has not come whole.");

    /// <summary>The gateway shuts down, and its time for open requests is over before the upstream answered.</summary>
    public static readonly ApiError AnswerUnfinished = new(
        StatusCodes.Status503ServiceUnavailable, (int)StatusCode.TryAgain, "Try again",
        "The gateway is shutting down; the upstream has not answered.");

    /// <summary>A message of a stream said that it failed.</summary>
    /// <param name="status">The message's status.</param>
    public static ApiError OfMessage(Status status) =>
        new(
            StatusMap.HttpStatusOf((int)status.Code),
            (int)status.Code,
            status.Description.Length + status.Details.Length > 0 ? status.Description : StatusMap.NameOf((int)status.Code),
            status.Details);

    /// <summary>A fault of the gateway itself.</summary>
    public static readonly ApiError Internal = new(
        StatusCodes.Status500InternalServerError, (int)StatusCode.InternalUncategorized, "Internal error",
        "The gateway failed on this request; its log has the reason under this req_id.");

    /// <summary>The upstream answered bytes that are not the message its API promises.</summary>
    public static readonly ApiError UpstreamUnreadable = new(
        StatusCodes.Status502BadGateway, (int)StatusCode.InternalServerIssue, "Internal server issue",
        "The upstream's answer is not a valid message.");

    /// <summary>An error of an upstream call, from its gRPC status.</summary>
    /// <param name="code">A code that <see cref="UpstreamStatus"/> chose.</param>
    /// <param name="httpStatus">Its HTTP status.</param>
    /// <param name="description">What the code means.</param>
    /// <param name="details">The upstream's own message.</param>
    public static ApiError Upstream(StatusCode code, int httpStatus, string description, string details) =>
        new(httpStatus, (int)code, description, details)
        {
            Challenge = httpStatus is StatusCodes.Status401Unauthorized ? Schemes : null,
        };

    private static ApiError BadRequest(string details) =>
        new(StatusCodes.Status400BadRequest, (int)StatusCode.ConnBadRequestFormat, "Bad request format", details);

    private static ApiError Forbidden(string details) =>
        new(StatusCodes.Status403Forbidden, (int)StatusCode.ConnInsufficientScopes, "Insufficient scopes", details);

    private static ApiError Unauthorized(StatusCode code, string description, string details) =>
        new(StatusCodes.Status401Unauthorized, (int)code, description, details) { Challenge = Schemes };
}
