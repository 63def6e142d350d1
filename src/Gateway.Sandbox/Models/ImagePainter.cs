using System.Drawing;
using Clarifai.Api;
using Gateway.Sandbox.Images;
using Gateway.Sandbox.Images.Analysis;
using Gateway.Sandbox.Models.Methods;
using Gateway.Sandbox.OpenAi;
using Gateway.Sandbox.Text;
using Google.Protobuf;
using Color = System.Drawing.Color;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Image = Clarifai.Api.Image;

namespace Gateway.Sandbox.Models;

/// <summary>Paints a band for each colour that a text names.</summary>
internal sealed class ImagePainter : SandboxModel
{
    public const string Id = "image-painter";

    private const int Side = 64;

    public ImagePainter(TimeProvider time)
        : base(
            new ModelCard(
                Id,
                "Image painter",
                "text-to-image",
                "A PNG of 64×64 pixels with a band for each basic colour that the text names, in order; gray when it names none."))
    {
        Methods =
        [
            SampleMethod.Unary(
                "predict",
                "Paints the colours that the prompt names.",
                [SignatureField.Of(DataType.Str, "prompt", "The text.")],
                SignatureField.Result(DataType.Image, "A PNG."),
                arguments => Draw(arguments.String("prompt"))),
            OpenAiTransport.Method(new SandboxImages(Paint, time)),
        ];
    }

    public override IReadOnlyList<SampleMethod> Methods { get; }

    public override Inference Predict(Data data) => TextInput.Read(data, Draw);

    private static Inference Draw(string prompt) => TextInput.TooLong(prompt) is { } failure
        ? Inference.Failed(failure)
        : new Inference(new Data { Image = new Image { Base64 = ByteString.CopyFrom(PngEncoder.Encode(Paint(prompt))) } });

    private static Bitmap Paint(string prompt)
    {
        var named = Tokenizer.Split(prompt).Select(
            word => NamedColor.All.FirstOrDefault(color => color.Name.Equals(word, StringComparison.OrdinalIgnoreCase)));
        var bands = named.OfType<NamedColor>()
            .Take(Side)
            .Select(color => ColorTranslator.FromHtml(color.Hex))
            .DefaultIfEmpty(Color.Gray)
            .ToList();
        var bitmap = new Bitmap(Side, Side);
        for (var y = 0; y < Side; y++)
        {
            var color = bands[y * bands.Count / Side];
            bitmap.Row(y).Fill(new Rgba(color.R, color.G, color.B));
        }

        return bitmap;
    }
}
