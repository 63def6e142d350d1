using Gateway.Api.Errors;
using Gateway.Api.Methods;
using Gateway.Api.OpenAi.Translation;
using Gateway.Api.Streaming;

namespace Gateway.Api.OpenAi;

/// <summary><c>POST /responses</c>: for models that speak it.</summary>
/// <param name="methods">What all routes of methods share.</param>
internal sealed class ResponsesEndpoint(MethodServices methods) : OpenAiEndpoint("/responses", "CreateResponse", "Answers an input: for models that speak OpenAI's JSON.", methods)
{
    /// <inheritdoc/>
    public override ErrorShape Errors { get; } = new ResponseErrorShape();

    /// <inheritdoc/>
    public override StreamFormat Format { get; } = new ResponseEventFormat();

    /// <inheritdoc/>
    protected override JsonTranslation? TranslationOf(OpenAiRequest request, bool streams) => request.Streams && !streams ? AnswerTranslations.ToCompletedEvent : null;
}
