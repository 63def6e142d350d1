using System.Text;
using System.Text.Json;
using Gateway.Core.Methods;
using ModelContextProtocol.Protocol;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Api.Faces.Mcp.Tools;

/// <summary>Images, audio and video as content of a tool's result: by their base64, which is passed on as it is, or as a link.</summary>
internal static class MediaContent
{
    /// <summary>The content that a value is.</summary>
    /// <param name="field">What it is.</param>
    /// <param name="value">The value, with its <c>base64</c> or its <c>url</c>.</param>
    public static ContentBlock Of(MethodField field, JsonElement value)
    {
        var name = field.Name.Length == 0 ? field.Type.ToString() : field.Name;
        if (TextOf(value, "base64") is not { } base64)
        {
            return TextOf(value, "url") is { } url
                ? new ResourceLinkBlock { Uri = url, Name = name }
                : new TextContentBlock { Text = value.GetRawText() };
        }

        var data = Encoding.ASCII.GetBytes(base64);
        var type = MediaType.OfBase64(base64);
        return field.Type switch
        {
            DataType.Image => new ImageContentBlock { Data = data, MimeType = type },
            DataType.Audio => new AudioContentBlock { Data = data, MimeType = type },

            // MCP has no content of this kind but a file.
            _ => new EmbeddedResourceBlock { Resource = new BlobResourceContents { Uri = $"result:{name}", Blob = data, MimeType = type } },
        };
    }

    private static string? TextOf(JsonElement value, string member) =>
        value.TryGetProperty(member, out var text) && text.GetString() is { Length: > 0 } found ? found : null;
}
