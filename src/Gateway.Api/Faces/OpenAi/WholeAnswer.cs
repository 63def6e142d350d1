using Clarifai.Api.Status;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Logging;
using Gateway.Api.Streams;
using Gateway.Api.Tenancy;
using Gateway.Core.Upstream.Calls;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>Answers with one body made of all of the upstream's messages.</summary>
/// <param name="answer">What clients get to see of the messages.</param>
/// <param name="maxBytes">The most bytes that the messages may have together.</param>
internal sealed class WholeAnswer(OpenAiAnswer answer, long maxBytes)
{
    private long _bytes;

    /// <summary>Answers a request.</summary>
    /// <param name="messages">Where the messages come from.</param>
    /// <param name="live">The call; where it is over before them, the answer says why.</param>
    public async Task WriteAsync(HttpContext http, MessageSource messages, LiveCall live)
    {
        try
        {
            await WriteAllAsync(http, messages, live.Over);
        }
        catch (OperationCanceledException) when (live.Over.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            await ErrorWriter.WriteAsync(http, live.Ending);
        }
    }

    private async Task WriteAllAsync(HttpContext http, MessageSource messages, CancellationToken over)
    {
        var message = await messages.ReadAsync(over);
        if (message is null)
        {
            await ErrorWriter.WriteAsync(http, messages.Failure ?? ApiErrors.UpstreamUnreadable);
        }

        while (message is not null)
        {
            using var taken = message;
            message = await TakeAsync(http, messages, taken, over);
        }
    }

    // The next message; null when the request is answered.
    private async ValueTask<Payload?> TakeAsync(HttpContext http, MessageSource messages, Payload message, CancellationToken over)
    {
        if (UpstreamStatus.FailureIn(answer.Rpc, message) is not null)
        {
            await answer.FailAsync(http, message);
            return null;
        }

        _bytes += message.Memory.Length;
        if (_bytes > maxBytes)
        {
            await ErrorWriter.WriteAsync(http, OpenAiErrors.AnswerTooLarge(maxBytes));
            return null;
        }

        if (!answer.TryShow(message.Memory, out var record) || answer.Failure is not null)
        {
            await ErrorWriter.WriteAsync(http, answer.Failure ?? ApiErrors.UpstreamUnreadable);
            return null;
        }

        var next = answer.IsOver ? null : await messages.ReadAsync(over);
        if (next is null)
        {
            await (!answer.IsOver && messages.Failure is { } failure
                ? ErrorWriter.WriteAsync(http, failure)
                : WriteBodyAsync(http, record));
        }

        return next;
    }

    private async Task WriteBodyAsync(HttpContext http, StreamRecord last)
    {
        var output = http.Response.BodyWriter;
        answer.WriteBody(output, last);
        answer.Tokens.SetHeaders(http.Response);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = output.UnflushedBytes;
        RequestRecord.Of(http).Outcome = (int)StatusCode.Success;
        await ResponseFlow.FlushAsync(http, http.RequestAborted);
    }
}
