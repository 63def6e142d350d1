using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Sandbox.Images;
using Gateway.Sandbox.Images.Analysis;
using Gateway.Sandbox.Models.Methods;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Sandbox.Models;

/// <summary>
/// Names what can be measured in an image: format, size, orientation, brightness and colours. Given regions that hold images, it
/// classifies each of them.
/// </summary>
internal sealed class ImageClassifier : SandboxModel
{
    public const string Id = "image-classifier";

    // Smaller shares are left out: a photograph has some pixels of nearly every colour.
    private const double LeastShare = 0.01;

    private const long SmallPixels = 256 * 256;
    private const long LargePixels = 1000 * 1000;

    public ImageClassifier()
        : base(new ModelCard(
            Id,
            "Image classifier",
            "visual-classifier",
            "Format, size and orientation of an image; its brightness and dominant colours.")
        { Concepts = ConceptNames() })
    {
        Methods =
        [
            SampleMethod.Unary(
                "predict",
                "Concepts of an image, the highest value first.",
                [SignatureField.Of(DataType.Image, "image", "The image: PNG, JPEG, GIF, BMP or WebP.")],
                SignatureField.ResultList(DataType.Concept, "Format, size, orientation, brightness and colours."),
                arguments => ConceptsOnly(Classify(arguments.Data("image").Image))),
        ];
    }

    public override IReadOnlyList<SampleMethod> Methods { get; }

    public override Inference Predict(Data data) =>
        data.Regions.Any(region => region.Data?.Image is not null) ? ClassifyRegions(data.Regions) : Classify(data.Image);

    private static Inference ClassifyRegions(IEnumerable<Region> regions)
    {
        var answer = new Data();
        foreach (var region in regions)
        {
            var prediction = Classify(region.Data?.Image);
            if (prediction.Failure is not null)
            {
                return prediction;
            }

            var classified = region.Clone();
            classified.Data = prediction.Data;
            answer.Regions.Add(classified);
        }

        return new Inference(answer);
    }

    private static Inference Classify(Image? image)
    {
        if (image is null || image.Base64.IsEmpty)
        {
            return Inference.Failed(StatusCode.InputUnsupportedFormat, "the input holds no image");
        }

        if (!ImageReader.TryDecode(image.Base64.Span, out var header, out var bitmap, out var error))
        {
            return Inference.Failed(StatusCode.MpImageDecodeError, error);
        }

        var statistics = ImageStatistics.Of(bitmap);
        var concepts = HeaderConcepts(header).Concat(PixelConcepts(statistics));
        var answer = new Data();
        answer.Colors.AddRange(statistics.Colors.Where(color => color.Share >= LeastShare).Select(ToColor));
        answer.Concepts.AddRange(ConceptList.Sorted(concepts));
        return new Inference(answer);
    }

    private static (string Name, double Value)[] HeaderConcepts(ImageHeader header) =>
    [
        (ImageReader.NameOf(header.Format), 1),
        (SizeOf(header), 1),
        (OrientationOf(header), 1),
    ];

    private static IEnumerable<(string Name, double Value)> PixelConcepts(ImageStatistics statistics)
    {
        yield return ("bright", statistics.Brightness);
        yield return ("dark", 1 - statistics.Brightness);
        if (statistics.Transparent >= LeastShare)
        {
            yield return ("transparent", statistics.Transparent);
        }

        foreach (var color in statistics.Colors.Where(color => color.Share >= LeastShare))
        {
            yield return (color.Color.Name, color.Share);
        }
    }

    private static string SizeOf(ImageHeader header) => header.PixelCount switch
    {
        < SmallPixels => "small",
        < LargePixels => "medium",
        _ => "large",
    };

    private static string OrientationOf(ImageHeader header)
    {
        if (header.Width == header.Height)
        {
            return "square";
        }

        return header.Width > header.Height ? "landscape" : "portrait";
    }

    private static Color ToColor(ColorShare share) => new()
    {
        RawHex = $"#{share.Mean.R:x2}{share.Mean.G:x2}{share.Mean.B:x2}",
        W3C = new W3C { Hex = share.Color.Hex, Name = share.Color.Name },
        Value = (float)share.Share,
    };

    private static Inference ConceptsOnly(Inference prediction) =>
        prediction.Failure is null ? new Inference(new Data { Concepts = { prediction.Data.Concepts } }) : prediction;

    private static List<string> ConceptNames() =>
    [
        .. Enum.GetValues<ImageFormat>().Select(ImageReader.NameOf),
        "small", "medium", "large", "landscape", "portrait", "square", "bright", "dark", "transparent",
        .. NamedColor.All.Select(color => color.Name),
    ];
}
