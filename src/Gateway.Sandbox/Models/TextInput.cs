using Clarifai.Api;
using Clarifai.Api.Status;

namespace Gateway.Sandbox.Models;

/// <summary>What the text models take.</summary>
internal static class TextInput
{
    /// <summary>More characters than a novel has; it bounds the work of one input.</summary>
    private const int MaxCharacters = 1_000_000;

    /// <summary>Hands the plain text of an input to a model.</summary>
    public static Inference Read(Data data, Func<string, Inference> model)
    {
        if (data.Text is null)
        {
            return Inference.Failed(StatusCode.InputUnsupportedFormat, "the input holds no text");
        }

        if (data.Text.Url.Length > 0)
        {
            return Inference.Failed(StatusCode.InputUnsupportedFormat, "text by URL is not fetched: send it in data.text.raw");
        }

        return model(data.Text.Raw);
    }

    /// <summary>The failure of a text beyond the limit, else null.</summary>
    public static Failure? TooLong(string text) => text.Length <= MaxCharacters
        ? null
        : new Failure(StatusCode.InputOverLimit, $"the text has {text.Length} characters, more than the limit of {MaxCharacters}");
}
