using System.Text.Json;
using Gateway.Api.Errors;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>The same for the streams of <c>responses</c>, whose events have a type, and whose errors have their members bare.</summary>
internal sealed class ResponseErrorShape : OpenAiErrorShape
{
    protected override void WriteEventMembers(Utf8JsonWriter json, ApiError failure)
    {
        json.WriteString("type"u8, "error"u8);
        WriteMembers(json, failure);
    }
}
