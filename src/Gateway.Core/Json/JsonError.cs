namespace Gateway.Core.Json;

/// <summary>Why a message could not be transcoded, and where. A value: nothing is thrown.</summary>
/// <param name="Kind">What is wrong, for code.</param>
/// <param name="Path">The field, as in <c>inputs[3].data.image.base64</c>; empty for the message itself.</param>
/// <param name="Message">What is wrong, for people; fit to be shown to a client.</param>
/// <param name="Offset">The first byte, from 0, that makes the text no JSON, or the text's length; null for any other fault.</param>
public sealed record JsonError(JsonErrorKind Kind, string Path, string Message, long? Offset = null)
{
    /// <summary>What is wrong with a text as such.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="at">How far the text was read.</param>
    internal static JsonError Of(JsonFault fault, long at) =>
        new(fault.Kind, "", fault.Message, fault.Kind == JsonErrorKind.Syntax ? at : null);

    /// <summary>The error as a client sees it: <c>path: message</c>, with the byte offset where the text is not JSON.</summary>
    public override string ToString()
    {
        var place = Offset is { } offset ? $" at byte {offset}" : "";
        return Path.Length == 0 ? Message + place : $"{Path}: {Message}{place}";
    }
}
