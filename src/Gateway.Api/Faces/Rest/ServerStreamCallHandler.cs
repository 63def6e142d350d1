using Gateway.Api.Http;
using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Api.Tenancy;
using Gateway.Core.Schema;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Api.Faces.Rest;

/// <summary>
/// One request, many answers, in the format that <c>Accept</c> chooses. Its client may come back for it, if it asked for that.
/// </summary>
internal sealed class ServerStreamCallHandler(
    RequestPlan plan,
    ObjectPool<RequestReader> readers,
    OutgoingCalls calls,
    AccessControl access,
    ResumableCalls resumables,
    StreamOutputs outputs,
    MessageAnswer first) : IRequestHandler
{
    private readonly RpcPlan _rpc = plan.Binding.Rpc;
    private readonly RpcAccess _access = plan.Access;
    private readonly MessageView _view = new(plan.Binding.Rpc, first);

    public RequestRoute Route => plan.Route;

    public async Task ServeAsync(IncomingCall incoming)
    {
        using var request = new RentedReader(readers);
        var unreadable = await request.Reader.ReadAsync(incoming.Http, plan, incoming.Tenant);
        await (unreadable is null ? StreamAsync(incoming, request) : ErrorWriter.WriteAsync(incoming.Http, unreadable));
    }

    private async Task StreamAsync(IncomingCall incoming, RentedReader request)
    {
        var http = incoming.Http;
        using var live = access.Watch(_access, incoming.Tenant);
        if (live.Check(request.Message) is { } refusal)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }

        var (opened, error) = await resumables.OpenAsync(
            incoming,
            _access,
            request.Message,
            (message, end) => new UpstreamMessages(_rpc, calls.ClientFor(incoming).Stream(_rpc, message, calls.Stream(incoming, end))));
        await using var messages = opened;
        if (messages is null)
        {
            await ErrorWriter.WriteAsync(http, error!);
            return;
        }

        await using var output = outputs.Begin(http, StreamFormat.For(http.Request), messages.Position);
        await StreamAnswer.WriteAsync(http, _view, output, messages, live, request.Dispose);
    }
}
