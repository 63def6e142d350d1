using Gateway.Api.Errors;
using Gateway.Core.Binding;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Calls;

/// <summary>Messages both ways.</summary>
/// <param name="binding">The binding.</param>
/// <param name="transport">How they come and go.</param>
/// <param name="services">What all handlers share.</param>
public sealed class DuplexCallHandler(HttpBinding binding, DuplexTransport transport, CallServices services) : CallHandler(binding, services)
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
            if ((transport.RefusalOf(incoming.Http) ?? request.CheckPath(incoming.Http, Plan)) is { } error)
            {
                await ErrorWriter.WriteAsync(incoming.Http, error);
                return;
            }

            var exchange = new DuplexExchange(incoming, ClientFor(incoming), TimeLeftOf(incoming), _view, Services);
            await transport.CarryAsync(incoming, new BoundMessageReader(incoming, Plan, request), exchange);
        }
        finally
        {
            Services.Requests.Return(request);
        }
    }
}
