using System.Buffers.Binary;

namespace Gateway.Sandbox.Images.Headers;

/// <summary>
/// The logical screen descriptor of GIF (GIF89a specification, section 18): width and height, little endian, after the signature.
/// </summary>
internal static class GifHeader
{
    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> file) =>
        file.Length < 10 ? null : (BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..]));
}
