using System.Text;

namespace Gateway.Grpc.Protocol;

/// <summary>
/// The percent-encoding of <c>grpc-message</c> (PROTOCOL-HTTP2.md, "Status-Message"): UTF-8 whose bytes outside 0x20–0x7E, and
/// <c>%</c> itself, are written as <c>%XX</c>. Readers must not fail: what is no encoding stays as it is.
/// </summary>
internal static class PercentEncoding
{
    private const string HexDigits = "0123456789ABCDEF";

    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%')) return text;

        var encoded = new StringBuilder(text.Length + 16);
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (value is >= 0x20 and <= 0x7E and not (byte)'%') encoded.Append((char)value);
            else encoded.Append('%').Append(HexDigits[value >> 4]).Append(HexDigits[value & 0xF]);
        }

        return encoded.ToString();
    }

    public static string Decode(string text)
    {
        if (!text.Contains('%')) return text;

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            bool encoded = TryDecodeByte(bytes.AsSpan(i), out byte value);
            bytes[length++] = encoded ? value : bytes[i];
            if (encoded) i += 2;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static bool TryDecodeByte(ReadOnlySpan<byte> text, out byte value)
    {
        value = 0;
        if (text.Length < 3 || text[0] != '%') return false;
        if (!char.IsAsciiHexDigit((char)text[1]) || !char.IsAsciiHexDigit((char)text[2])) return false;
        value = (byte)((Digit(text[1]) << 4) | Digit(text[2]));
        return true;
    }

    private static int Digit(byte hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
