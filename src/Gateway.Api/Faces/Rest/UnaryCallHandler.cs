using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Memory;
using Gateway.Api.Pipeline;
using Gateway.Core.Binding;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Faces.Rest;

/// <summary>One request, one answer.</summary>
internal sealed class UnaryCallHandler(HttpBinding binding, CallServices services) : SingleRequestCallHandler(binding, services)
{
    private readonly SingleAnswer _answer = new(binding.Rpc, services);

    /// <inheritdoc/>
    protected override async Task CallAsync(IncomingCall incoming, RequestReader request)
    {
        var http = incoming.Http;
        var call = OutgoingCall.For(http, RequestTimeout.Shorter(Services.UnaryTimeout, TimeLeftOf(incoming)), http.RequestAborted);
        using var result = await ClientFor(incoming).CallAsync(Binding.Rpc, request.Message, call);
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
