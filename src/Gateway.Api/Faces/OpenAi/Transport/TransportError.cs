using System.Text.Json;
using Clarifai.Api.Status;
using Gateway.Api.Errors;

namespace Gateway.Api.Faces.OpenAi.Transport;

/// <summary>
/// Tells failures from answers: a transport method that fails returns <c>{"code": 21313, "description", "details"}</c> where it should have
/// returned OpenAI's JSON; a model may add <c>param</c>, the member of the request that is at fault. No object of OpenAI's begins like
/// that, so looking at the first member mostly is all there is to do.
/// </summary>
internal static class TransportError
{
    /// <summary>Looks at what was returned.</summary>
    /// <param name="json">What was returned.</param>
    /// <param name="failure">Why the method failed; null when it did not.</param>
    /// <returns>False when it is no JSON object.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out ApiError? failure)
    {
        failure = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            if (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && IsMember(ref reader))
            {
                failure = Read(ref reader);
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsMember(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("code"u8) || reader.ValueTextEquals("description"u8) || reader.ValueTextEquals("details"u8);

    // Stands at the first member's name.
    private static ApiError? Read(ref Utf8JsonReader reader)
    {
        var status = new Status();
        string? parameter = null;
        while (reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString();
            reader.Read();
            switch (member, reader.TokenType)
            {
                case ("code", JsonTokenType.Number) when reader.TryGetInt32(out var code):
                    status.Code = (StatusCode)code;
                    break;
                case ("description", JsonTokenType.String):
                    status.Description = reader.GetString();
                    break;
                case ("details", JsonTokenType.String):
                    status.Details = reader.GetString();
                    break;
                case ("param", JsonTokenType.String):
                    parameter = reader.GetString();
                    break;
                default:
                    reader.Skip();
                    break;
            }

            reader.Read();
        }

        return StatusMap.IsFailure(status) ? ApiErrors.OfMessage(status) with { Parameter = parameter } : null;
    }
}
