using System.Runtime.CompilerServices;
using Gateway.Api.Errors;
using Gateway.Api.Memory;
using Gateway.Api.Streams;
using Gateway.Api.Tenancy;
using Gateway.Core.Upstream.Calls;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Pipeline;

/// <summary>
/// Answers with the upstream's messages as they come. The HTTP status waits for the first: a stream that fails at once
/// answers like a unary call. Whatever happens later, the last record says it.
/// </summary>
internal static class StreamAnswer
{
    /// <summary>Answers a request.</summary>
    /// <param name="view">What clients get to see of the messages.</param>
    /// <param name="output">Where the messages go.</param>
    /// <param name="messages">Where they come from.</param>
    /// <param name="live">The call; where it is over before them, the last record says why.</param>
    /// <param name="release">Lets go of the request, which is not needed any more once there is an answer; null when others do.</param>
    public static async Task WriteAsync(
        HttpContext http, AnswerView view, IMessageOutput output, MessageSource messages, LiveCall live, Action? release = null)
    {
        try
        {
            var first = await ReadAsync(messages, live);
            if (release is not null)
            {
                release();
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
                await output.EndAsync(await WriteAllAsync(view, output, messages, first, live));
            }
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            await CutAsync(http, output, live);
        }
    }

    // Says how the stream ended.
    private static async ValueTask<ApiError?> WriteAllAsync(
        AnswerView view, IMessageOutput output, MessageSource messages, Payload? first, LiveCall live)
    {
        for (var message = first; message is not null; message = await ReadNextAsync(output, messages, live))
        {
            using (message)
            {
                if (!view.TryShow(message.Memory, out var record))
                {
                    return ApiErrors.UpstreamUnreadable;
                }

                if (record.IsEmpty)
                {
                    output.Skip();
                }
                else if (!await output.WriteAsync(record))
                {
                    return ApiErrors.UpstreamUnreadable;
                }

                if (view.Failure is { } failure)
                {
                    return failure;
                }

                if (view.IsOver)
                {
                    return await WriteEndAsync(view, output);
                }
            }
        }

        return messages.Failure ?? await WriteEndAsync(view, output);
    }

    // What was written waits only while the next message is there already.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<Payload?> ReadNextAsync(IMessageOutput output, MessageSource messages, LiveCall live)
    {
        var next = ReadAsync(messages, live);
        if (!next.IsCompleted)
        {
            try
            {
                await output.FlushAsync();
            }
            catch
            {
                // The client is gone, which ends the read as well.
                (await next)?.Dispose();
                throw;
            }
        }

        return await next;
    }

    // What waits to be read is not for a tenant that may not make the call any more.
    private static ValueTask<Payload?> ReadAsync(MessageSource messages, LiveCall live)
    {
        live.Over.ThrowIfCancellationRequested();
        return messages.ReadAsync(live.Over);
    }

    private static async ValueTask<ApiError?> WriteEndAsync(AnswerView view, IMessageOutput output)
    {
        while (view.TryShowEnd(out var record))
        {
            await output.WriteAsync(record);
        }

        return null;
    }

    // The client is there, but it gets no more: it may not have it any more, the gateway stops, another connection of the client has the
    // stream now, or it takes nothing.
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
