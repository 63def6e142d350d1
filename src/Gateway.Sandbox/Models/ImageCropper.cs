using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Sandbox.Images;
using Gateway.Sandbox.Models.Methods;
using Google.Protobuf;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Sandbox.Models;

/// <summary>Cuts the regions out of an image, each as a PNG of its own.</summary>
internal sealed class ImageCropper : SandboxModel
{
    public const string Id = "image-cropper";

    /// <summary>Bounds the work of one input; the detector finds fewer.</summary>
    private const int MaxRegions = 64;

    public ImageCropper()
        : base(new ModelCard(
            Id,
            "Image cropper",
            "image-crop",
            "Cuts the given bounding boxes out of an image; each region comes back with its pixels as a PNG."))
    {
        Methods =
        [
            SampleMethod.Unary(
                "predict",
                "The pixels of each region.",
                [
                    SignatureField.Of(DataType.Image, "image", "The image."),
                    SignatureField.ListOf(DataType.Region, "regions", "Bounding boxes in fractions of width and height."),
                ],
                SignatureField.ResultList(DataType.Image, "One PNG for each region, in order."),
                arguments => CropImages(arguments.Data("image").Image, arguments.Data("regions").Regions)),
        ];
    }

    public override IReadOnlyList<SampleMethod> Methods { get; }

    public override Inference Predict(Data data) => Crop(data.Image, data.Regions);

    private static Inference CropImages(Image? image, IReadOnlyCollection<Region> regions)
    {
        var prediction = Crop(image, regions);
        var crops = prediction.Data.Regions.Select(region => new Part { Data = region.Data });
        return prediction with { Data = new Data { Parts = { crops } } };
    }

    private static Inference Crop(Image? image, IReadOnlyCollection<Region> regions)
    {
        if (image is null || image.Base64.IsEmpty)
        {
            return Inference.Failed(StatusCode.InputUnsupportedFormat, "the input holds no image");
        }

        if (regions.Count > MaxRegions)
        {
            return Inference.Failed(StatusCode.ModelInvalidArgument, $"{regions.Count} regions are more than the limit of {MaxRegions}");
        }

        if (!ImageReader.TryDecode(image.Base64.Span, out _, out var bitmap, out var error))
        {
            return Inference.Failed(StatusCode.MpImageDecodeError, error);
        }

        var answer = new Data();
        var pixels = 0L;
        foreach (var region in regions)
        {
            if (BoundingBoxes.ToPixels(region.RegionInfo?.BoundingBox ?? new BoundingBox(), bitmap) is not { } box)
            {
                return Inference.Failed(
                    StatusCode.ModelInvalidArgument, $"the bounding box of region {region.Id} holds no pixel of the image");
            }

            pixels += (long)box.Width * box.Height;
            if (pixels > ImageLimits.MaxPixels)
            {
                return Inference.Failed(
                    StatusCode.ModelInvalidArgument, $"the regions have more pixels together than the limit of {ImageLimits.MaxPixels}");
            }

            answer.Regions.Add(WithPixels(region, bitmap.Crop(box)));
        }

        return new Inference(answer);
    }

    private static Region WithPixels(Region region, Bitmap crop)
    {
        var filled = region.Clone();
        filled.Data = new Data
        {
            Image = new Image
            {
                Base64 = ByteString.CopyFrom(PngEncoder.Encode(crop)),
                ImageInfo = new ImageInfo { Width = crop.Width, Height = crop.Height, Format = "PNG", ColorMode = "RGBA" },
            },
        };
        return filled;
    }
}
