using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Clarifai.Api.Status;
using Gateway.Core.Upstream;
using Gateway.Protos;
using Google.Protobuf.Reflection;

namespace Gateway.Api.Errors;

/// <summary>
/// The HTTP status of a V2 status code. The API does not publish its mapping; its known points are listed by code, the
/// rest follows from what the codes' names mean. Compiled once for all codes.
/// </summary>
internal static class StatusMap
{
    private const int NoStatus = 0;

    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(1);

    private static readonly FrozenDictionary<int, int> Known = new Dictionary<int, int>
    {
        [NoStatus] = StatusCodes.Status200OK,
        [(int)StatusCode.Success] = StatusCodes.Status200OK,
        [(int)StatusCode.MixedStatus] = StatusCodes.Status200OK,
        [(int)StatusCode.Accepted] = StatusCodes.Status202Accepted,
        [(int)StatusCode.Moved] = StatusCodes.Status307TemporaryRedirect,
        [(int)StatusCode.Teapot] = StatusCodes.Status418ImATeapot,
        [11001] = StatusCodes.Status401Unauthorized, // CONN_TOKEN_INVALID, deprecated
        [(int)StatusCode.ConnCredentialsInvalid] = StatusCodes.Status401Unauthorized,
        [(int)StatusCode.ConnKeyInvalid] = StatusCodes.Status401Unauthorized,
        [(int)StatusCode.ConnKeyNotFound] = StatusCodes.Status401Unauthorized,
        [(int)StatusCode.ConnInsufficientScopes] = StatusCodes.Status403Forbidden,
        [(int)StatusCode.ConnNoGdprConsent] = StatusCodes.Status403Forbidden,
        [(int)StatusCode.ConnAuthMethodDisabled] = StatusCodes.Status403Forbidden,
        [(int)StatusCode.UserConsentFace] = StatusCodes.Status403Forbidden,
        [(int)StatusCode.ConnExceedHourlyLimit] = StatusCodes.Status429TooManyRequests,
        [(int)StatusCode.ConnExceedMonthlyLimit] = StatusCodes.Status429TooManyRequests,
        [(int)StatusCode.ConnThrottled] = StatusCodes.Status429TooManyRequests,
        [(int)StatusCode.ConnExceedsLimits] = StatusCodes.Status429TooManyRequests,
        [(int)StatusCode.ConnDoesNotExist] = StatusCodes.Status404NotFound,
        [(int)StatusCode.ConnMethodNotAllowed] = StatusCodes.Status405MethodNotAllowed,
        [(int)StatusCode.RpcMaxMessageSizeExceeded] = StatusCodes.Status413PayloadTooLarge,
        [(int)StatusCode.RpcUnknownMethod] = StatusCodes.Status501NotImplemented,
        [(int)StatusCode.RpcRequestTimeout] = StatusCodes.Status504GatewayTimeout,
        [(int)StatusCode.RpcCanceled] = StatusCodes.Status502BadGateway,
        [(int)StatusCode.RequestCanceledByUser] = StatusCodes.Status499ClientClosedRequest,
        [(int)StatusCode.TryAgain] = StatusCodes.Status503ServiceUnavailable,
        [(int)StatusCode.ModelDeploying] = StatusCodes.Status503ServiceUnavailable,
        [(int)StatusCode.ModelBusyPleaseRetry] = StatusCodes.Status503ServiceUnavailable,
        [(int)StatusCode.ModelLoading] = StatusCodes.Status503ServiceUnavailable,
        [(int)StatusCode.RunnerNeedsRetry] = StatusCodes.Status503ServiceUnavailable,
        [(int)StatusCode.RpcRequestQueueFull] = StatusCodes.Status503ServiceUnavailable,
        [(int)StatusCode.RpcServerUnavailable] = StatusCodes.Status503ServiceUnavailable,
        [(int)StatusCode.RequestDisabledForMaintenance] = StatusCodes.Status503ServiceUnavailable,
        [(int)StatusCode.ServerError] = StatusCodes.Status500InternalServerError,
        [(int)StatusCode.ExternalConnectionError] = StatusCodes.Status500InternalServerError,
    }.ToFrozenDictionary();

