using System.Text.Json;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Gateway.Sandbox.Models;
using Gateway.Sandbox.Models.Methods;
using Gateway.Sandbox.Text;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Sandbox.OpenAi;

/// <summary>
/// The method pair by which the platform reaches models that speak OpenAI: one string argument <c>msg</c> holds the request
/// as JSON with the member <c>openai_endpoint</c>, each result is a response or a stream chunk as JSON.
/// </summary>
internal static class OpenAiTransport
{
    // A member that is named twice throws where it is looked up, if not here.
    private static readonly JsonDocumentOptions Documents = new() { AllowDuplicateProperties = false };

    private const string DefaultEndpoint = "/chat/completions";

    public static SampleMethod Method(params SandboxOperation[] endpoints) => SampleMethod.Unary(
        "openai_transport",
        $"Answers an OpenAI request for {PathsOf(endpoints)}.",
        [RequestField()],
        SignatureField.Result(DataType.Str, "The OpenAI response as JSON, or {code, description, details}."),
        arguments =>
            Wrap(Parse(arguments, endpoints, out var endpoint, out var error) is { } request ? endpoint!.Answer(request) : error!));

    public static SampleMethod StreamMethod(TokenPace pace, params StreamingEndpoint[] endpoints) => SampleMethod.Streaming(
        "openai_stream_transport",
        $"Answers an OpenAI request for {PathsOf(endpoints)}, chunk by chunk.",
        [RequestField()],
        SignatureField.Result(DataType.Str, "One OpenAI stream chunk as JSON, or {code, description, details}."),
        (arguments, cancellationToken) => pace.PaceAsync(Chunks(arguments, endpoints), cancellationToken));

    private static ModelTypeField RequestField() =>
        SignatureField.Of(DataType.Str, "msg", "The OpenAI request as JSON, with the member openai_endpoint.");

    private static IEnumerable<Inference> Chunks(MethodArguments arguments, StreamingEndpoint[] endpoints)
    {
        var request = Parse(arguments, endpoints, out var endpoint, out var error);
        return (request is null ? [error!] : endpoint!.Stream(request)).Select(Wrap);
    }

    private static string PathsOf(SandboxOperation[] endpoints) => string.Join(" or ", endpoints.Select(endpoint => endpoint.Path));

    private static JsonObject? Parse<T>(MethodArguments arguments, T[] endpoints, out T? endpoint, out JsonObject? error)
        where T : SandboxOperation
    {
        var request = ParseObject(arguments.String("msg"));
        var path = request?["openai_endpoint"] is JsonValue value && value.TryGetValue(out string? text) ? text : DefaultEndpoint;
        error = null;
        endpoint = Array.Find(endpoints, one => one.Path == path);
        if (request is null)
        {
            error = OpenAiError.Of("msg is not a JSON object");
        }
        else if (endpoint is null)
        {
            error = OpenAiError.Of($"this model answers {PathsOf(endpoints)}, not {path}");
        }

        return error is null ? request : null;
    }

    private static JsonObject? ParseObject(string json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: Documents) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Inference Wrap(JsonObject message)
    {
        var usage = message["usage"] ?? message["response"]?["usage"]; // in the last event of responses
        return new Inference(new Data { StringValue = message.ToJsonString() })
        {
            PromptTokens = (usage?["prompt_tokens"] ?? usage?["input_tokens"])?.GetValue<int>() ?? 0,
            CompletionTokens = (usage?["completion_tokens"] ?? usage?["output_tokens"])?.GetValue<int>() ?? 0,
        };
    }
}
