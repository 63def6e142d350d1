using Gateway.Api.Errors;
using Gateway.Api.Streaming;
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
        await using var output = new StreamOutput(http, StreamFormat.For(http.Request), Services);
        await using var stream = client.Stream(Binding.Rpc, request.Message, Call(http, timeLeft));
        try
        {
            var first = await stream.ReadAsync(Services.Drain.Expired);
            request.Reset();
            if (first is not null && FailureOf(first) is not null && await output.TryWithdrawAsync())
            {
                using (first)
                {
                    await AnswerAsync(http, first);
                }
            }
            else
            {
                await output.EndAsync(await WriteAsync(output, stream, first));
            }
        }
        catch (OperationCanceledException) when (Services.Drain.Expired.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            await output.EndAsync(ApiErrors.ShuttingDown);
        }
    }

    private UpstreamCall Call(HttpContext http, TimeSpan? timeLeft) =>
        new(http.TraceIdentifier, Shorter(Services.Streams.TotalTimeout, timeLeft), http.RequestAborted)
        {
            FirstMessageTimeout = Services.Streams.FirstMessageTimeout,
            IdleTimeout = Services.Streams.IdleTimeout,
        };

    // Sends all messages, and says how the stream ended: by the upstream's word, or by that of a message which failed.
    private async ValueTask<ApiError?> WriteAsync(StreamOutput output, UpstreamStream stream, Payload? first)
    {
        ApiError? failure = null;
        for (var message = first; message is not null; message = await stream.ReadAsync(Services.Drain.Expired))
        {
            using (message)
            {
                failure = FailureOf(message) ?? failure;
                if (!await output.WriteAsync(Binding.Rpc.Response, message.Memory))
                {
                    return ApiErrors.UpstreamUnreadable;
                }
            }
        }

        return stream.Status.IsOK ? failure : UpstreamStatus.ToApiError(stream.Status);
    }

    private ApiError? FailureOf(Payload message) =>
        StatusMap.HttpStatusOf(ResponseStatus.Read(Binding.Rpc, message.Span)) < StatusCodes.Status300MultipleChoices
            ? null
            : ApiErrors.OfMessage(ResponseStatus.Parse(Binding.Rpc, message.Span));
}
