namespace Gateway.Sandbox.Images.Png;

/// <summary>The chunks of a PNG file that its pixels need, checked for order and number (PNG specification, section 5.6).</summary>
internal sealed class PngFile : IDisposable
{
    private readonly MemoryStream _imageData = new();
    private uint _lastType;

    public PngHeader Header { get; private set; }

    /// <summary>Red, green, blue for each palette entry; empty without a palette.</summary>
    public ReadOnlyMemory<byte> Palette { get; private set; }

    /// <summary>The tRNS chunk as it stands; empty without one.</summary>
    public ReadOnlyMemory<byte> Transparency { get; private set; }

    /// <summary>The zlib stream of all IDAT chunks, at its start.</summary>
    public MemoryStream ImageData => _imageData;

    /// <summary>Reads the chunks of a file that starts with the signature; null, with the reason, where they are not a PNG.</summary>
    public static PngFile? Read(ReadOnlyMemory<byte> file, out string? error)
    {
        var png = new PngFile();
        error = png.ReadChunks(file[PngSignature.Bytes.Length..]);
        if (error is null)
        {
            return png;
        }

        png.Dispose();
        return null;
    }

    public void Dispose() => _imageData.Dispose();

    private string? ReadChunks(ReadOnlyMemory<byte> rest)
    {
        while (_lastType != PngChunk.End)
        {
            if (!PngChunk.TryTake(ref rest, out var chunk, out var error))
            {
                return error;
            }

            if (Add(chunk) is { } refusal)
            {
                return refusal;
            }

            _lastType = chunk.Type;
        }

        _imageData.Position = 0;
        return null;
    }

    private string? Add(PngChunk chunk)
    {
        if (_lastType == 0 && chunk.Type != PngChunk.Header)
        {
            return "the first chunk is not IHDR";
        }

        return chunk.Type switch
        {
            PngChunk.Header => AddHeader(chunk.Data.Span),
            PngChunk.Palette => AddPalette(chunk.Data),
            PngChunk.Transparency => AddTransparency(chunk.Data),
            PngChunk.ImageData => AddImageData(chunk.Data.Span),
            PngChunk.End => _imageData.Length == 0 ? "there is no IDAT chunk" : null,
            _ => chunk.IsCritical ? $"the critical chunk {chunk.Name} is unknown" : null,
        };
    }

    private string? AddHeader(ReadOnlySpan<byte> data)
    {
        if (_lastType != 0)
        {
            return "there is more than one IHDR chunk";
        }

        if (PngHeader.Parse(data) is not { } header)
        {
            return "the IHDR chunk holds values that PNG does not allow";
        }

        Header = header;
        return null;
    }

    private string? AddPalette(ReadOnlyMemory<byte> data)
    {
        if (_imageData.Length > 0 || !Palette.IsEmpty)
        {
            return "the PLTE chunk is late or there are two";
        }

        if (data.IsEmpty || data.Length % 3 != 0 || data.Length > 3 * 256)
        {
            return "the PLTE chunk has a wrong length";
        }

        Palette = data;
        return null;
    }

    private string? AddTransparency(ReadOnlyMemory<byte> data)
    {
        if (_imageData.Length > 0 || !Transparency.IsEmpty)
        {
            return "the tRNS chunk is late or there are two";
        }

        var fits = Header.ColorType switch
        {
            PngColorType.Gray => data.Length == 2,
            PngColorType.Rgb => data.Length == 6,
            PngColorType.Palette => data.Length > 0 && data.Length <= Palette.Length / 3,
            _ => false,
        };
        if (!fits)
        {
            return "the tRNS chunk does not fit the colour type";
        }

        Transparency = data;
        return null;
    }

    private string? AddImageData(ReadOnlySpan<byte> data)
    {
        if (Header.ColorType == PngColorType.Palette && Palette.IsEmpty)
        {
            return "the PLTE chunk is missing";
        }

        if (_imageData.Length > 0 && _lastType != PngChunk.ImageData)
        {
            return "the IDAT chunks do not follow one another";
        }

        _imageData.Write(data);
        return null;
    }
}
