using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Core.Json;
using Gateway.Core.Methods;
using Gateway.Core.Wire;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>
/// Reads requests, and finds what to call of the models that they name. What a request holds is let go of before its model is called: it
/// may be long, and the call has its own bytes of it. Thread-safe.
/// </summary>
internal sealed class RequestPreparation(
    ModelNames names,
    MethodRpcs rpcs,
    MethodDirectory directory,
    OutgoingCalls calls,
    JsonLimits limits,
    SegmentPool segments,
    IOptions<GatewayOptions> options)
{
    /// <summary>Prepares the call of a request.</summary>
    /// <returns>The call to make and whether it answers with a stream; or why there is none.</returns>
    public async ValueTask<(ApiError? Error, bool Streams, PreparedCall? Call)> PrepareAsync(IncomingCall incoming, OpenAiEndpoint endpoint)
    {
        using var text = new JsonTextReader(limits, segments);
        if (await RequestBody.ReadJsonAsync(incoming.Http, text, options.Value.Limits.MaxBodyBytes) is { } unread)
        {
            return (unread, false, null);
        }

        using var json = text.Complete();
        if (json is null)
        {
            return (ApiErrors.Unreadable(text.Error!), false, null);
        }

        if (OpenAiRequest.TryRead(json.RootElement, incoming.Http.TraceIdentifier, out var request) is { } wrong)
        {
            return (wrong, false, null);
        }

        var (error, call) = await PrepareAsync(incoming, endpoint, request);
        return (error, request.Streams, call);
    }

    private async ValueTask<(ApiError? Error, PreparedCall? Call)> PrepareAsync(
        IncomingCall incoming, OpenAiEndpoint endpoint, OpenAiRequest request)
    {
        if (names.Find(request.Model, incoming.Tenant, out var model) is { } unknown)
        {
            return (unknown, null);
        }

        var head = model.ToRequest(incoming.Http.Request);
        if (rpcs.Access.Check(incoming.Tenant, model.ToNames(head.RunnerSelector)) is { } notThere)
        {
            return (notThere, null);
        }

        // 1. What the model has.
        var answer = await directory.FindAsync(calls.ClientFor(incoming), incoming.Tenant, model, wanted: null, calls.Unary(incoming));
        if (answer.Methods is null && !(endpoint.TakesPlainModels && answer.Failure is not null))
        {
            return (MethodErrors.Unavailable(answer) with { Parameter = "model" }, null);
        }

        // 2. What to call of it, and where.
        return (endpoint.Prepare(request, head, answer.Methods ?? ModelMethods.None, out var call), call);
    }
}
