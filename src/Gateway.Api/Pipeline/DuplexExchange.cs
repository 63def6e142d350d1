using System.Buffers;
using System.Net.WebSockets;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Lifetime;
using Gateway.Api.Logging;
using Gateway.Api.Streams;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Pipeline;

/// <summary>
/// Carries the messages of two-way calls, each sent on as it comes. One task carries the client's messages upstream, the
/// caller's own the answers back; what fails in the first is a value that the last record of the second tells. Of a tenant who may not call
/// whatever it wants, the upstream hears nothing before the first message was checked.
/// </summary>
internal sealed class DuplexExchange(IOptions<GatewayOptions> options, OutgoingCalls calls, Drain drain, TimeProvider time)
{
    private readonly StreamOptions _streams = options.Value.Streams;
    private readonly long _maxBodyBytes = options.Value.Limits.MaxBodyBytes;

    /// <summary>Carries the messages of a call, until there are no more.</summary>
    /// <param name="requests">Where the client's messages come from; stays the caller's.</param>
    /// <param name="output">Where the answers go; stays the caller's.</param>
    /// <param name="holdsAnswers">Whether the answers wait for the end of the request.</param>
    public async Task RunAsync(DuplexCall call, IRequestMessages requests, IMessageOutput output, bool holdsAnswers)
    {
        var (incoming, view, live) = call;
        incoming.Record.ForgetWaits();
        using var resting = new RestingCall(live, drain, time);
        var answers = new DuplexMessages(
            view.Rpc,
            () => calls.ClientFor(incoming).Duplex(view.Rpc, calls.Stream(incoming)),
            RequestTimeout.Shorter(_streams.FirstMessageTimeout, calls.TimeLeft(incoming)),
            time,
            resting);
        if (!live.Tenant.IsRestricted)
        {
            answers.Open();
        }

        var sending = SendAsync(call, requests, answers, resting);
        var held = holdsAnswers
            ? new HalfDuplexOutput(output, answers, () => sending.WaitAsync(_streams.HeartbeatGrace, time, live.Over))
            : output;
        try
        {
            await StreamAnswer.WriteAsync(incoming.Http, view, held, answers, live);
        }
        finally
        {
            requests.StopReading();
            await answers.DisposeAsync();
            await sending;
        }
    }

    private async Task SendAsync(DuplexCall call, IRequestMessages requests, DuplexMessages answers, RestingCall resting)
    {
        var http = call.Incoming.Http;
        try
        {
            if (await SendAllAsync(call, requests, answers, resting) is { } failure)
            {
                await answers.FailAsync(failure);
            }
        }
        catch (IOException broken) when (!BodyFailure.IsClientLost(http, broken))
        {
            await answers.FailAsync(BodyFailure.Of(broken, _maxBodyBytes));
        }
        catch (Exception exception) when (exception is IOException or WebSocketException or OperationCanceledException)
        {
            // Cancelled: the request's token knows of a client that left; or the answer is over, and nothing more is read.
            RequestRecord.Of(http).ClientLeft |= exception is not OperationCanceledException;
            await answers.FailAsync(ApiErrors.ClientLeft);
        }
    }

    // Why the request failed; null when it was sent whole, or when the upstream wants no more of it.
    private static async Task<ApiError?> SendAllAsync(
        DuplexCall call, IRequestMessages requests, DuplexMessages answers, RestingCall resting)
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
        if (!answers.IsOpen && call.Live.Check(ReadOnlySequence<byte>.Empty) is { } refusal)
        {
            return refusal;
        }

        // Only reading on shows that a client leaves.
        resting.AskedAll();
        await (answers.Open()?.CompleteAsync() ?? ValueTask.CompletedTask);
        return await requests.ReadAsync() ? ApiErrors.MessageAfterEnd : requests.Failure;
    }
}
