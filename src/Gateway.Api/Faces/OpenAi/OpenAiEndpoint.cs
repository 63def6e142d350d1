using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Faces.OpenAi.Translation;
using Gateway.Api.Faces.OpenAi.Transport;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.OpenApi;
using Gateway.Api.Streams;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>One path of OpenAI's API that runs a model. Instances have no state.</summary>
/// <param name="path">The path below <c>/v1</c>, as in <c>/embeddings</c>.</param>
/// <param name="operation">The name of what it does.</param>
/// <param name="summary">What it does, in a sentence.</param>
/// <param name="rpcs">Call models.</param>
/// <param name="arguments">Writes arguments of methods.</param>
internal abstract class OpenAiEndpoint(string path, string operation, string summary, MethodRpcs rpcs, ArgumentFactory arguments)
{
    /// <summary>The group of the face's routes in the OpenAPI document.</summary>
    public const string Tag = "openai";

    /// <summary>The path below <c>/v1</c>.</summary>
    public string Path { get; } = path;

    /// <summary>What the OpenAPI document says of it.</summary>
    public OwnOperation Operation { get; } = new(Tag, operation, summary);

    /// <summary>How its errors look.</summary>
    public virtual ErrorShape Errors { get; } = new OpenAiErrorShape();

    /// <summary>How its streams look.</summary>
    public virtual StreamFormat Format { get; } = new ChatEventFormat();

    /// <summary>Whether it can make do with a model that has no methods at all.</summary>
    public virtual bool TakesPlainModels => false;

    /// <summary>Call models.</summary>
    protected MethodRpcs Rpcs { get; } = rpcs;

    /// <summary>Writes arguments of methods.</summary>
    protected ArgumentFactory Arguments { get; } = arguments;

    /// <summary>The path that a model's transport knows it by.</summary>
    protected virtual string TransportPath => Path;

    /// <summary>Chooses a method of the model, and writes the request to it.</summary>
    /// <param name="request">What the client asks for.</param>
    /// <param name="head">The request to the model without its input.</param>
    /// <param name="model">The model's methods.</param>
    /// <param name="call">The call to make.</param>
    /// <returns>Why the model cannot do it; null when it can.</returns>
    public virtual ApiError? Prepare(OpenAiRequest request, PostModelOutputsRequest head, ModelMethods model, out PreparedCall? call)
    {
        if (TransportRequest.Find(model, request.Streams) is { } method)
        {
            var streams = method.Kind == RunnerMethodType.UnaryStreaming;
            var wire = Arguments.NewRequest(head);
            TransportRequest.Write(wire, method, TransportPath, request.Json);
            call = new PreparedCall(new TransportAnswer(streams ? Rpcs.Generate : Rpcs.Predict, TranslationOf(request, streams)), wire);
            return null;
        }

        return Adapt(request, head, model, out call);
    }

    /// <summary>What to make of the transport's JSON for the client; null for what it is.</summary>
    /// <param name="request">What the client asks for.</param>
    /// <param name="streams">Whether the transport answers chunk by chunk.</param>
    protected virtual JsonTranslation? TranslationOf(OpenAiRequest request, bool streams) => null;

    /// <summary>Chooses a method of a model without a transport.</summary>
    protected virtual ApiError? Adapt(OpenAiRequest request, PostModelOutputsRequest head, ModelMethods model, out PreparedCall? call)
    {
        call = null;
        return OpenAiErrors.Unfit(request.Model, Path, $"the method {TransportRequest.Method}");
    }
}
