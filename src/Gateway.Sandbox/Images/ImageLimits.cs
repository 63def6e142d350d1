namespace Gateway.Sandbox.Images;

/// <summary>What an image may cost: larger ones are refused by their header, before memory is taken for their pixels.</summary>
internal static class ImageLimits
{
    /// <summary>The API takes images under 20 MB.</summary>
    public const int MaxBytes = 20 * 1000 * 1000;

    /// <summary>24 megapixels, 96 MB decoded. The API's own limit is 85; a local process need not go so far.</summary>
    public const long MaxPixels = 24 * 1000 * 1000;
}
