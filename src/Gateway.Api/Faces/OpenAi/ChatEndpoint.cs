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
/// <param name="rpcs">Call models.</param>
/// <param name="arguments">Writes arguments of methods.</param>
internal class ChatEndpoint(string path, string operation, string summary, MethodRpcs rpcs, ArgumentFactory arguments, TimeProvider time)
    : OpenAiEndpoint(path, operation, summary, rpcs, arguments)
{
    /// <summary>The path itself.</summary>
    public ChatEndpoint(MethodRpcs rpcs, ArgumentFactory arguments, TimeProvider time)
        : this("/chat/completions", "CreateChatCompletion", "Answers a chat.", rpcs, arguments, time)
    {
    }

    protected override JsonTranslation? TranslationOf(OpenAiRequest request, bool streams) =>
        request.Streams && !streams ? AnswerTranslations.ToChunk : null;

    protected override ApiError? Adapt(OpenAiRequest request, PostModelOutputsRequest head, ModelMethods model, out PreparedCall? call)
    {
        call = null;
        if (ChatMethod.Find(model, request.Streams) is not { } chat)
        {
            return OpenAiErrors.Unfit(
                request.Model, Path, $"the method {TransportRequest.Method}, or one called chat, generate or predict that takes "
                    + "messages or a prompt and returns text");
        }

        var wire = Arguments.NewRequest(head);
        using var arguments = Arguments.NewSet(chat.Method, wire);
        if (chat.Fill(arguments, request) is { } error)
        {
            wire.Dispose();
            return error;
        }

        var rpc = chat.Method.Kind == RunnerMethodType.UnaryUnary ? Rpcs.Predict : Rpcs.Generate;
        call = new PreparedCall(new ChatAnswer(rpc, request, time.GetUtcNow(), TranslationOf(request, streams: request.Streams)), wire);
        return null;
    }
}
