using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Faces.OpenAi.Translation;
using Gateway.Api.Models;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.OpenAi;

/// <summary><c>POST /completions</c>, the older one: a chat of one message, as no model has a transport for it.</summary>
/// <param name="rpcs">Call models.</param>
/// <param name="arguments">Writes arguments of methods.</param>
internal sealed class CompletionsEndpoint(MethodRpcs rpcs, ArgumentFactory arguments, TimeProvider time)
    : ChatEndpoint("/completions", "CreateCompletion", "Continues a prompt, in the older way.", rpcs, arguments, time)
{
    protected override string TransportPath => "/chat/completions";

    public override ApiError? Prepare(OpenAiRequest request, PostModelOutputsRequest head, ModelMethods model, out PreparedCall? call)
    {
        call = null;
        return CompletionRequest.TryTranslate(request, out var chat) ?? base.Prepare(chat, head, model, out call);
    }

    protected override JsonTranslation? TranslationOf(OpenAiRequest request, bool streams) => AnswerTranslations.ToCompletion;
}
