using System.Buffers;
using Clarifai.Api;
using Gateway.Api.Calls;
using Gateway.Api.Errors;
using Gateway.Api.Memory;
using Gateway.Api.Streaming;
using Gateway.Core.Methods;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Retries;
using Gateway.Core.Wire;
using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Methods;

/// <summary>Calls a method in the way of its kind.</summary>
/// <param name="route">The route.</param>
/// <param name="transport">How the messages of a two-way method come and go.</param>
/// <param name="methods">What all routes of methods share.</param>
public sealed class CallMethodHandler(ModelRoute route, DuplexTransport transport, MethodServices methods) : MethodHandler(route, methods)
{
    /// <inheritdoc/>
    protected override StringValues AuthorizationOf(HttpContext http) => transport.AuthorizationOf(http);

    /// <inheritdoc/>
    protected override ApiError? RefusalOf(IncomingCall incoming) => transport.RefusalOf(incoming.Http);

    /// <inheritdoc/>
    protected override Task ServeAsync(IncomingCall incoming, ModelAddress model, ModelMethod method)
    {
        var request = HeadOf(incoming, model);
        return method.Kind switch
        {
            RunnerMethodType.StreamingStreaming => AdmitAsync(incoming, Methods.Stream, () => ExchangeAsync(incoming, request, method)),
            RunnerMethodType.UnaryUnary => AdmitAsync(incoming, Methods.Predict, () => SendAsync(incoming, request, method)),
            RunnerMethodType.UnaryStreaming => AdmitAsync(incoming, Methods.Generate, () => SendAsync(incoming, request, method)),
            _ => ErrorWriter.WriteAsync(incoming.Http, MethodErrors.KindUnknown(method)),
        };
    }

    private Task AdmitAsync(IncomingCall incoming, RpcPlan rpc, Func<Task> call) =>
        Services.AccessTo(rpc).Admit(incoming.Tenant) is { } refusal ? ErrorWriter.WriteAsync(incoming.Http, refusal) : call();

    private async Task SendAsync(IncomingCall incoming, PostModelOutputsRequest request, ModelMethod method)
    {
        if (transport is SocketTransport)
        {
            await ErrorWriter.WriteAsync(incoming.Http, MethodErrors.NoSocket(method.Name));
            return;
        }

        using var wire = new WireWriter(Services.Segments);
        request.WriteTo(wire);
        var body = new ArgumentBody(method, wire, Methods);
        if (await body.ReadAsync(incoming.Http) is { } error)
        {
            await ErrorWriter.WriteAsync(incoming.Http, error);
            return;
        }

        incoming.Http.Features.GetRequiredFeature<ByteShare>().Exchange(wire.Length);
        await (method.Kind == RunnerMethodType.UnaryUnary
            ? PredictAsync(incoming, wire, body, method)
            : GenerateAsync(incoming, wire.Written, method));
    }

    private async Task PredictAsync(IncomingCall incoming, WireWriter request, ArgumentBody body, ModelMethod method)
    {
        var http = incoming.Http;
        if (Services.AccessTo(Methods.Predict).Check(incoming.Tenant, request.Written) is { } refusal)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }

        http.Features.GetRequiredFeature<CallRecord>().Rpc = Methods.Predict.Name;
        var call = OutgoingCall.For(http, RequestTimeout.Shorter(Services.UnaryTimeout, TimeLeftOf(incoming)), http.RequestAborted);
        using var result = await ClientFor(incoming).CallAsync(Methods.Predict, request.Written, call);
        request.Reset();
        var pushback = Pushback.Read(result.Headers, result.Trailers, Services.Time);
        if (result.Message is not { } message)
        {
            await ErrorWriter.WriteAsync(http, UpstreamStatus.ToApiError(result.Outcome, pushback));
        }
        else if (!Outputs.TryParse(message.Memory, out var response, out var data))
        {
            await ErrorWriter.WriteAsync(http, ApiErrors.UpstreamUnreadable);
        }
        else if (ResultAnswer.FailureIn(response, body) is { } failure)
        {
            await ErrorWriter.WriteAsync(http, failure with { RetryAfter = pushback.Delay });
        }
        else
        {
            await new ResultAnswer(method, Methods).WriteAsync(http, response, data, body.IsBatch);
        }
    }

    private async Task GenerateAsync(IncomingCall incoming, ReadOnlySequence<byte> request, ModelMethod method)
    {
        var http = incoming.Http;
        var view = ViewOf(http, Methods.Generate, method);
        var answer = new StreamAnswer(view, Services);
        using var live = Services.Watch(Services.AccessTo(view.Rpc), incoming.Tenant);
        if (live.Check(request) is { } refusal)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }

        await using var messages = new UpstreamMessages(view.Rpc, ClientFor(incoming).Stream(view.Rpc, request, answer.Call(http, TimeLeftOf(incoming), http.RequestAborted)));
        await using var output = new StreamOutput(http, StreamFormat.For(http.Request), Services);
        await answer.WriteAsync(http, output, messages, live);
    }

    private async Task ExchangeAsync(IncomingCall incoming, PostModelOutputsRequest request, ModelMethod method)
    {
        using var live = Services.Watch(Services.AccessTo(Methods.Stream), incoming.Tenant);
        using var messages = new ArgumentMessages(request, method, live, Methods);
        var view = ViewOf(incoming.Http, Methods.Stream, method);
        await transport.CarryAsync(incoming, messages, new DuplexExchange(incoming, ClientFor(incoming), TimeLeftOf(incoming), view, live, Services));
    }

    private ResultView ViewOf(HttpContext http, RpcPlan rpc, ModelMethod method)
    {
        var tokens = new TokenCounts();
        http.Features.Set(tokens);
        http.Features.GetRequiredFeature<CallRecord>().Rpc = rpc.Name;
        return new ResultView(rpc, tokens, method, Methods);
    }
}
