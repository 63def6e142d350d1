using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Faces.OpenAi.Adapted;
using Gateway.Api.Faces.OpenAi.Translation;
using Gateway.Api.Faces.OpenAi.Transport;
using Gateway.Api.Models;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.OpenAi;

/// <summary><c>POST /chat/completions</c>: also for models that have a method for text, but no transport.</summary>
/// <param name="path">The path below <c>/v1</c>.</param>
/// <param name="operation">The name of what it does.</param>
/// <param name="summary">What it does, in a sentence.</param>
/// <param name="methods">What all routes of methods share.</param>
internal class ChatEndpoint(string path, string operation, string summary, MethodServices methods) : OpenAiEndpoint(path, operation, summary, methods)
{
    /// <summary>The path itself.</summary>
    /// <param name="methods">What all routes of methods share.</param>
    public ChatEndpoint(MethodServices methods)
        : this("/chat/completions", "CreateChatCompletion", "Answers a chat.", methods)
    {
    }

    /// <inheritdoc/>
    protected override JsonTranslation? TranslationOf(OpenAiRequest request, bool streams) => request.Streams && !streams ? AnswerTranslations.ToChunk : null;

    /// <inheritdoc/>
    protected override ApiError? Adapt(OpenAiRequest request, PostModelOutputsRequest head, ModelMethods model, out ModelCall? call)
    {
        call = null;
        if (ChatMethod.Find(model, request.Streams) is not { } chat)
        {
            return OpenAiErrors.Unfit(
                request.Model, Path, $"the method {TransportRequest.Method}, or one called chat, generate or predict that takes messages or a prompt and returns text");
        }

        var wire = NewRequest(head);
        using var arguments = Methods.ArgumentsOf(chat.Method, wire);
        if (chat.Fill(arguments, request) is { } error)
        {
            wire.Dispose();
            return error;
        }

        var rpc = chat.Method.Kind == RunnerMethodType.UnaryUnary ? Methods.Predict : Methods.Generate;
        call = new ModelCall(new ChatAnswer(rpc, chat.Method, request, Methods, TranslationOf(request, streams: request.Streams)), wire);
        return null;
    }
}
