using Gateway.Api.Errors;
using Gateway.Core.Binding;
using Gateway.Core.Upstream;

namespace Gateway.Api.Calls;

/// <summary>A call with one request message, which is read to its end before the call is made.</summary>
public abstract class SingleRequestCallHandler(HttpBinding binding, CallServices services) : CallHandler(binding, services)
{
    /// <inheritdoc/>
    protected sealed override async Task ServeAsync(IncomingCall incoming)
    {
        var request = Services.Requests.Get();
        try
        {
            var error = await request.ReadAsync(incoming.Http, Plan, incoming.Tenant);
            await (error is null ? CallAsync(incoming.Http, ClientFor(incoming), request, TimeLeftOf(incoming)) : ErrorWriter.WriteAsync(incoming.Http, error));
        }
        finally
        {
            Services.Requests.Return(request);
        }
    }

    /// <summary>Makes the call and answers the client.</summary>
    /// <param name="http">The request.</param>
    /// <param name="client">The upstream on the tenant's behalf.</param>
    /// <param name="request">The request, read; it goes back to its pool when the task completes.</param>
    /// <param name="timeLeft">What is left of the time that the client gave; null when it gave none.</param>
    protected abstract Task CallAsync(HttpContext http, ClarifaiClient client, RequestReader request, TimeSpan? timeLeft);
}
