using Gateway.Api.Http;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Faces.Rest;

/// <summary>Messages both ways, by one transport.</summary>
internal sealed class DuplexCallHandler(
    RequestPlan plan,
    DuplexTransport transport,
    ObjectPool<RequestReader> readers,
    AccessControl access,
    MessageAnswer first) : IRequestHandler
{
    private readonly MessageView _view = new(plan.Binding.Rpc, first);

    public RequestRoute Route => plan.Route;

    public StringValues AuthorizationOf(HttpContext http) => transport.AuthorizationOf(http);

    public async Task ServeAsync(IncomingCall incoming)
    {
        var request = readers.Get();
        try
        {
            if ((transport.RefusalOf(incoming.Http) ?? request.CheckPath(incoming.Http, plan, incoming.Tenant)) is { } error)
            {
                await ErrorWriter.WriteAsync(incoming.Http, error);
                return;
            }

            using var live = access.Watch(plan.Access, incoming.Tenant);
            await transport.CarryAsync(new DuplexCall(incoming, _view, live), new BoundMessageReader(incoming.Http, live, plan, request));
        }
        finally
        {
            readers.Return(request);
        }
    }
}
