using System.Buffers.Binary;

namespace Gateway.Sandbox.Images.Headers;

/// <summary>
/// The header of a JPEG file (ITU-T T.81, annex B): segments of <c>FF marker length(2) data</c> until the frame header
/// (SOF: precision, height, width), with the orientation of an Exif segment before it applied.
/// </summary>
internal static class JpegHeader
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const byte App1 = 0xE1;

    /// <summary>The dimensions as displayed: turned when Exif says that the camera was.</summary>
    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> file)
    {
        var turned = false;
        var rest = file[2..];
        while (TryReadSegment(ref rest, out var marker, out var data))
        {
            if (marker == App1 && ExifOrientation.Read(data) is { } orientation)
            {
                turned = ExifOrientation.SwapsAxes(orientation);
            }

            if (IsFrame(marker))
            {
                return FrameSize(data, turned);
            }
        }

        return null;
    }

    private static (int Width, int Height)? FrameSize(ReadOnlySpan<byte> data, bool turned)
    {
        if (data.Length < 5)
        {
            return null;
        }

        var height = BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(data[3..]);
        return turned ? (height, width) : (width, height);
    }

    // C4, C8 and CC lie among the frame markers but mean Huffman tables, an extension and arithmetic coding.
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static bool TryReadSegment(ref ReadOnlySpan<byte> rest, out byte marker, out ReadOnlySpan<byte> data)
    {
        marker = 0;
        data = default;
        if (rest.Length < 4 || rest[0] != 0xFF)
        {
            return false;
        }

        // Any number of FF fill bytes may stand before a marker.
        var fill = rest.IndexOfAnyExcept((byte)0xFF);
        if (fill < 0 || rest.Length < fill + 3)
        {
            return false;
        }

        marker = rest[fill];
        if (marker is StartOfScan or EndOfImage)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(rest[(fill + 1)..]);
        if (length < 2 || rest.Length < fill + 1 + length)
        {
            return false;
        }

        data = rest.Slice(fill + 3, length - 2);
        rest = rest[(fill + 1 + length)..];
        return true;
    }
}
