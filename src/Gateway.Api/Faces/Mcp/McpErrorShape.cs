using System.Text.Json;
using Clarifai.Api.Status;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using ModelContextProtocol;

namespace Gateway.Api.Faces.Mcp;

/// <summary>
/// Errors as JSON-RPC has them (JSON-RPC 2.0, 5.1), with the API's status beside:
/// <c>{"jsonrpc":"2.0","id":…,"error":{"code","message","data":{"status":{…}}}}</c>. The id is that of the request, wherever it can be
/// read; null where no one request is answered.
/// </summary>
internal sealed class McpErrorShape : ErrorShape
{
    // The first of the codes that are the implementation's own.
    private const int ServerError = -32000;

    public override ValueTask PrepareAsync(HttpContext http) => AnsweredRequest.FindAsync(http);

    public override void WriteBody(HttpContext http, Utf8JsonWriter json, ApiError failure) =>
        Write(http, json, failure, http.Features.Get<AnsweredRequest>());

    /// <summary>Writes the error that answers a request.</summary>
    /// <param name="http">The POST that brought the request.</param>
    /// <param name="json">Where to.</param>
    /// <param name="failure">The error.</param>
    /// <param name="request">The request; null when no one request is answered.</param>
    public static void Write(HttpContext http, Utf8JsonWriter json, ApiError failure, AnsweredRequest? request)
    {
        AnsweredRequest.Begin(json, request?.Id);
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, CodeOf(failure));
        json.WriteString("message"u8, failure.Text);
        json.WriteStartObject("data"u8);
        StatusShape.WriteStatus(http, json, failure);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public override void WriteLast(HttpContext http, Utf8JsonWriter json, ApiError? failure) =>
        WriteBody(http, json, failure ?? ApiErrors.Internal);

    private static int CodeOf(ApiError failure) => (StatusCode)failure.Code switch
    {
        StatusCode.ConnBadRequestFormat => (int)McpErrorCode.ParseError,
        StatusCode.ConnInvalidRequest => (int)McpErrorCode.InvalidRequest,
        StatusCode.InternalUncategorized => (int)McpErrorCode.InternalError,
        _ => ServerError,
    };
}
