using System.Buffers;
using System.Net.WebSockets;
using Gateway.Api.Errors;
using Gateway.Api.Streaming;
using Gateway.Api.Tenancy;
using Gateway.Core.Upstream;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Calls;

/// <summary>
/// Carries the messages of one call both ways, each sent on as it comes. One task carries the client's messages upstream, the
/// caller's own the answers back; what fails in the first is a value that the last record of the second tells. Of a tenant who may not call whatever it
/// wants, the upstream hears nothing before the first message was checked.
/// </summary>
/// <param name="incoming">The request.</param>
/// <param name="client">The upstream on the tenant's behalf.</param>
/// <param name="timeLeft">What is left of the time that the client gave; null when it gave none.</param>
/// <param name="view">What the client gets to see of the answers.</param>
/// <param name="live">The call, as tenants know it.</param>
/// <param name="services">What all handlers share.</param>
public sealed class DuplexExchange(IncomingCall incoming, ClarifaiClient client, TimeSpan? timeLeft, AnswerView view, LiveCall live, CallServices services)
{
    private readonly StreamAnswer _answer = new(view, services);
    private readonly long _started = services.Time.GetTimestamp();

    /// <summary>Carries the messages, until there are no more.</summary>
    /// <param name="requests">Where the client's messages come from; stays the caller's.</param>
    /// <param name="output">Where the answers go; stays the caller's.</param>
    /// <param name="holdsAnswers">Whether the answers wait for the end of the request.</param>
    public async Task RunAsync(IRequestMessages requests, IMessageOutput output, bool holdsAnswers)
    {
        var http = incoming.Http;
        using var resting = new RestingCall(live, services.Drain, services.Time);
        var answers = new DuplexMessages(view.Rpc, Open, RequestTimeout.Shorter(services.Streams.FirstMessageTimeout, timeLeft), services.Time, resting);
        if (!live.Tenant.IsRestricted)
        {
            answers.Open();
        }

        var sending = SendAsync(http, requests, answers, resting);
        try
        {
            await _answer.WriteAsync(http, holdsAnswers ? new HalfDuplexOutput(output, answers, sending, services, live.Over) : output, answers, live);
        }
        finally
        {
            requests.StopReading();
            await answers.DisposeAsync();
            await sending;
        }
    }

    private UpstreamDuplex Open() =>
        client.Duplex(view.Rpc, _answer.Call(incoming.Http, timeLeft - services.Time.GetElapsedTime(_started), incoming.Http.RequestAborted));

    private async Task SendAsync(HttpContext http, IRequestMessages requests, DuplexMessages answers, RestingCall resting)
    {
        try
        {
            if (await SendAllAsync(requests, answers, resting) is { } failure)
            {
                await answers.FailAsync(failure);
            }
        }
        catch (IOException broken) when (!BodyFailure.IsClientLost(http, broken))
        {
            await answers.FailAsync(BodyFailure.Of(broken, services.Limits.MaxBodyBytes));
        }
        catch (Exception exception) when (exception is IOException or WebSocketException or OperationCanceledException)
        {
            // Cancelled: the request's token knows of a client that left; or the answer is over, and nothing more is read.
            http.Features.GetRequiredFeature<CallRecord>().ClientLeft |= exception is not OperationCanceledException;
            await answers.FailAsync(ApiErrors.ClientLeft);
        }
    }

    // Why the request failed; null when it was sent whole, or when the upstream wants no more of it.
    private async Task<ApiError?> SendAllAsync(IRequestMessages requests, DuplexMessages answers, RestingCall resting)
    {
        while (await requests.ReadAsync())
        {
            resting.Asked();
            if (answers.Open() is not { } upstream || !await upstream.WriteAsync(requests.Message))
            {
                return null;
            }
        }

        if (requests.Failure is not null)
        {
            return requests.Failure;
        }

        // A request without messages names nothing.
        if (!answers.IsOpen && live.Check(ReadOnlySequence<byte>.Empty) is { } refusal)
        {
            return refusal;
        }

        // Only reading on shows that a client leaves.
        resting.AskedAll();
        await (answers.Open()?.CompleteAsync() ?? ValueTask.CompletedTask);
        return await requests.ReadAsync() ? ApiErrors.MessageAfterEnd : requests.Failure;
    }
}
