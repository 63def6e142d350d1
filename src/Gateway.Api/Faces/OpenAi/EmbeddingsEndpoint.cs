using System.Text.Json;
using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Faces.OpenAi.Adapted;
using Gateway.Api.Faces.OpenAi.Transport;
using Gateway.Api.Models;
using Gateway.Core.Methods;
using Gateway.Core.Wire;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>
/// <c>POST /embeddings</c>: also for models whose <c>predict</c> makes an array of numbers of a text, and for those without methods that
/// answer text with embeddings.
/// </summary>
/// <param name="rpcs">Call models.</param>
/// <param name="arguments">Writes arguments of methods.</param>
internal sealed class EmbeddingsEndpoint(MethodRpcs rpcs, ArgumentFactory arguments)
    : OpenAiEndpoint("/embeddings", "CreateEmbeddings", "Makes a vector of each text.", rpcs, arguments)
{
    public override bool TakesPlainModels => true;

    public override ApiError? Prepare(OpenAiRequest request, PostModelOutputsRequest head, ModelMethods model, out PreparedCall? call)
    {
        call = null;
        return request.Streams ? OpenAiErrors.Invalid("stream", "Embeddings come whole.") : base.Prepare(request, head, model, out call);
    }

    protected override ApiError? Adapt(OpenAiRequest request, PostModelOutputsRequest head, ModelMethods model, out PreparedCall? call)
    {
        call = null;
        var method = EmbeddingMethod.Find(model);
        if (method is null && model.All.Length > 0)
        {
            return OpenAiErrors.Unfit(
                request.Model,
                Path,
                $"the method {TransportRequest.Method}, or one called predict that takes a text and returns an array of numbers");
        }

        if (request.Find("dimensions") is not null)
        {
            return OpenAiErrors.Invalid("dimensions", "The dimensions of this model cannot be chosen.");
        }

        if (TextsOf(request.Find("input")) is not { } texts)
        {
            return OpenAiErrors.Invalid("input", $"input is a text, or a list of 1 to {Arguments.MaxInputs} texts.");
        }

        call = new PreparedCall(
            new EmbeddingsAnswer(Rpcs.Predict, method?.Method, request, texts.Count), Write(head, method, texts));
        return null;
    }

    private WireWriter Write(PostModelOutputsRequest head, EmbeddingMethod? method, List<JsonElement> texts)
    {
        if (method is null)
        {
            head.Inputs.Add(texts.Select(text => new Input { Data = new Data { Text = new Text { Raw = text.GetString() } } }));
            return Arguments.NewRequest(head);
        }

        var wire = Arguments.NewRequest(head);
        using var arguments = Arguments.NewSet(method.Method, wire);
        texts.ForEach(text => method.Write(arguments, text));
        return wire;
    }

    private List<JsonElement>? TextsOf(JsonElement? input) => input switch
    {
        { ValueKind: JsonValueKind.String } text => [input.Value],
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0
            && list.GetArrayLength() <= Arguments.MaxInputs
            && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray()],
        _ => null,
    };
}
