using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gateway.Sandbox.Images;
using Gateway.Sandbox.Images.Png;

namespace Gateway.Sandbox.Tests.Images;

public class PngDecoderTests
{
    private static readonly byte[] OnePixel = PngFiles.Deflate(0, 200);

    public static TheoryData<string> Fixtures => [.. Fixture.Names("png", ".png")];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Decode_EveryKindOfPng_IsWhatImageMagickDecodes(string name)
    {
        Assert.True(ImageReader.TryDecode(Fixture.Read($"png/{name}.png"), out var bitmap, out _));

        Assert.Equal(Fixture.Read($"png/{name}.rgba"), MemoryMarshal.AsBytes(bitmap.Pixels).ToArray());
    }

    [Fact]
    public void Decode_Fixtures_CoverEveryColorTypeDepthAndInterlacing()
    {
        var kinds = Fixture.Names("png", ".png").Select(name => Fixture.Read($"png/{name}.png")).Select(file => (ColorType: file[25], Depth: file[24])).Distinct();

        // Table 11.1 of the PNG specification.
        Assert.Equal(
            [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)],
            kinds.Select(kind => ((int)kind.ColorType, (int)kind.Depth)).Order());
    }

    [Theory]
    [InlineData("rgba8")]
    [InlineData("palette4-trns")]
    public void Decode_ImageDataInChunksOfOneByte_IsTheSame(string name)
    {
        var chunks = PngFiles.Chunks(Fixture.Read($"png/{name}.png"))
            .SelectMany(chunk => chunk.Type == "IDAT" ? chunk.Data.Select(value => ("IDAT", new[] { value })) : [chunk]);

        Assert.True(ImageReader.TryDecode(PngFiles.Of(chunks), out var bitmap, out _));

        Assert.Equal(Fixture.Read($"png/{name}.rgba"), MemoryMarshal.AsBytes(bitmap.Pixels).ToArray());
    }

    [Fact]
    public void Decode_UnknownAncillaryChunk_IsPassedOver()
    {
        Assert.Null(ErrorOf(PngFiles.Of(("IHDR", PngFiles.Header(1, 1)), ("abCd", [1, 2, 3]), ("IDAT", OnePixel), ("IEND", []))));
    }

    [Fact]
    public void Decode_EveryTruncation_IsAnError()
    {
        var file = Fixture.Read("png/palette4-trns.png");
        for (var length = 0; length < file.Length; length++)
        {
            Assert.NotNull(ErrorOf(file[..length]));
        }
    }

    [Fact]
    public void Decode_EveryFlippedByte_IsAnError()
    {
        // Signature, lengths, types, data and checksums alike: nothing of the file is without a check.
        var file = Fixture.Read("png/rgb8-trns.png");
        for (var at = 0; at < file.Length; at++)
        {
            var broken = (byte[])file.Clone();
            broken[at] ^= 0x10;
            Assert.NotNull(ErrorOf(broken));
        }
    }

    [Fact]
    public void Decode_AnyBytesAfterTheSignature_DoNotThrow()
    {
        var random = new Random(1);
        var file = Fixture.Read("png/rgba8-adam7.png");
        var chunks = PngFiles.Chunks(file);
        for (var round = 0; round < 2000; round++)
        {
            // Checksums are right, so the damage reaches what lies behind them.
            var broken = chunks.ConvertAll(chunk => (chunk.Type, Data: (byte[])chunk.Data.Clone()));
            var (_, data) = broken[random.Next(broken.Count)];
            if (data.Length > 0)
            {
                data[random.Next(data.Length)] = (byte)random.Next(256);
            }

            ImageReader.TryDecode(PngFiles.Of(broken), out _, out _);
        }
    }

    [Fact]
    public void Decode_WrongChunkChecksum_NamesTheChunk()
    {
        var file = PngFiles.Of(("IHDR", PngFiles.Header(1, 1)), ("IDAT", OnePixel), ("IEND", []));
        file[^1] ^= 1;

        Assert.Equal("the PNG is damaged: the checksum of chunk IEND is wrong", ErrorOf(file));
    }

    [Fact]
    public void Decode_WrongZlibChecksum_IsAnError()
    {
        var data = (byte[])OnePixel.Clone();
        data[^1] ^= 1;

        Assert.Equal("the PNG is damaged: its image data does not decompress", ErrorOf(PngFiles.Of(("IHDR", PngFiles.Header(1, 1)), ("IDAT", data), ("IEND", []))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_ZlibChecksumBehindTheBlockReadLast_IsStillCompared(bool damaged)
    {
        // One stored block (RFC 1951, 3.2.4) whose data ends where a reader's buffer of 8 KB does; the checksum comes after.
        const int Row = 8192 - 7;
        byte[] zlib = [0x78, 0x01, 0x01, Row & 255, Row >> 8, ~Row & 255, (~Row >> 8) & 255, .. new byte[Row], 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(zlib.AsSpan(zlib.Length - 4), (Row << 16) + 1 + (damaged ? 1 : 0));

        var error = ErrorOf(PngFiles.Of(("IHDR", PngFiles.Header(Row - 1, 1)), ("IDAT", zlib), ("IEND", [])));

        Assert.Equal(damaged ? "the PNG is damaged: its image data does not decompress" : null, error);
    }

    [Fact]
    public void Decode_ManyPixelsOfLittleData_IsRefusedBeforeMemoryIsTaken()
    {
        var file = PngFiles.Of(("IHDR", PngFiles.Header(4800, 5000)), ("IDAT", OnePixel), ("IEND", []));
        ErrorOf(file);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("the PNG is damaged: it holds too little image data", ErrorOf(file));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Theory]
    [InlineData(4801, 5000)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(1, int.MaxValue)]
    public void Decode_TooManyPixels_IsRefused(int width, int height)
    {
        var error = ErrorOf(PngFiles.Of(("IHDR", PngFiles.Header(width, height)), ("IDAT", OnePixel), ("IEND", [])));

        Assert.Equal($"the PNG has {(long)width * height} pixels, more than the limit of 24000000", error);
    }

    [Fact]
    public void Read_MoreBytesThanTheLimit_IsRefused()
    {
        var error = ErrorOf(new byte[20_000_001]);

        Assert.Equal("the image has 20000001 bytes, more than the limit of 20000000", error);
    }

    public static TheoryData<string, byte[]> BrokenFiles => new()
    {
        { "there is more than one IHDR chunk", PngFiles.Of(("IHDR", PngFiles.Header(1, 1)), ("IHDR", PngFiles.Header(1, 1))) },
        { "there is no IDAT chunk", PngFiles.Of(("IHDR", PngFiles.Header(1, 1)), ("IEND", [])) },
        { "the critical chunk ABCD is unknown", PngFiles.Of(("IHDR", PngFiles.Header(1, 1)), ("ABCD", [])) },
        { "the IHDR chunk holds values that PNG does not allow", PngFiles.Of(("IHDR", PngFiles.Header(1, 1, depth: 3))) },
        { "the IHDR chunk holds values that PNG does not allow", PngFiles.Of(("IHDR", PngFiles.Header(1, 1, depth: 16, colorType: 3))) },
        { "the IHDR chunk holds values that PNG does not allow", PngFiles.Of(("IHDR", PngFiles.Header(1, 1, colorType: 5))) },
        { "the IHDR chunk holds values that PNG does not allow", PngFiles.Of(("IHDR", PngFiles.Header(1, 1, interlace: 2))) },
        { "the PLTE chunk is missing", PngFiles.Of(("IHDR", PngFiles.Header(1, 1, colorType: 3)), ("IDAT", OnePixel)) },
        { "the PLTE chunk has a wrong length", PngFiles.Of(("IHDR", PngFiles.Header(1, 1, colorType: 3)), ("PLTE", [1, 2, 3, 4])) },
        { "the PLTE chunk is late or there are two", PngFiles.Of(("IHDR", PngFiles.Header(1, 1, colorType: 3)), ("PLTE", [1, 2, 3]), ("PLTE", [1, 2, 3])) },
        { "the tRNS chunk is late or there are two", PngFiles.Of(("IHDR", PngFiles.Header(1, 1)), ("IDAT", OnePixel), ("tRNS", [0, 0])) },
        { "the tRNS chunk does not fit the colour type", PngFiles.Of(("IHDR", PngFiles.Header(1, 1)), ("tRNS", [0])) },
        { "the tRNS chunk does not fit the colour type", PngFiles.Of(("IHDR", PngFiles.Header(1, 1, colorType: 3)), ("PLTE", [1, 2, 3]), ("tRNS", [0, 0])) },
        { "the IDAT chunks do not follow one another", PngFiles.Of(("IHDR", PngFiles.Header(1, 1)), ("IDAT", OnePixel), ("tEXt", []), ("IDAT", OnePixel)) },
        { "the file ends before its IEND chunk", PngFiles.Of(("IHDR", PngFiles.Header(1, 1)), ("IDAT", OnePixel)) },
        { "its image data ends early", PngFiles.Of(("IHDR", PngFiles.Header(1, 2)), ("IDAT", OnePixel), ("IEND", [])) },
        { "filter type 5 is unknown", PngFiles.Of(("IHDR", PngFiles.Header(1, 1)), ("IDAT", PngFiles.Deflate(5, 200)), ("IEND", [])) },
        { "a pixel lies outside the palette", PngFiles.Of(("IHDR", PngFiles.Header(1, 1, colorType: 3)), ("PLTE", [1, 2, 3]), ("IDAT", PngFiles.Deflate(0, 1)), ("IEND", [])) },
        { "its image data does not decompress", PngFiles.Of(("IHDR", PngFiles.Header(1, 1)), ("IDAT", [1, 2, 3, 4]), ("IEND", [])) },
    };

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void Decode_BrokenFile_SaysWhatIsWrong(string error, byte[] file)
    {
        Assert.Equal("the PNG is damaged: " + error, ErrorOf(file));
    }

    [Fact]
    public void Decode_OtherChunkBeforeTheHeader_IsAnError()
    {
        var file = PngFiles.Of(("tEXt", []), ("IHDR", PngFiles.Header(1, 1)), ("IDAT", OnePixel), ("IEND", []));

        Assert.Equal("the png header is broken or cut short", ErrorOf(file));
        Assert.False(PngDecoder.TryDecode(file, out _, out var error));
        Assert.Equal("the PNG is damaged: the first chunk is not IHDR", error);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Encode_Decoded_IsTheSameBitmap(string name)
    {
        Assert.True(ImageReader.TryDecode(Fixture.Read($"png/{name}.png"), out var bitmap, out _));

        Assert.True(ImageReader.TryDecode(PngEncoder.Encode(bitmap), out var again, out _));

        Assert.Equal((bitmap.Width, bitmap.Height), (again.Width, again.Height));
        Assert.Equal(bitmap.Pixels.ToArray(), again.Pixels.ToArray());
    }

    private static string? ErrorOf(byte[] file)
    {
        var decoded = ImageReader.TryDecode(file, out var bitmap, out var error);
        Assert.Equal(decoded, bitmap is not null);
        Assert.Equal(decoded, error is null);
        return error;
    }
}
