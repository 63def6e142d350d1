using Gateway.Api.Configuration;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Api.Tenancy;
using Gateway.Core.Schema;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>The requests that run a model.</summary>
internal sealed class ModelCallHandler(
    string path, OpenAiEndpoint endpoint, RequestPreparation preparation, MethodRpcs rpcs, AccessControl access, OutgoingCalls calls,
    StreamOutputs outputs, IOptions<GatewayOptions> options, TimeProvider time) : IRequestHandler
{
    private readonly long _maxAnswerBytes = options.Value.Upstream.MaxResponseBytes;

    public RequestRoute Route { get; } = new(path, null, rpcs.Access);

    public async Task ServeAsync(IncomingCall incoming)
    {
        var (error, streams, prepared) = await preparation.PrepareAsync(incoming, endpoint);
        using var call = prepared;
        incoming.Memory.Exchange(incoming.Record.RequestBytes);
        if (call is null)
        {
            await ErrorWriter.WriteAsync(incoming.Http, error!);
            return;
        }

        incoming.Record.Rpc = call.Answer.Rpc.Name;
        using var live = access.Watch(access.To(call.Answer.Rpc), incoming.Tenant);
        await (live.Check(call.Request) is { } refusal ? ErrorWriter.WriteAsync(incoming.Http, refusal)
            : streams ? StreamAsync(incoming, call, live)
            : AnswerAsync(incoming, call, live));
    }

    private async Task AnswerAsync(IncomingCall incoming, PreparedCall call, LiveCall live)
    {
        var unary = calls.Unary(incoming);
        await using var messages = call.Open(
            calls.ClientFor(incoming), call.Answer.Rpc.Kind == RpcKind.Unary ? unary : calls.AsStream(unary), time);
        await new WholeAnswer(call.Answer, _maxAnswerBytes).WriteAsync(incoming.Http, messages, live);
    }

    private async Task StreamAsync(IncomingCall incoming, PreparedCall call, LiveCall live)
    {
        await using var messages = call.Open(calls.ClientFor(incoming), calls.Stream(incoming), time);
        await using var output = outputs.Begin(incoming.Http, endpoint.Format);
        await StreamAnswer.WriteAsync(incoming.Http, call.Answer, output, messages, live);
    }
}
