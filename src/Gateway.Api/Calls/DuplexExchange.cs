using System.Net.WebSockets;
using Gateway.Api.Errors;
using Gateway.Api.Streaming;
using Gateway.Core.Upstream;

namespace Gateway.Api.Calls;

/// <summary>
/// Carries the messages of one call both ways, each sent on as it comes. One task carries the client's messages upstream, the
/// caller's own the answers back; what fails in the first is a value that the last record of the second tells.
/// </summary>
/// <param name="incoming">The request.</param>
/// <param name="client">The upstream on the tenant's behalf.</param>
/// <param name="timeLeft">What is left of the time that the client gave; null when it gave none.</param>
/// <param name="view">What the client gets to see of the answers.</param>
/// <param name="services">What all handlers share.</param>
public sealed class DuplexExchange(IncomingCall incoming, ClarifaiClient client, TimeSpan? timeLeft, AnswerView view, CallServices services)
{
    private readonly StreamAnswer _answer = new(view, services);

    /// <summary>Carries the messages, until there are no more.</summary>
    /// <param name="requests">Where the client's messages come from; stays the caller's.</param>
    /// <param name="output">Where the answers go; stays the caller's.</param>
    /// <param name="holdsAnswers">Whether the answers wait for the end of the request.</param>
    public async Task RunAsync(IRequestMessages requests, IMessageOutput output, bool holdsAnswers)
    {
        var http = incoming.Http;
        var upstream = client.Duplex(view.Rpc, _answer.Call(http, timeLeft, http.RequestAborted));
        var answers = new DuplexMessages(view.Rpc, upstream, services.Time);
        var sending = SendAsync(http, requests, upstream, answers);
        try
        {
            await _answer.WriteAsync(http, holdsAnswers ? new HalfDuplexOutput(output, answers, sending, services) : output, answers);
        }
        finally
        {
            requests.StopReading();
            await answers.DisposeAsync();
            await sending;
        }
    }

    private async Task SendAsync(HttpContext http, IRequestMessages requests, UpstreamDuplex upstream, DuplexMessages answers)
    {
        try
        {
            if (await SendAllAsync(requests, upstream) is { } failure)
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
