using Clarifai.Api;
using Gateway.Sandbox.Images;

namespace Gateway.Sandbox.Models;

/// <summary>Between pixels and the API's bounding boxes, whose sides are fractions of the image, 0 to 1.</summary>
internal static class BoundingBoxes
{
    public static BoundingBox Of(PixelBox box, Bitmap bitmap) => new()
    {
        TopRow = (float)box.Top / bitmap.Height,
        LeftCol = (float)box.Left / bitmap.Width,
        BottomRow = (float)box.Bottom / bitmap.Height,
        RightCol = (float)box.Right / bitmap.Width,
    };

    /// <summary>The pixels of a box, cut to the image; null where nothing of the image is inside, or a side is not a number.</summary>
    public static PixelBox? ToPixels(BoundingBox box, Bitmap bitmap)
    {
        var pixels = new PixelBox(
            ToPixel(box.LeftCol, bitmap.Width),
            ToPixel(box.TopRow, bitmap.Height),
            ToPixel(box.RightCol, bitmap.Width),
            ToPixel(box.BottomRow, bitmap.Height));
        return pixels.Width > 0 && pixels.Height > 0 ? pixels : null;
    }

    // Not a number counts as 0, the place where a box is empty.
    private static int ToPixel(float fraction, int size) => float.IsNaN(fraction) ? 0 : (int)Math.Round(Math.Clamp(fraction, 0, 1) * size);
}
