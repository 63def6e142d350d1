using System.IO.Pipelines;
using Gateway.Api.Errors;
using Gateway.Api.Streaming;
using Gateway.Core.Binding;
using Gateway.Core.Upstream;
using Gateway.Grpc;

namespace Gateway.Api.Calls;

/// <summary>
/// One request, many answers, as Server-Sent Events. The HTTP status waits for the first message: a stream that fails at
/// once answers like a unary call.
/// </summary>
public sealed class ServerStreamCallHandler(HttpBinding binding, CallServices services) : CallHandler(binding, services)
{
    /// <inheritdoc/>
    protected override async Task CallAsync(HttpContext http, ClarifaiClient client, RequestReader request)
    {
        var call = new UpstreamCall(http.TraceIdentifier, Timeout: null, http.RequestAborted);
        await using var stream = client.Stream(Binding.Rpc, request.Message, call);
        var first = await stream.ReadAsync();
        request.Reset();

        if (first is null && !stream.Status.IsOK)
        {
            await ErrorWriter.WriteAsync(http, UpstreamStatus.ToApiError(stream.Status));
        }
        else if (first is not null && !IsSuccess(first))
        {
            using (first)
            {
                await AnswerAsync(http, first);
            }
        }
        else
        {
            SseWriter.SetHeaders(http.Response);
            await WriteEventsAsync(http, stream, first);
        }
    }

    private bool IsSuccess(Payload message) => StatusMap.HttpStatusOf(ResponseStatus.Read(Binding.Rpc, message.Span)) < StatusCodes.Status300MultipleChoices;

    private async Task WriteEventsAsync(HttpContext http, ServerStream stream, Payload? first)
    {
        var output = http.Response.BodyWriter;
        var writer = Services.Responses.Get();
        try
        {
            for (var message = first; message is not null; message = await stream.ReadAsync())
            {
                using (message)
                {
                    SseWriter.BeginMessage(output);
                    if (!await writer.WriteAsync(Binding.Rpc.Response, message.Memory, http))
                    {
                        http.Abort();
                        return;
                    }

                    SseWriter.EndEvent(output);
                    await CallRecord.FlushAsync(http, http.RequestAborted);
                }
            }
        }
        finally
        {
            Services.Responses.Return(writer);
        }

        WriteEnd(http, output, stream.Status);
        await CallRecord.FlushAsync(http, http.RequestAborted);
    }

    private static void WriteEnd(HttpContext http, PipeWriter output, GrpcStatus status)
    {
        if (status.IsOK)
        {
            SseWriter.BeginDone(output);
            ErrorWriter.WriteSuccess(http, output);
        }
        else
        {
            SseWriter.BeginError(output);
            ErrorWriter.WriteBody(http, output, UpstreamStatus.ToApiError(status));
        }

        SseWriter.EndEvent(output);
    }
}
