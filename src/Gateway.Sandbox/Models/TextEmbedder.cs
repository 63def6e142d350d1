using System.Runtime.InteropServices;
using Clarifai.Api;
using Gateway.Sandbox.Models.Methods;
using Gateway.Sandbox.OpenAi;
using Gateway.Sandbox.Text;
using Google.Protobuf;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Sandbox.Models;

/// <summary>Turns a text into a vector of 256 numbers by hashing its words and their parts.</summary>
internal sealed class TextEmbedder : SandboxModel
{
    public const string Id = "text-embedder";

    public TextEmbedder()
        : base(new ModelCard(
            Id,
            "Text embedder",
            "text-embedder",
            "A vector of 256 numbers and length 1 from hashed words and character trigrams: like spellings lie near one another, "
                + "meaning is not seen."))
    {
        Methods =
        [
            SampleMethod.Unary(
                "predict",
                "The vector of a text.",
                [SignatureField.Of(DataType.Str, "text", "The text.")],
                SignatureField.Result(DataType.Ndarray, "256 numbers, dtype float32, of length 1."),
                arguments => EmbedArray(arguments.String("text"))),
            OpenAiTransport.Method(new SandboxEmbeddings()),
        ];
    }

    public override IReadOnlyList<SampleMethod> Methods { get; }

    public override Inference Predict(Data data) => TextInput.Read(data, Embed);

    private static Inference Embed(string text)
    {
        if (TextInput.TooLong(text) is { } failure)
        {
            return Inference.Failed(failure);
        }

        var vector = TextEmbedding.Embed(text);
        var embedding = new Embedding { Vector = { vector }, NumDimensions = (uint)vector.Length };
        return new Inference(new Data { Embeddings = { embedding } }) { PromptTokens = Tokenizer.Count(text) };
    }

    private static Inference EmbedArray(string text)
    {
        var prediction = Embed(text);
        if (prediction.Failure is not null)
        {
            return prediction;
        }

        var vector = prediction.Data.Embeddings[0].Vector.ToArray();
        var array =
            new NDArray
            {
                Buffer = ByteString.CopyFrom(MemoryMarshal.AsBytes(vector.AsSpan())),
                Shape = { (uint)vector.Length },
                Dtype = "float32",
            };
        return prediction with { Data = new Data { Ndarray = array } };
    }
}
