using Gateway.Api.Http;
using Gateway.Api.Pipeline;
using Gateway.Core.Binding;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Faces.Rest;

/// <summary>Messages both ways.</summary>
/// <param name="binding">The binding.</param>
/// <param name="transport">How they come and go.</param>
/// <param name="services">What all handlers share.</param>
internal sealed class DuplexCallHandler(HttpBinding binding, DuplexTransport transport, CallServices services) : CallHandler(binding, services)
{
    private readonly MessageView _view = new(binding.Rpc, services);

    /// <inheritdoc/>
    protected override StringValues AuthorizationOf(HttpContext http) => transport.AuthorizationOf(http);

    /// <inheritdoc/>
    protected override async Task ServeAsync(IncomingCall incoming)
    {
        var request = Services.Requests.Get();
        try
        {
            if ((transport.RefusalOf(incoming.Http) ?? request.CheckPath(incoming.Http, Plan, incoming.Tenant)) is { } error)
            {
                await ErrorWriter.WriteAsync(incoming.Http, error);
                return;
            }

            using var live = Services.Watch(Plan.Access, incoming.Tenant);
            var exchange = new DuplexExchange(incoming, ClientFor(incoming), TimeLeftOf(incoming), _view, live, Services);
            await transport.CarryAsync(incoming, new BoundMessageReader(incoming.Http, live, Plan, request), exchange);
        }
        finally
        {
            Services.Requests.Return(request);
        }
    }
}