    // In order: the first that fits a code's name decides; a name that fits none is a failure like any other, 400.
    private static readonly (Regex Name, int Http)[] ByName =
    [
        (new Regex("_(DOES_NOT_EXIST|NOT_FOUND)$"), StatusCodes.Status404NotFound),
        (new Regex("_PERMISSION_DENIED$"), StatusCodes.Status403Forbidden),
        (new Regex("(^|_)NOT_IMPLEMENTED$"), StatusCodes.Status501NotImplemented),
        (new Regex("^(INTERNAL|DATABASE|REDIS|QUEUE|SQS|DATATIER)_"), StatusCodes.Status500InternalServerError),
        (new Regex("_(INTERNAL|UNEXPECTED|UNCATEGORIZED)(_|$)"), StatusCodes.Status500InternalServerError),
        (new Regex("_(SUCCESS|PENDING|IN_PROGRESS|QUEUED|DONE)$"), StatusCodes.Status200OK),
        (new Regex(""), StatusCodes.Status400BadRequest),
    ];

    private static readonly FrozenDictionary<int, int> Http = Compile();

    private static readonly FrozenDictionary<int, string> Names = Codes().DistinctBy(code => code.Number).ToFrozenDictionary(
        code => code.Number, code => code.Name);

    /// <summary>The HTTP status of a response: the upstream's own choice where it made one, else what its code means.</summary>
    public static int HttpStatusOf(ResponseStatus status) =>
        CanCarryBody(status.HttpStatusCode) ? status.HttpStatusCode : HttpStatusOf(status.Code);

    /// <summary>Whether a response says that it failed; some of its outputs may have, all the same.</summary>
    public static bool IsFailure(ResponseStatus status) => HttpStatusOf(status) >= StatusCodes.Status300MultipleChoices;

    /// <summary>The same for a status of its own.</summary>
    public static bool IsFailure(Status status) => HttpStatusOf((int)status.Code) >= StatusCodes.Status300MultipleChoices;

    /// <summary>Whether a response of an HTTP status says when to ask again.</summary>
    public static bool IsTemporary(int httpStatus) =>
        httpStatus is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests;

    /// <summary>The header <c>Retry-After</c> that goes with an HTTP status, in whole seconds; null for none.</summary>
    /// <param name="httpStatus">The HTTP status.</param>
    /// <param name="asked">What the upstream asked for; null when it did not: then a second, as there are clients that ask again at once
    /// otherwise.</param>
    public static string? RetryAfter(int httpStatus, TimeSpan? asked) =>
        IsTemporary(httpStatus) ? Math.Ceiling((asked ?? DefaultWait).TotalSeconds).ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>
    /// The header <c>Location</c> that goes with a redirect, percent-encoded: where the moved resource is on this gateway, as the
    /// upstream's own address is none of the client's. Null for none.
    /// </summary>
    /// <param name="httpStatus">The response's HTTP status.</param>
    /// <param name="status">What the upstream says.</param>
    /// <param name="request">What is answered.</param>
    public static string? Location(int httpStatus, ResponseStatus status, HttpRequest request)
    {
        if (httpStatus is < 300 or >= 400 || !request.Host.HasValue
            || !Uri.TryCreate(status.RedirectUrl, UriKind.Absolute, out var moved) || moved.Scheme is not ("http" or "https"))
        {
            return null;
        }

        var location = $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase.ToUriComponent()}{moved.PathAndQuery}";
        return location.AsSpan().ContainsAnyExceptInRange('!', '~') ? null : location;
    }

    /// <summary>The HTTP status for a V2 status code; any failure that is not known to be something else is a 400.</summary>
    public static int HttpStatusOf(int code) => Http.GetValueOrDefault(code, StatusCodes.Status400BadRequest);

    /// <summary>
    /// Whether a code whose HTTP status is 400 says that the request is at fault: the API has 400 for all that failed, models too.
    /// </summary>
    public static bool BlamesRequest(int code) => Names.GetValueOrDefault(code)?.Contains("_INVALID_", StringComparison.Ordinal) == true;

    /// <summary>What a code is called, in words: <c>MODEL_PREDICTION_FAILED</c> is "Model prediction failed".</summary>
    public static string NameOf(int code)
    {
        var words = Names.GetValueOrDefault(code, "FAILURE").Replace('_', ' ');
        return string.Concat(words.AsSpan(0, 1), words.AsSpan(1).ToString().ToLowerInvariant());
    }

    private static bool CanCarryBody(int http) =>
        http is >= 200 and <= 599
            and not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified);

    private static FrozenDictionary<int, int> Compile()
    {
        var map = new Dictionary<int, int>(Known);
        foreach (var value in Codes())
        {
            map.TryAdd(value.Number, FromName(value));
        }

        return map.ToFrozenDictionary();
    }

    private static IList<EnumValueDescriptor> Codes() => ApiDescriptors.Enum("clarifai.api.status.StatusCode").Values;

    private static int FromName(EnumValueDescriptor value) =>
        Array.Find(ByName, rule => rule.Name.IsMatch(value.Name)).Http;
}
