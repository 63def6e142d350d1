using System.Buffers.Text;
using Google.Protobuf;

namespace Gateway.Core.Methods.Values;

/// <summary>URLs that hold their content as base64 (RFC 2397), as browsers and OpenAI's clients send images.</summary>
public static class DataUrl
{
    private const string Scheme = "data:";
    private const string Marker = ";base64,";

    /// <summary>Takes the content out of a data URL.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="content">What it holds; null when it is no such URL.</param>
    public static bool TryRead(string url, out ByteString? content)
    {
        content = null;
        var marker = url.IndexOf(Marker, StringComparison.OrdinalIgnoreCase);
        if (!url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || marker < 0)
        {
            return false;
        }

        var text = url.AsSpan(marker + Marker.Length);
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length + 3)];
        if (!Convert.TryFromBase64Chars(text, bytes, out var length))
        {
            return false;
        }

        content = UnsafeByteOperations.UnsafeWrap(bytes.AsMemory(0, length));
        return true;
    }
}
