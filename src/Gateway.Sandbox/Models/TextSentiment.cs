using Clarifai.Api;
using Gateway.Sandbox.Models.Methods;
using Gateway.Sandbox.Text;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Sandbox.Models;

/// <summary>Tells how positive, neutral and negative an English text is, by a list of words.</summary>
internal sealed class TextSentiment : SandboxModel
{
    public const string Id = "text-sentiment";

    public TextSentiment()
        : base(new ModelCard(
            Id,
            "Text sentiment",
            "text-classifier",
            "Positive, neutral and negative shares of an English text, from a word list with negation and intensifiers.")
        { Concepts = ["positive", "neutral", "negative"] })
    {
        Methods =
        [
            SampleMethod.Unary(
                "predict",
                "The sentiment of a text, the highest value first.",
                [SignatureField.Of(DataType.Str, "text", "English text.")],
                SignatureField.ResultList(DataType.Concept, "The concepts positive, neutral and negative; their values sum to 1."),
                arguments => Classify(arguments.String("text"))),
        ];
    }

    public override IReadOnlyList<SampleMethod> Methods { get; }

    public override Inference Predict(Data data) => TextInput.Read(data, Classify);

    private static Inference Classify(string text)
    {
        if (TextInput.TooLong(text) is { } failure)
        {
            return Inference.Failed(failure);
        }

        var score = SentimentScorer.Score(text);
        var concepts = ConceptList.Sorted([("positive", score.Positive), ("neutral", score.Neutral), ("negative", score.Negative)]);
        return new Inference(new Data { Concepts = { concepts } });
    }
}
