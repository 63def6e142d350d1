using System.Buffers;
using System.Globalization;
using Gateway.Api.Errors;
using Gateway.Api.Streaming;
using Gateway.Api.Streaming.Resumption;
using Gateway.Core.Binding;
using Gateway.Core.Upstream;
using Gateway.Grpc;

namespace Gateway.Api.Calls;

/// <summary>
/// One request, many answers, in the format that <c>Accept</c> chooses. The HTTP status waits for the first message: a
/// stream that fails at once answers like a unary call. Whatever happens later, the last record says it.
/// </summary>
public sealed class ServerStreamCallHandler(HttpBinding binding, CallServices services) : CallHandler(binding, services)
{
    /// <inheritdoc/>
    protected override async Task CallAsync(HttpContext http, ClarifaiClient client, RequestReader request, TimeSpan? timeLeft)
    {
        if (ResumeRequest.TryRead(http.Request.Headers, Services.Streams, out var resume) is { } unreadable)
        {
            await ErrorWriter.WriteAsync(http, unreadable);
            return;
        }

        UpstreamMessages Open(ReadOnlySequence<byte> message, CancellationToken end) =>
            new(Binding.Rpc, client.Stream(Binding.Rpc, message, Call(http, timeLeft, end)));

        await using var messages = await OpenAsync(http, request, resume, Open);
        if (messages is null)
        {
            await ErrorWriter.WriteAsync(http, ApiErrors.NotResumable);
            return;
        }

        await using var output = new StreamOutput(http, StreamFormat.For(http.Request), Services, messages.Position);
        try
        {
            var first = await messages.ReadAsync(Services.Drain.Expired);
            request.Reset();
            await WriteAsync(http, output, messages, first);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            await CutAsync(http, output);
        }
    }

    private UpstreamCall Call(HttpContext http, TimeSpan? timeLeft, CancellationToken end) =>
        new(http.TraceIdentifier, Shorter(Services.Streams.TotalTimeout, timeLeft), end)
        {
            FirstMessageTimeout = Services.Streams.FirstMessageTimeout,
            IdleTimeout = Services.Streams.IdleTimeout,
        };

    // A new call, one that its client may come back for, or one that it came back for: null when that is not kept.
    private async ValueTask<MessageSource?> OpenAsync(
        HttpContext http, RequestReader request, ResumeRequest resume, Func<ReadOnlySequence<byte>, CancellationToken, UpstreamMessages> open)
    {
        if (resume.Window is not { } window)
        {
            return open(request.Message, http.RequestAborted);
        }

        if (resume.Records is { } records)
        {
            return Services.Resumables.Resume(ResumeKey.Of(http), records, http.RequestAborted);
        }

        if (!Services.Resumables.HasRoom)
        {
            return open(request.Message, http.RequestAborted);
        }

        http.Response.Headers[ResumeRequest.WindowHeader] = window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var message = request.Message.ToArray(); // the request's own memory is gone when the client is
        return await Services.Resumables.OpenAsync(ResumeKey.Of(http), window, end => open(new ReadOnlySequence<byte>(message), end), http.RequestAborted);
    }

    private async ValueTask WriteAsync(HttpContext http, StreamOutput output, MessageSource messages, Payload? first)
    {
        if (first is not null && StatusMap.IsFailure(ResponseStatus.Read(Binding.Rpc, first.Span)) && await output.TryWithdrawAsync())
        {
            using (first)
            {
                await AnswerAsync(http, first);
            }

            return;
        }

        for (var message = first; message is not null; message = await messages.ReadAsync(Services.Drain.Expired))
        {
            using (message)
            {
                if (!await output.WriteAsync(Binding.Rpc.Response, message.Memory))
                {
                    await output.EndAsync(ApiErrors.UpstreamUnreadable);
                    return;
                }
            }
        }

        await output.EndAsync(messages.Failure);
    }

    // The client is there, but it gets no more: the gateway stops, or another connection of the client has the stream now.
    private async ValueTask CutAsync(HttpContext http, StreamOutput output)
    {
        if (Services.Drain.Expired.IsCancellationRequested)
        {
            await output.EndAsync(ApiErrors.ShuttingDown);
        }
        else
        {
            http.Abort();
        }
    }
}
