namespace Gateway.Sandbox.Images.Headers;

/// <summary>
/// The header of the Netpbm formats P1 to P6: the magic number, then width and height in ASCII, parted by white space and <c>#</c>
/// comments.
/// </summary>
internal static class PnmHeader
{
    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> file)
    {
        var rest = file[2..];
        if (ReadNumber(ref rest) is not { } width || ReadNumber(ref rest) is not { } height)
        {
            return null;
        }

        return (width, height);
    }

    public static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\v' or (byte)'\f' or (byte)'\r';

    private static int? ReadNumber(ref ReadOnlySpan<byte> rest)
    {
        SkipSpaceAndComments(ref rest);
        var digits = 0;
        while (digits < rest.Length && char.IsAsciiDigit((char)rest[digits]))
        {
            digits++;
        }

        var number = int.TryParse(rest[..digits], out var value) ? value : (int?)null;
        rest = rest[digits..];
        return number;
    }

    private static void SkipSpaceAndComments(ref ReadOnlySpan<byte> rest)
    {
        while (rest.Length > 0 && (IsSpace(rest[0]) || rest[0] == '#'))
        {
            var skip = rest[0] == '#' ? rest.IndexOf((byte)'\n') : 1;
            rest = skip < 0 ? default : rest[Math.Max(skip, 1)..];
        }
    }
}
