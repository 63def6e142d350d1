using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Memory;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Core.Schema;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Api.Faces.Rest;

/// <summary>One request, one answer.</summary>
internal sealed class UnaryCallHandler(RequestPlan plan, ObjectPool<RequestReader> readers, OutgoingCalls calls, MessageAnswer answer)
    : SingleRequestHandler(plan, readers)
{
    private readonly RpcPlan _rpc = plan.Binding.Rpc;
    private readonly RpcAccess _access = plan.Access;

    protected override async Task CallAsync(IncomingCall incoming, RentedReader request)
    {
        var http = incoming.Http;
        if (_access.Check(incoming.Tenant, request.Message) is { } refusal)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }

        using var result = await calls.ClientFor(incoming).CallAsync(_rpc, request.Message, calls.Unary(incoming));
        request.Dispose();
        http.Features.GetRequiredFeature<ByteShare>().Exchange(result.Message?.Length ?? 0);
        await (result.Message is { } message
            ? answer.WriteAsync(http, _rpc, message, result)
            : ErrorWriter.WriteAsync(http, UpstreamStatus.ToApiError(result.Outcome, answer.PushbackOf(result))));
    }
}
