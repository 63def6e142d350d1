namespace Gateway.Grpc.Protocol;

/// <summary>Values of <c>-bin</c> headers: base64, written without padding and read with or without it (PROTOCOL-HTTP2.md).</summary>
internal static class BinaryHeader
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <summary>Reads one value; false when it is not base64.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        ReadOnlySpan<char> digits = text.Trim().TrimEnd('=');
        Span<char> padded = digits.Length <= 256 ? stackalloc char[digits.Length + 3] : new char[digits.Length + 3];
        digits.CopyTo(padded);
        padded[digits.Length..].Fill('=');
        padded = padded[..((digits.Length + 3) / 4 * 4)];

        bytes = new byte[padded.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(padded, bytes, out int written)) return false;
        Array.Resize(ref bytes, written);
        return true;
    }
}
