using System.Globalization;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Sandbox.Images;
using Gateway.Sandbox.Images.Analysis;
using Gateway.Sandbox.Models.Methods;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Sandbox.Models;

/// <summary>Boxes the areas of an image that stand out from its background.</summary>
internal sealed class RegionDetector : SandboxModel
{
    public const string Id = "region-detector";

    public RegionDetector()
        : base(new ModelCard(
            Id,
            "Region detector",
            "visual-detector",
            "Boxes around connected areas of an image that differ from the colour most common along its border; the value is their mean "
                + "contrast to it."))
    {
        Methods =
        [
            SampleMethod.Unary(
                "predict",
                "The regions that stand out, the largest first.",
                [SignatureField.Of(DataType.Image, "image", "The image.")],
                SignatureField.ResultList(DataType.Region, "Bounding boxes in fractions of width and height."),
                arguments => Detect(arguments.Data("image").Image)),
        ];
    }

    public override IReadOnlyList<SampleMethod> Methods { get; }

    public override Inference Predict(Data data) => Detect(data.Image);

    private static Inference Detect(Image? image)
    {
        if (image is null || image.Base64.IsEmpty)
        {
            return Inference.Failed(StatusCode.InputUnsupportedFormat, "the input holds no image");
        }

        if (!ImageReader.TryDecode(image.Base64.Span, out _, out var bitmap, out var error))
        {
            return Inference.Failed(StatusCode.MpImageDecodeError, error);
        }

        var regions = SalientRegions.Find(bitmap).Select((region, index) => ToRegion(region, index, bitmap));
        return new Inference(new Data { Regions = { regions } });
    }

    private static Region ToRegion(SalientRegion region, int index, Bitmap bitmap) => new()
    {
        Id = (index + 1).ToString(CultureInfo.InvariantCulture),
        RegionInfo = new() { BoundingBox = BoundingBoxes.Of(region.Box, bitmap) },
        Value = (float)region.Contrast,
    };
}
