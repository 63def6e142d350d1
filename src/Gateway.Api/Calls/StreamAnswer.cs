using Gateway.Api.Errors;
using Gateway.Api.Memory;
using Gateway.Api.Streaming;
using Gateway.Api.Tenancy;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Calls;

/// <summary>
/// Answers with the upstream's messages as they come. The HTTP status waits for the first: a stream that fails at once
/// answers like a unary call. Whatever happens later, the last record says it.
/// </summary>
/// <param name="view">What clients get to see of the messages.</param>
/// <param name="services">What all handlers share.</param>
public sealed class StreamAnswer(AnswerView view, CallServices services)
{
    /// <summary>What a call carries whose answers go out like this.</summary>
    /// <param name="http">The request.</param>
    /// <param name="timeLeft">What is left of the time that the client gave; null when it gave none.</param>
    /// <param name="end">Ends the call.</param>
    public UpstreamCall Call(HttpContext http, TimeSpan? timeLeft, CancellationToken end) =>
        services.AsStream(OutgoingCall.For(http, timeLeft, end));

    /// <summary>Answers a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="output">Where the messages go.</param>
    /// <param name="messages">Where they come from.</param>
    /// <param name="live">The call; where it is over before them, the last record says why.</param>
    /// <param name="request">What is not needed any more once there is an answer; null for nothing.</param>
    public async Task WriteAsync(HttpContext http, IMessageOutput output, MessageSource messages, LiveCall live, RequestReader? request = null)
    {
        try
        {
            var first = await ReadAsync(messages, live);
            if (request is not null)
            {
                request.Reset();
                http.Features.GetRequiredFeature<ByteShare>().Release();
            }

            if (first is not null && UpstreamStatus.FailureIn(view.Rpc, first) is not null && await output.TryWithdrawAsync())
            {
                using (first)
                {
                    await view.FailAsync(http, first);
                }
            }
            else
            {
                await output.EndAsync(await WriteAllAsync(output, messages, first, live));
            }
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            await CutAsync(http, output, live);
        }
    }

    // Says how the stream ended.
    private async ValueTask<ApiError?> WriteAllAsync(IMessageOutput output, MessageSource messages, Payload? first, LiveCall live)
    {
        for (var message = first; message is not null; message = await ReadAsync(messages, live))
        {
            using (message)
            {
                if (!view.TryShow(message.Memory, out var record) || !(record.IsEmpty || await output.WriteAsync(record)))
                {
                    return ApiErrors.UpstreamUnreadable;
                }

                if (view.Failure is { } failure)
                {
                    return failure;
                }

                if (view.IsOver)
                {
                    return await WriteEndAsync(output);
                }
            }
        }

        return messages.Failure ?? await WriteEndAsync(output);
    }

    // What waits to be read is not for a tenant that may not make the call any more.
    private static ValueTask<Payload?> ReadAsync(MessageSource messages, LiveCall live)
    {
        live.Over.ThrowIfCancellationRequested();
        return messages.ReadAsync(live.Over);
    }

    private async ValueTask<ApiError?> WriteEndAsync(IMessageOutput output)
    {
        while (view.TryShowEnd(out var record))
        {
            await output.WriteAsync(record);
        }

        return null;
    }

    // The client is there, but it gets no more: it may not have it any more, the gateway stops, another connection of the client has the stream now, or
    // it takes nothing.
    private static async ValueTask CutAsync(HttpContext http, IMessageOutput output, LiveCall live)
    {
        if (live.Over.IsCancellationRequested)
        {
            await output.EndAsync(live.Ending);
        }
        else
        {
            http.Abort();
        }
    }
}
