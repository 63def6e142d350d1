using System.Net.WebSockets;
using Gateway.Api.Errors;
using Gateway.Api.Streaming;
using Gateway.Core.Binding;
using Gateway.Core.Upstream;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Api.Calls;

/// <summary>
/// Messages both ways, each sent on as it comes. One task carries the client's messages upstream, the handler's own the
/// answers back; what fails in the first is a value that the last record of the second tells.
/// </summary>
public abstract class DuplexCallHandler(HttpBinding binding, CallServices services) : CallHandler(binding, services)
{
    private readonly StreamAnswer _answer = new(binding.Rpc, services);

    /// <inheritdoc/>
    protected sealed override async Task ServeAsync(IncomingCall incoming)
    {
        LiftLimits(incoming.Http.Features);
        var request = Services.Requests.Get();
        try
        {
            var error = RefusalOf(incoming) ?? request.CheckPath(incoming.Http, Plan);
            await (error is null ? ExchangeAsync(incoming, request) : ErrorWriter.WriteAsync(incoming.Http, error));
        }
        finally
        {
            Services.Requests.Return(request);
        }
    }

    /// <summary>Why a request is refused before any message is read; null when it is not.</summary>
    protected virtual ApiError? RefusalOf(IncomingCall incoming) => null;

    /// <summary>Serves a call over one kind of transport, which calls <see cref="ExchangeAsync(IncomingCall, IRequestMessages, IMessageOutput, bool)"/>.</summary>
    /// <param name="incoming">The request.</param>
    /// <param name="request">Reads its messages; it goes back to its pool when the task completes.</param>
    protected abstract Task ExchangeAsync(IncomingCall incoming, RequestReader request);

    /// <summary>Carries the messages of a call both ways, until there are no more.</summary>
    /// <param name="incoming">The request.</param>
    /// <param name="requests">Where the client's messages come from; stays the caller's.</param>
    /// <param name="output">Where the answers go; stays the caller's.</param>
    /// <param name="holdsAnswers">Whether the answers wait for the end of the request.</param>
    protected async Task ExchangeAsync(IncomingCall incoming, IRequestMessages requests, IMessageOutput output, bool holdsAnswers)
    {
        var upstream = ClientFor(incoming).Duplex(Binding.Rpc, _answer.Call(incoming.Http, TimeLeftOf(incoming), incoming.Http.RequestAborted));
        var answers = new DuplexMessages(Binding.Rpc, upstream, Services.Time);
        var sending = SendAsync(requests, upstream, answers);
        try
        {
            await _answer.WriteAsync(incoming.Http, holdsAnswers ? new HalfDuplexOutput(output, sending, Services) : output, answers);
        }
        finally
        {
            requests.StopReading();
            await answers.DisposeAsync();
            await sending;
        }
    }

    // Sizes are bounded message by message, and silence by the stream's own limits.
    private static void LiftLimits(IFeatureCollection features)
    {
        features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate = null;
    }

    private static async Task SendAsync(IRequestMessages requests, UpstreamDuplex upstream, DuplexMessages answers)
    {
        try
        {
            if (await SendAllAsync(requests, upstream) is { } failure)
            {
                await answers.FailAsync(failure);
            }
        }
        catch (BadHttpRequestException)
        {
            await answers.FailAsync(ApiErrors.BodyBroken);
        }
        catch (Exception exception) when (exception is IOException or WebSocketException or OperationCanceledException)
        {
            await answers.FailAsync(ApiErrors.ClientLeft);
        }
    }

    // Why the request failed; null when it was sent whole, or when the upstream wants no more of it.
    private static async Task<ApiError?> SendAllAsync(IRequestMessages requests, UpstreamDuplex upstream)
    {
        while (await requests.ReadAsync())
        {
            if (!await upstream.WriteAsync(requests.Message))
            {
                return null;
            }
        }

        if (requests.Failure is null)
        {
            // Only reading on shows that a client leaves.
            await upstream.CompleteAsync();
            return await requests.ReadAsync() ? ApiErrors.MessageAfterEnd : requests.Failure;
        }

        return requests.Failure;
    }
}
