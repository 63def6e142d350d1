using Gateway.Api.Http;
using Gateway.Api.Pipeline;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Api.Faces.Rest;

/// <summary>A call with one request message, which is read to its end before the call is made.</summary>
internal abstract class SingleRequestHandler(RequestPlan plan, ObjectPool<RequestReader> readers) : IRequestHandler
{
    public RequestRoute Route => plan.Route;

    public async Task ServeAsync(IncomingCall incoming)
    {
        using var request = new RentedReader(readers);
        var error = await request.Reader.ReadAsync(incoming.Http, plan, incoming.Tenant);
        await (error is null ? CallAsync(incoming, request) : ErrorWriter.WriteAsync(incoming.Http, error));
    }

    /// <summary>Makes the call and answers the client.</summary>
    /// <param name="request">Its message, read; to be disposed when it is not needed any more, or else when the task completes.</param>
    protected abstract Task CallAsync(IncomingCall incoming, RentedReader request);
}
