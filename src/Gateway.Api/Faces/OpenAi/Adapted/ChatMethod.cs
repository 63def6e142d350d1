using System.Runtime.InteropServices;
using System.Text.Json;
using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Core.Json;
using Gateway.Core.Methods;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Api.Faces.OpenAi.Adapted;

/// <summary>A method that can serve a chat, though it is not OpenAI's: one that takes messages or a prompt, and returns text.</summary>
/// <param name="method">The method.</param>
internal sealed class ChatMethod(ModelMethod method)
{
    private const string Messages = "messages";
    private const string Prompt = "prompt";

    private static readonly string[] ForStreams = ["chat", "generate", "predict"];
    private static readonly string[] ForBodies = ["chat", "predict", "generate"];

    // Passed on as they are, where the method has arguments of these names.
    private static readonly string[] Settings = ["temperature", "top_p", "top_k", "seed", "presence_penalty", "frequency_penalty"];

    // Each would change the answer in a way that no method here can give.
    private static readonly string[] Tools = ["tools", "functions"];

    /// <summary>The method.</summary>
    public ModelMethod Method { get; } = method;

    /// <summary>Finds a model's best method for a chat.</summary>
    /// <returns>The method; null when it has none.</returns>
    public static ChatMethod? Find(ModelMethods model, bool streams) =>
        (streams ? ForStreams : ForBodies).Select(model.Find).FirstOrDefault(IsFit) is { } method ? new ChatMethod(method) : null;

    /// <summary>What the request limits the answer to; null when it does not.</summary>
    public static JsonElement? MaxTokensOf(OpenAiRequest request) => request.Find("max_completion_tokens") ?? request.Find("max_tokens");

    /// <summary>Writes the method's input for a request.</summary>
    /// <returns>Why it cannot be; null when it was.</returns>
    public ApiError? Fill(ArgumentSet arguments, OpenAiRequest request)
    {
        arguments.Begin();
        return Refuse(request) ?? FillMessages(arguments, request) ?? FillSettings(arguments, request) ?? ErrorOf(arguments.End());
    }

    private static bool IsFit(ModelMethod? method) => method is
    {
        Kind: RunnerMethodType.UnaryUnary or RunnerMethodType.UnaryStreaming,
        Results: [{ Type: DataType.Str or DataType.Text }],
    }
    && (IsMessages(method.FindArgument(Messages)) || IsText(method.FindArgument(Prompt)))
    && method.Arguments.All(argument => !argument.IsRequired || argument.Name is Messages or Prompt);

    private static bool IsMessages(MethodField? argument) =>
        argument is { Type: DataType.JsonData } or { Type: DataType.List, Items: [{ Type: DataType.JsonData }] };

    private static bool IsText(MethodField? argument) => argument is { Type: DataType.Str or DataType.Text };

    private static ApiError? Refuse(OpenAiRequest request)
    {
        foreach (var member in Tools)
        {
            if (request.Find(member) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0)
            {
                return OpenAiErrors.Unfit(request.Model, member, "an OpenAI transport of its own") with { Parameter = member };
            }
        }

        if (request.Find("n") is { } count && !(JsonInteger.TryRead(count, out var n) && n == 1))
        {
            return OpenAiErrors.Invalid("n", "This model gives one answer: n is 1.");
        }

        return request.Find("response_format") is { ValueKind: JsonValueKind.Object } format
            && format.TryGetProperty("type", out var type)
            && !type.ValueEquals("text"u8)
            ? OpenAiErrors.Invalid("response_format", "This model answers text: response_format is text.")
            : null;
    }

    private ApiError? FillMessages(ArgumentSet arguments, OpenAiRequest request)
    {
        if (IsMessages(Method.FindArgument(Messages)))
        {
            return Add(arguments, Messages, request.Find(Messages)) ?? (request.Find(Messages) is null ? ChatPrompt.NoMessages : null);
        }

        var prompt = new ChatPrompt();
        return prompt.Read(request.Find(Messages))
            ?? ErrorOf(arguments.Add(Prompt, JsonSerializer.SerializeToUtf8Bytes(prompt.Text)))
            ?? FillMedia(arguments, prompt.Images, DataType.Image, "image", "images")
            ?? FillMedia(arguments, prompt.Sounds, DataType.Audio, "audio", "audios");
    }

    // One for an argument that takes one, any number for one that takes a list.
    private ApiError? FillMedia(ArgumentSet arguments, List<JsonElement> media, DataType type, string one, string several) => media switch
    {
        [] => null,
        [var only] when Method.FindArgument(one)?.Type == type => Add(arguments, one, only),
        _ when Method.FindArgument(several) is { Type: DataType.List, Items: [{ } item] } && item.Type == type =>
            ErrorOf(arguments.Add(several, JsonSerializer.SerializeToUtf8Bytes(media))),
        _ => OpenAiErrors.Invalid(Messages, $"The model's method {Method.Name} does not take {media.Count} of {one}."),
    };

    private ApiError? FillSettings(ArgumentSet arguments, OpenAiRequest request)
    {
        foreach (var setting in Settings)
        {
            if (Add(arguments, setting, request.Find(setting)) is { } error)
            {
                return error;
            }
        }

        return Add(arguments, "max_tokens", MaxTokensOf(request));
    }

    private ApiError? Add(ArgumentSet arguments, string name, JsonElement? value) =>
        value is { } given && Method.FindArgument(name) is not null
            ? ErrorOf(arguments.Add(name, JsonMarshal.GetRawUtf8Value(given)))
            : null;

    private static ApiError? ErrorOf(ArgumentError? error) => error is null ? null : OpenAiErrors.Invalid(error.Path, error.ToString());
}
