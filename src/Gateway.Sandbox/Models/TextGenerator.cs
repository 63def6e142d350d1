using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Sandbox.Models.Methods;
using Gateway.Sandbox.OpenAi;
using Gateway.Sandbox.Text;
using Google.Protobuf.WellKnownTypes;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Sandbox.Models;

/// <summary>Continues text with an n-gram model of one short text about a coast, whole or token by token.</summary>
internal sealed class TextGenerator : SandboxModel
{
    public const string Id = "text-generator";

    private readonly TextContinuation _continuation;
    private readonly TokenPace _pace;

    public TextGenerator(TextContinuation continuation, TokenPace pace, TimeProvider time)
        : base(new ModelCard(
            Id,
            "Text generator",
            "text-to-text",
            "Continues text with a trigram model of one short text about a coast. It understands nothing; the same prompt, settings "
                + "and seed give the same text."))
    {
        _continuation = continuation;
        _pace = pace;
        var model = new ChatModel(continuation);
        var chat = new SandboxChat(model, time);
        var responses = new SandboxResponses(model, time);
        Methods =
        [
            SampleMethod.Unary(
                "predict", "Continues the prompt.", PromptArguments(), SignatureField.Result(DataType.Str, "The continuation."), Predict),
            SampleMethod.Streaming("generate", "Continues the prompt, token by token.", PromptArguments(), TokenResult(), Generate),
            SampleMethod.Streaming("chat", "Answers the last message, token by token.", ChatArguments(), TokenResult(), Chat),
            SampleMethod.TwoWay(
                "stream", "Continues each prompt that arrives, token by token.", StreamArguments(), TokenResult(), Generate),
            OpenAiTransport.Method(chat, responses),
            OpenAiTransport.StreamMethod(pace, chat, responses),
        ];
    }

    public override IReadOnlyList<SampleMethod> Methods { get; }

    public override Inference Predict(Data data) => TextInput.Read(data, prompt =>
    {
        if (TextInput.TooLong(prompt) is { } failure)
        {
            return Inference.Failed(failure);
        }

        var (text, tokens) = Complete(prompt, GenerationSettings.Default);
        return new Inference(PlainText(text)) { PromptTokens = Tokenizer.Count(prompt), CompletionTokens = tokens };
    });

    public override IAsyncEnumerable<Inference> GenerateAsync(Data data, CancellationToken cancellationToken)
    {
        var check = TextInput.Read(
            data, prompt => TextInput.TooLong(prompt) is { } failure ? Inference.Failed(failure) : new Inference(data));
        return check.Failure is null ? Stream(data.Text.Raw, GenerationSettings.Default, PlainText, cancellationToken) : Single(check);
    }

    private static ModelTypeField[] PromptArguments() =>
        [SignatureField.Of(DataType.Str, "prompt", "The text to continue."), .. SettingArguments()];

    private static ModelTypeField[] ChatArguments() =>
        [SignatureField.Of(DataType.JsonData, "messages", "A list of {role, content}; the last one is answered."), .. SettingArguments()];

    private static ModelTypeField[] StreamArguments() =>
        [SignatureField.StreamOf(DataType.Str, "prompt", "Texts to continue, one after the other."), .. SettingArguments()];

    private static ModelTypeField TokenResult() => SignatureField.Result(DataType.Str, "One token with the space before it.");

    private static ModelTypeField[] SettingArguments() =>
    [
        SignatureField.Optional(
            "max_tokens", $"The most tokens to make, 1 to {GenerationSettings.TokenLimit}.", GenerationSettings.Default.MaxTokens),
        SignatureField.Optional(
            "temperature", "0 takes the likeliest token, higher values up to 2 vary more.", GenerationSettings.Default.Temperature),
        SignatureField.Optional("seed", "The same seed gives the same text.", GenerationSettings.Default.Seed),
    ];

    private Inference Predict(MethodArguments arguments)
    {
        var prompt = arguments.String("prompt");
        if (Check(prompt, arguments, out var settings) is { } failure)
        {
            return Inference.Failed(failure);
        }

        var (text, tokens) = Complete(prompt, settings);
        return new Inference(StringValue(text)) { PromptTokens = Tokenizer.Count(prompt), CompletionTokens = tokens };
    }

    private IAsyncEnumerable<Inference> Generate(MethodArguments arguments, CancellationToken cancellationToken) =>
        Generate(arguments.String("prompt"), arguments, cancellationToken);

    private IAsyncEnumerable<Inference> Chat(MethodArguments arguments, CancellationToken cancellationToken)
    {
        var prompt = LastMessage(arguments.Json("messages"));
        return prompt is null
            ? Single(
                Inference.Failed(
                    StatusCode.ModelInvalidArgument, "argument messages of chat: a list of {role, content} with text content was expected"))
            : Generate(prompt, arguments, cancellationToken);
    }

    private IAsyncEnumerable<Inference> Generate(string prompt, MethodArguments arguments, CancellationToken cancellationToken) =>
        Check(prompt, arguments, out var settings) is { } failure
            ? Single(Inference.Failed(failure))
            : Stream(prompt, settings, StringValue, cancellationToken);

    private (string Text, int Tokens) Complete(string prompt, GenerationSettings settings)
    {
        var pieces = _continuation.Continue(prompt, settings).ToList();
        return (string.Concat(pieces), pieces.Count);
    }

    // The counts of a stream's pieces add up to those of the whole.
    private IAsyncEnumerable<Inference> Stream(
        string prompt, GenerationSettings settings, Func<string, Data> wrap, CancellationToken cancellationToken)
    {
        var promptTokens = Tokenizer.Count(prompt);
        var pieces = _continuation.Continue(prompt, settings)
            .Select((piece, index) => new Inference(wrap(piece)) { PromptTokens = index == 0 ? promptTokens : 0, CompletionTokens = 1 });
        return _pace.PaceAsync(pieces, cancellationToken);
    }

    private static Failure? Check(string prompt, MethodArguments arguments, out GenerationSettings settings)
    {
        var (maxTokens, temperature) = (arguments.Int("max_tokens"), arguments.Float("temperature"));
        settings = default;
        if (maxTokens is < 1 or > GenerationSettings.TokenLimit)
        {
            return Invalid($"argument max_tokens: {maxTokens} is not between 1 and {GenerationSettings.TokenLimit}");
        }

        if (!(temperature is >= 0 and <= GenerationSettings.TemperatureLimit))
        {
            return Invalid($"argument temperature: {temperature} is not between 0 and {GenerationSettings.TemperatureLimit}");
        }

        settings = new GenerationSettings((int)maxTokens, temperature, unchecked((int)arguments.Int("seed")));
        return TextInput.TooLong(prompt);
    }

    private static Failure Invalid(string details) => new(StatusCode.ModelInvalidArgument, details);

    private static string? LastMessage(Struct messages)
    {
        var list = messages.Fields.GetValueOrDefault("_list")?.ListValue?.Values;
        var content = list?.LastOrDefault()?.StructValue?.Fields.GetValueOrDefault("content");
        return content?.KindCase == Value.KindOneofCase.StringValue ? content.StringValue : null;
    }

    private static Data PlainText(string text) => new() { Text = new Clarifai.Api.Text { Raw = text } };

    private static Data StringValue(string text) => new() { StringValue = text };

    private static IAsyncEnumerable<Inference> Single(Inference prediction) => new[] { prediction }.ToAsyncEnumerable();
}
