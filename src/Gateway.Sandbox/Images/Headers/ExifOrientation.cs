using System.Buffers.Binary;

namespace Gateway.Sandbox.Images.Headers;

/// <summary>
/// The orientation tag of an Exif segment (Exif 2.32, 4.6.4): <c>Exif\0\0</c>, a TIFF header with its byte order, then the
/// first directory: a count and 12-byte entries of tag, type, count and value.
/// </summary>
internal static class ExifOrientation
{
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;
    private const int EntrySize = 12;

    /// <summary>The orientation, 1 to 8, or null where the segment has none.</summary>
    public static int? Read(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("Exif\0\0"u8))
        {
            return null;
        }

        var tiff = segment[6..];
        if (tiff.Length < 8)
        {
            return null;
        }

        var bigEndian = tiff.StartsWith("MM"u8);
        if (!bigEndian && !tiff.StartsWith("II"u8))
        {
            return null;
        }

        var directory = Read32(tiff[4..], bigEndian);
        return directory > tiff.Length - 2 ? null : ReadDirectory(tiff[(int)directory..], bigEndian);
    }

    /// <summary>Whether the displayed image has width and height exchanged.</summary>
    public static bool SwapsAxes(int orientation) => orientation is >= 5 and <= 8;

    private static int? ReadDirectory(ReadOnlySpan<byte> directory, bool bigEndian)
    {
        int count = Read16(directory, bigEndian);
        var entries = directory[2..];
        for (; count > 0 && entries.Length >= EntrySize; count--, entries = entries[EntrySize..])
        {
            if (Read16(entries, bigEndian) != OrientationTag || Read16(entries[2..], bigEndian) != ShortType)
            {
                continue;
            }

            int value = Read16(entries[8..], bigEndian);
            return value is >= 1 and <= 8 ? value : null;
        }

        return null;
    }

    private static ushort Read16(ReadOnlySpan<byte> data, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(data) : BinaryPrimitives.ReadUInt16LittleEndian(data);

    private static uint Read32(ReadOnlySpan<byte> data, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(data) : BinaryPrimitives.ReadUInt32LittleEndian(data);
}
