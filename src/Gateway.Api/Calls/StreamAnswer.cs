using Gateway.Api.Errors;
using Gateway.Api.Streaming;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;

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
    /// <param name="request">What is not needed any more once there is an answer; null for nothing.</param>
    public async Task WriteAsync(HttpContext http, IMessageOutput output, MessageSource messages, RequestReader? request = null)
    {
        try
        {
            var first = await messages.ReadAsync(services.Drain.Expired);
            request?.Reset();
            if (first is not null && UpstreamStatus.FailureIn(view.Rpc, first) is not null && await output.TryWithdrawAsync())
            {
                using (first)
                {
                    await view.FailAsync(http, first);
                }
            }
            else
            {
                await output.EndAsync(await WriteAllAsync(output, messages, first));
            }
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            await CutAsync(http, output);
        }
    }

    // Says how the stream ended.
    private async ValueTask<ApiError?> WriteAllAsync(IMessageOutput output, MessageSource messages, Payload? first)
    {
        for (var message = first; message is not null; message = await messages.ReadAsync(services.Drain.Expired))
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

    private async ValueTask<ApiError?> WriteEndAsync(IMessageOutput output)
    {
        while (view.TryShowEnd(out var record))
        {
            await output.WriteAsync(record);
        }

        return null;
    }

    // The client is there, but it gets no more: the gateway stops, another connection of the client has the stream now, or it takes nothing.
    private async ValueTask CutAsync(HttpContext http, IMessageOutput output)
    {
        if (services.Drain.Expired.IsCancellationRequested)
        {
            await output.EndAsync(ApiErrors.ShuttingDown);
        }
        else
        {
            http.Abort();
        }
    }
}
