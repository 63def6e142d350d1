using System.Text.Json;
using Gateway.Api.Errors;

namespace Gateway.Api.Http;

/// <summary>
/// The API's body shape: <c>{"status":{"code","description","details","req_id"}}</c>. The last record of a stream has the member
/// <c>event</c>
/// in front, which is <c>done</c> or <c>error</c>, and the tokens behind.
/// </summary>
internal sealed class StatusShape : ErrorShape
{
    public override void WriteBody(HttpContext http, Utf8JsonWriter json, ApiError failure)
    {
        json.WriteStartObject();
        WriteStatus(http, json, failure);
        json.WriteEndObject();
    }

    public override void WriteLast(HttpContext http, Utf8JsonWriter json, ApiError? failure)
    {
        json.WriteStartObject();
        json.WriteString("event"u8, failure is null ? "done" : "error");
        WriteStatus(http, json, failure ?? ErrorWriter.Success);
        http.Features.Get<TokenCounts>()?.WriteMember(json);
        json.WriteEndObject();
    }

    internal static void WriteStatus(HttpContext http, Utf8JsonWriter json, ApiError failure) =>
        WriteStatus(http.TraceIdentifier, json, failure);

    /// <summary>Writes the member <c>status</c>.</summary>
    internal static void WriteStatus(string requestId, Utf8JsonWriter json, ApiError failure)
    {
        json.WriteStartObject("status"u8);
        json.WriteNumber("code"u8, failure.Code);
        json.WriteString("description"u8, failure.Description);
        if (failure.Details.Length > 0)
        {
            json.WriteString("details"u8, failure.Details);
        }

        json.WriteString("req_id"u8, requestId);
        json.WriteEndObject();
    }
}
