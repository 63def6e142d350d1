namespace Gateway.Sandbox.Images;

/// <summary>What an image may cost: larger ones are refused by their header, before memory is taken for their pixels.</summary>
internal static class ImageLimits
{
    /// <summary>The API takes images under 20 MB.</summary>
    public const int MaxBytes = 20 * 1000 * 1000;

    /// <summary>
    /// 50 megapixels, what large cameras of phones have. The API's own limit is 85; of a progressive JPEG, which holds all its coefficients
    /// until the last scan, these are 300 MB.
    /// </summary>
    public const long MaxPixels = 50 * 1000 * 1000;

    /// <summary>24 megapixels, 96 MB. Formats that can are decoded to a smaller size; the others are refused.</summary>
    public const long MaxDecodedPixels = 24 * 1000 * 1000;
}
