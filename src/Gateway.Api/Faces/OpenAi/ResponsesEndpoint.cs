using Gateway.Api.Faces.OpenAi.Translation;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Streams;

namespace Gateway.Api.Faces.OpenAi;

/// <summary><c>POST /responses</c>: for models that speak it.</summary>
/// <param name="rpcs">Call models.</param>
/// <param name="arguments">Writes arguments of methods.</param>
internal sealed class ResponsesEndpoint(MethodRpcs rpcs, ArgumentFactory arguments)
    : OpenAiEndpoint("/responses", "CreateResponse", "Answers an input: for models that speak OpenAI's JSON.", rpcs, arguments)
{
    public override ErrorShape Errors { get; } = new ResponseErrorShape();

    public override StreamFormat Format { get; } = new ResponseEventFormat();

    protected override JsonTranslation? TranslationOf(OpenAiRequest request, bool streams) =>
        request.Streams && !streams ? AnswerTranslations.ToCompletedEvent : null;
}
