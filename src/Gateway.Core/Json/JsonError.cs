namespace Gateway.Core.Json;

/// <summary>Why a message could not be transcoded, and where. A value: nothing is thrown.</summary>
/// <param name="Kind">What is wrong, for code.</param>
/// <param name="Path">The field, as in <c>inputs[3].data.image.base64</c>; empty for the message itself.</param>
/// <param name="Message">What is wrong, for people; fit to be shown to a client.</param>
/// <param name="Offset">The byte of the JSON text at which reading stopped; null when the fault is not in JSON text.</param>
public sealed record JsonError(JsonErrorKind Kind, string Path, string Message, long? Offset = null)
{
    /// <summary>The error as a client sees it: <c>path: message</c>, with the byte offset where the text is not JSON.</summary>
    public override string ToString()
    {
        string place = Kind == JsonErrorKind.Syntax && Offset is { } offset ? $" at byte {offset}" : "";
        return Path.Length == 0 ? Message + place : $"{Path}: {Message}{place}";
    }
}
