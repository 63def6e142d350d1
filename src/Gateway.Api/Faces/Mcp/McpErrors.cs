using System.Globalization;
using Clarifai.Api.Status;
using Gateway.Api.Errors;

namespace Gateway.Api.Faces.Mcp;

/// <summary>What goes wrong on the MCP face alone.</summary>
internal static class McpErrors
{
    /// <summary>The body is JSON, but no JSON-RPC message (JSON-RPC 2.0, 4).</summary>
    public static readonly ApiError NotAMessage = Invalid(
        "The body is not a JSON-RPC 2.0 message: a request's id is a text or a number, a notification has none.");

    /// <summary>The header names a revision that there is not.</summary>
    public static readonly ApiError RevisionUnknown = Invalid($"{McpRevision.Header} is not one of {McpRevision.List}.");

    /// <summary>The model answered a request with something else than its result or an error.</summary>
    public static readonly ApiError AnswerUnreadable = new(
        StatusCodes.Status502BadGateway, (int)StatusCode.InternalServerIssue, "Internal server issue",
        "The model's answer is neither a result nor a JSON-RPC response.");

    /// <summary>A list of messages that is empty, too long, or of a revision that has no such lists.</summary>
    /// <param name="count">How many messages it has.</param>
    /// <param name="limit">How many it may have.</param>
    public static ApiError NoBatch(int count, int limit) => Invalid(string.Create(
        CultureInfo.InvariantCulture, $"The body is a list of {count} messages: revisions up to 2025-03-26 take lists of 1 to "
            + $"{limit}, later ones none."));

    /// <summary>The results of a call are more than one answer of a tool may hold.</summary>
    /// <param name="limit">The limit in bytes.</param>
    public static ApiError ResultTooLarge(long limit) => new(
        StatusCodes.Status502BadGateway, (int)StatusCode.RpcMaxMessageSizeExceeded, "Upstream message too large",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The results have together more than {limit} bytes; call the method over HTTP to get them one by one."));

    private static ApiError Invalid(string details) =>
        new(StatusCodes.Status400BadRequest, (int)StatusCode.ConnInvalidRequest, "Invalid request", details);
}
