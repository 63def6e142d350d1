using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Faces.OpenAi.Transport;
using Gateway.Api.Models;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.OpenAi;

/// <summary><c>POST /images/generations</c>: for models that speak it.</summary>
/// <param name="rpcs">Call models.</param>
/// <param name="arguments">Writes arguments of methods.</param>
internal sealed class ImagesEndpoint(MethodRpcs rpcs, ArgumentFactory arguments)
    : OpenAiEndpoint(
        "/images/generations", "CreateImage", "Makes an image of a prompt: for models that speak OpenAI's JSON.", rpcs, arguments)
{
    public override ApiError? Prepare(OpenAiRequest request, PostModelOutputsRequest head, ModelMethods model, out PreparedCall? call)
    {
        call = null;
        return request.Streams && model.Find(TransportRequest.StreamMethod) is null
            ? OpenAiErrors.Invalid("stream", $"The model {request.Model} gives images whole.")
            : base.Prepare(request, head, model, out call);
    }
}
