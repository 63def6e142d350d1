using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Core.Schema;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Api.Faces.Rest;

/// <summary>One request, which is read to its end before the call is made, and one answer.</summary>
internal sealed class UnaryCallHandler(RequestPlan plan, ObjectPool<RequestReader> readers, OutgoingCalls calls, MessageAnswer answer)
    : IRequestHandler
{
    private readonly RpcPlan _rpc = plan.Binding.Rpc;
    private readonly RpcAccess _access = plan.Access;

    public RequestRoute Route => plan.Route;

    public async Task ServeAsync(IncomingCall incoming)
    {
        var http = incoming.Http;
        var request = readers.Get();
        try
        {
            var refusal = await request.ReadAsync(http, plan, incoming.Tenant) ?? _access.Check(incoming.Tenant, request.Message);
            if (refusal is not null)
            {
                await ErrorWriter.WriteAsync(http, refusal);
                return;
            }

            using var result = await calls.ClientFor(incoming).CallAsync(_rpc, request.Message, calls.Unary(incoming));
            request.Reset();
            incoming.Memory.Exchange(result.Message?.Length ?? 0);
            await (result.Message is { } message
                ? answer.WriteAsync(http, _rpc, message, result)
                : ErrorWriter.WriteAsync(http, UpstreamStatus.ToApiError(result.Outcome, answer.PushbackOf(result))));
        }
        finally
        {
            readers.Return(request);
        }
    }
}
