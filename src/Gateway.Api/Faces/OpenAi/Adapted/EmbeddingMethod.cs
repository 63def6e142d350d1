using System.Runtime.InteropServices;
using System.Text.Json;
using Clarifai.Api;
using Gateway.Core.Methods;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Api.Faces.OpenAi.Adapted;

/// <summary>A method that makes an array of numbers of a text.</summary>
/// <param name="method">The method.</param>
/// <param name="argument">The name of its argument for the text.</param>
internal sealed class EmbeddingMethod(ModelMethod method, string argument)
{
    /// <summary>The method.</summary>
    public ModelMethod Method { get; } = method;

    /// <summary>Finds a model's method for embeddings.</summary>
    /// <returns>The method; null when it has none.</returns>
    public static EmbeddingMethod? Find(ModelMethods model)
    {
        var isFit = model.Find("predict") is { Kind: RunnerMethodType.UnaryUnary, Results: [var result] } && MayBeNumbers(result);
        return isFit
            && model.Find("predict") is { } method
            && method.Arguments.Where(one => one.IsRequired).ToList() is [{ Type: DataType.Str or DataType.Text } text]
            ? new EmbeddingMethod(method, text.Name)
            : null;
    }

    // What a list is of, not every signature says.
    private static bool MayBeNumbers(MethodField result) => result is { Type: DataType.Ndarray }
        or { Type: DataType.List, Items: [] or [{ Type: DataType.Float or DataType.Int or DataType.Ndarray or DataType.List }] };

    /// <summary>Writes the method's input for a text.</summary>
    /// <param name="arguments">Writes it.</param>
    /// <param name="text">A JSON text, which the argument takes.</param>
    public void Write(ArgumentSet arguments, JsonElement text)
    {
        arguments.Begin();
        arguments.Add(argument, JsonMarshal.GetRawUtf8Value(text));
        arguments.End();
    }
}
