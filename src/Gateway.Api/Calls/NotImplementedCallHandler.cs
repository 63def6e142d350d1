using Gateway.Api.Errors;
using Gateway.Core.Binding;
using Gateway.Core.Upstream;

namespace Gateway.Api.Calls;

/// <summary>An RPC that streams both ways, which HTTP callers cannot use yet: 501, to callers that have a key.</summary>
public sealed class NotImplementedCallHandler(HttpBinding binding, CallServices services) : CallHandler(binding, services)
{
    /// <inheritdoc/>
    protected override Task CallAsync(HttpContext http, ClarifaiClient client, RequestReader request, TimeSpan? timeLeft) =>
        ErrorWriter.WriteAsync(http, ApiErrors.NotImplemented(Binding.Rpc.Name));
}
