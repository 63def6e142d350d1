using System.Globalization;
using System.Text.Json;
using Clarifai.Api.Status;
using Gateway.Api.Errors;
using Gateway.Api.Http;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>
/// OpenAI's shape of errors: <c>{"error":{"message","type","param","code"}}</c>. The code is OpenAI's word where it has one, else the
/// number of the API's. A stream that ended well has nothing more to say.
/// </summary>
internal class OpenAiErrorShape : ErrorShape
{
    public sealed override void WriteBody(HttpContext http, Utf8JsonWriter json, ApiError failure)
    {
        json.WriteStartObject();
        WriteError(json, failure);
        json.WriteEndObject();
    }

    public sealed override void WriteLast(HttpContext http, Utf8JsonWriter json, ApiError? failure)
    {
        if (failure is not null)
        {
            json.WriteStartObject();
            WriteEventMembers(json, failure);
            WriteError(json, failure);
            json.WriteEndObject();
        }
    }

    /// <summary>Writes what an error in a stream has besides.</summary>
    protected virtual void WriteEventMembers(Utf8JsonWriter json, ApiError failure)
    {
    }

    /// <summary>Writes what is wrong.</summary>
    protected static void WriteMembers(Utf8JsonWriter json, ApiError failure)
    {
        json.WriteString("message"u8, failure.Details.Length > 0 ? failure.Details : failure.Description);
        json.WriteString("param"u8, failure.Parameter);
        json.WriteString("code"u8, CodeOf(failure));
    }

    private static void WriteError(Utf8JsonWriter json, ApiError failure)
    {
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, TypeOf(failure.HttpStatus));
        WriteMembers(json, failure);
        json.WriteEndObject();
    }

    private static string TypeOf(int httpStatus) => httpStatus switch
    {
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= StatusCodes.Status500InternalServerError => "server_error",
        _ => "invalid_request_error",
    };

    private static string CodeOf(ApiError failure) => failure switch
    {
        { Code: (int)StatusCode.ModelDoesNotExist } => "model_not_found",
        { HttpStatus: StatusCodes.Status401Unauthorized } => "invalid_api_key",
        { HttpStatus: StatusCodes.Status429TooManyRequests } => "rate_limit_exceeded",
        _ => failure.Code.ToString(CultureInfo.InvariantCulture),
    };
}
