using System.Globalization;
using Clarifai.Api.Status;
using Gateway.Api.Errors;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>What goes wrong between the gateway and Home Assistant.</summary>
internal static class HomeAssistantErrors
{
    /// <summary>There is none.</summary>
    public static readonly ApiError NotConfigured = new(
        StatusCodes.Status501NotImplemented, (int)StatusCode.NotImplemented, "Not implemented",
        "No Home Assistant is configured: set Gateway:HomeAssistant:Url and Gateway:HomeAssistant:Token.");

    /// <summary>It cannot be reached.</summary>
    public static readonly ApiError Unreachable = new(
        StatusCodes.Status503ServiceUnavailable, (int)StatusCode.RpcServerUnavailable, "Upstream unavailable",
        "Home Assistant cannot be reached at Gateway:HomeAssistant:Url, or broke its answer off.");

    /// <summary>It does not know the token.</summary>
    public static readonly ApiError TokenRefused = Failed("Home Assistant refused Gateway:HomeAssistant:Token.");

    /// <summary>The tenant of a scan is not there any more.</summary>
    public static readonly ApiError NoTenant = new(
        StatusCodes.Status403Forbidden, (int)StatusCode.ConnInsufficientScopes, "Insufficient scopes",
        "The tenant whose token it runs on is not configured any more.");

    /// <summary>It belongs to another tenant.</summary>
    public static ApiError NotTheirs(string tenant) => new(
        StatusCodes.Status403Forbidden, (int)StatusCode.ConnInsufficientScopes, "Insufficient scopes",
        $"Home Assistant is not there for the tenant {tenant}: Gateway:HomeAssistant:Tenant says whose it is.");

    /// <summary>A request does not say what it wants.</summary>
    /// <param name="details">The member, and what is wrong with it.</param>
    public static ApiError Invalid(string details) =>
        new(StatusCodes.Status400BadRequest, (int)StatusCode.ConnBadRequestFormat, "Bad request format", details);

    /// <summary>It has no such camera.</summary>
    public static ApiError NoCamera(string entityId) => new(
        StatusCodes.Status404NotFound, (int)StatusCode.ConnDoesNotExist, "Resource does not exist", $"Home Assistant has no {entityId}.");

    /// <summary>It has the camera, but no picture: the camera is off, or does not answer either.</summary>
    public static ApiError NoSnapshot(string entityId, int status) =>
        Failed(string.Create(CultureInfo.InvariantCulture, $"Home Assistant has no picture of {entityId}: it answered {status}."));

    /// <summary>What it gave is something else.</summary>
    public static ApiError NoImage(string entityId) => Failed($"What Home Assistant gave for {entityId} is not an image.");

    /// <summary>What it gave calls itself an image, and has no bytes.</summary>
    public static ApiError EmptyImage(string entityId) => Failed($"What Home Assistant gave for {entityId} is an empty image.");

    /// <summary>What it gave is too large.</summary>
    public static ApiError TooLarge(long limit) => Failed(string.Create(
        CultureInfo.InvariantCulture, $"Home Assistant's answer is over the limit of {limit} bytes "
            + $"(Gateway:HomeAssistant:MaxSnapshotBytes)."));

    /// <summary>It takes too long.</summary>
    public static ApiError TooSlow(TimeSpan limit) => new(
        StatusCodes.Status504GatewayTimeout, (int)StatusCode.RpcRequestTimeout, "Request timed out",
        string.Create(
            CultureInfo.InvariantCulture,
            $"Home Assistant did not answer within {limit.TotalSeconds:0.###} s (Gateway:HomeAssistant:Timeout)."));

    /// <summary>It does not take an event.</summary>
    public static ApiError EventRefused(int status) => Failed(string.Create(
        CultureInfo.InvariantCulture,
        $"Home Assistant refused the event with "
            + $"{status}{(status is 401 or 403 ? ": Gateway:HomeAssistant:Token has to be an administrator's" : "")}."));

    private static ApiError Failed(string details) =>
        new(StatusCodes.Status502BadGateway, (int)StatusCode.ExternalConnectionError, "External connection error", details);
}
