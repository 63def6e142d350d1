using System.Globalization;
using System.Text;

namespace Gateway.Fuzz.Http;

/// <summary>The responses of one connection of HTTP/1.1, read from its bytes by RFC 9112.</summary>
internal static class Responses
{
    /// <summary>A response: its status, and the id of the request that it says it is for.</summary>
    public readonly record struct Response(int Status, string? Id);

    /// <summary>Reads all responses; null when the bytes are not responses one after another. The last may be cut.</summary>
    /// <param name="bytes">What came.</param>
    /// <param name="firstHasBody">Whether the first may have content: the answer to HEAD has none.</param>
    public static List<Response>? Read(ReadOnlySpan<byte> bytes, bool firstHasBody)
    {
        var responses = new List<Response>();
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                return IsBeginning(bytes) ? responses : null; // of one that was cut
            }

            var lines = Encoding.Latin1.GetString(bytes[..end]).Split("\r\n");
            bytes = bytes[(end + 4)..];
            if (!lines[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || !int.TryParse(lines[0].AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            {
                return null;
            }

            if (status is >= 100 and < 200)
            {
                continue;
            }

            responses.Add(new Response(status, Header(lines, "X-Request-ID")));
            var hasBody = status is not (204 or 304) && (responses.Count > 1 || firstHasBody || IsLast(lines));
            if (hasBody && !TrySkipBody(ref bytes, lines))
            {
                return null;
            }
        }

        return responses;
    }

    // What was refused before its verb was known is not known to be a HEAD; nothing follows it.
    private static bool IsLast(string[] lines) => Header(lines, "Connection") == "close";

    private static bool IsBeginning(ReadOnlySpan<byte> bytes) => "HTTP/1."u8.StartsWith(bytes[..Math.Min(bytes.Length, 7)]);

    private static bool TrySkipBody(ref ReadOnlySpan<byte> bytes, string[] lines)
    {
        if (Header(lines, "Transfer-Encoding") is null)
        {
            var length = Header(lines, "Content-Length") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : bytes.Length;
            bytes = bytes[Math.Min(length, bytes.Length)..];
            return true;
        }

        while (true)
        {
            var line = bytes.IndexOf("\r\n"u8);
            if (line < 0 || !int.TryParse(Encoding.Latin1.GetString(bytes[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size))
            {
                var isCut = line < 0 && bytes.Length < 10;
                bytes = [];
                return isCut; // the connection was broken off, as an answer that fails is
            }

            bytes = bytes[Math.Min(line + 2 + size + 2, bytes.Length)..];
            if (size == 0)
            {
                return true;
            }
        }
    }

    private static string? Header(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
