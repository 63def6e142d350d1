using Gateway.Api.Calls;
using Gateway.Api.Errors;
using Gateway.Api.Memory;
using Gateway.Api.Methods;
using Gateway.Api.Streaming;
using Gateway.Api.Tenancy;
using Gateway.Core.Json;
using Gateway.Core.Methods;
using Gateway.Core.Upstream;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.OpenAi;

/// <summary>The requests that run a model.</summary>
/// <param name="route">The path, for the log.</param>
/// <param name="endpoint">What the path is for.</param>
/// <param name="names">What models are called.</param>
/// <param name="methods">What all routes of methods share.</param>
internal sealed class ModelCallHandler(string route, OpenAiEndpoint endpoint, ModelNames names, MethodServices methods)
    : RequestHandler(route, rpc: null, methods.Access, methods.Calls)
{
    /// <inheritdoc/>
    protected override async Task ServeAsync(IncomingCall incoming)
    {
        var (error, streams, prepared) = await PrepareAsync(incoming);
        using var call = prepared;
        incoming.Http.Features.GetRequiredFeature<ByteShare>().Exchange(incoming.Http.Features.GetRequiredFeature<CallRecord>().RequestBytes);
        await (call is null ? ErrorWriter.WriteAsync(incoming.Http, error!)
            : RunAsync(incoming, call, streams));
    }

    // What the request holds is let go of before the model is called: it may be long, and the call has its own bytes of it.
    private async ValueTask<(ApiError? Error, bool Streams, ModelCall? Call)> PrepareAsync(IncomingCall incoming)
    {
        using var text = new JsonTextReader(Services.JsonLimits, Services.Segments);
        if (await RequestBody.ReadJsonAsync(incoming.Http, text, Services.Limits.MaxBodyBytes) is { } unread)
        {
            return (unread, false, null);
        }

        using var json = text.Complete();
        if (json is null)
        {
            return (ApiErrors.Unreadable(text.Error!), false, null);
        }

        var error = OpenAiRequest.TryRead(json.RootElement, incoming.Http.TraceIdentifier, out var request);
        ModelAddress model = default;
        error ??= names.Find(request.Model, incoming.Tenant, out model);
        if (error is not null)
        {
            return (error, false, null);
        }

        var head = model.ToRequest();
        head.RunnerSelector = RunnerChoice.In(incoming.Http.Request);
        error = Access.Check(incoming.Tenant, head);
        if (error is not null)
        {
            return (error, false, null);
        }

        // 1. What the model has.
        var answer = await methods.Directory.FindAsync(ClientFor(incoming), incoming.Tenant, model, wanted: null, UnaryCall(incoming));
        if (answer.Methods is null && !(endpoint.TakesPlainModels && answer.Failure is not null))
        {
            return (MethodErrors.Unavailable(answer) with { Parameter = "model" }, false, null);
        }

        // 2. What to call of it, and where.
        error = endpoint.Prepare(request, head, answer.Methods ?? new ModelMethods("", []), out var call);
        if (call is not null && Services.AccessTo(call.Answer.Rpc).Check(incoming.Tenant, call.Request) is { } refusal)
        {
            call.Dispose();
            return (refusal, false, null);
        }

        return (error, request.Streams, call);
    }

    private async Task RunAsync(IncomingCall incoming, ModelCall call, bool streams)
    {
        incoming.Http.Features.GetRequiredFeature<CallRecord>().Rpc = call.Answer.Rpc.Name;
        using var live = Services.Watch(Services.AccessTo(call.Answer.Rpc), incoming.Tenant);
        await (live.Check(call.Request) is { } refusal ? ErrorWriter.WriteAsync(incoming.Http, refusal)
            : streams ? StreamAsync(incoming, call, live)
            : AnswerAsync(incoming, call, live));
    }

    private async Task AnswerAsync(IncomingCall incoming, ModelCall call, LiveCall live)
    {
        var upstream = call.Answer.Rpc.Kind == Core.Schema.RpcKind.Unary ? UnaryCall(incoming) : Services.AsStream(UnaryCall(incoming));
        await using var messages = call.Open(ClientFor(incoming), upstream, Services.Time);
        await new WholeAnswer(call.Answer, methods.MaxAnswerBytes).WriteAsync(incoming.Http, messages, live);
    }

    private async Task StreamAsync(IncomingCall incoming, ModelCall call, LiveCall live)
    {
        var answer = new StreamAnswer(call.Answer, Services);
        await using var messages = call.Open(ClientFor(incoming), answer.Call(incoming.Http, TimeLeftOf(incoming), incoming.Http.RequestAborted), Services.Time);
        await using var output = new StreamOutput(incoming.Http, endpoint.Format, Services);
        await answer.WriteAsync(incoming.Http, output, messages, live);
    }

    private UpstreamCall UnaryCall(IncomingCall incoming) =>
        OutgoingCall.For(incoming.Http, RequestTimeout.Shorter(Services.UnaryTimeout, TimeLeftOf(incoming)), incoming.Http.RequestAborted);
}
