using Gateway.Api.Errors;
using Gateway.Api.Memory;
using Gateway.Core.Binding;
using Gateway.Core.Upstream;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Calls;

/// <summary>One request, one answer.</summary>
public sealed class UnaryCallHandler(HttpBinding binding, CallServices services) : SingleRequestCallHandler(binding, services)
{
    private readonly SingleAnswer _answer = new(binding.Rpc, services);

    /// <inheritdoc/>
    protected override async Task CallAsync(HttpContext http, ClarifaiClient client, RequestReader request, TimeSpan? timeLeft)
    {
        var call = OutgoingCall.For(http, RequestTimeout.Shorter(Services.UnaryTimeout, timeLeft), http.RequestAborted);
        using var result = await client.CallAsync(Binding.Rpc, request.Message, call);
        request.Reset();
        http.Features.GetRequiredFeature<ByteShare>().Exchange(result.Message?.Length ?? 0);
        if (result.Message is { } message)
        {
            await _answer.WriteAsync(http, message, result);
        }
        else
        {
            await ErrorWriter.WriteAsync(http, UpstreamStatus.ToApiError(result.Outcome, _answer.PushbackOf(result)));
        }
    }
}
