using System.Diagnostics;
using Gateway.Api.Errors;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Api.Http;

/// <summary>
/// What Kestrel refuses before there is a request: a request line or headers that are none, or too large. It tells of that by a diagnostic
/// event, at which its answer, over HTTP/1.1, is a status without a body and not sent yet: this gives it a request id, a body in the API's
/// shape and a line in the log. What HTTP/2 refuses so early has no answer: the stream or the connection is reset.
/// </summary>
/// <param name="listener">Where the events come from.</param>
/// <param name="logger">The log.</param>
internal sealed partial class RejectedRequests(DiagnosticListener listener, TimeProvider time, ILogger<RejectedRequests> logger)
    : IHostedService, IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Named, so that the server makes no other event.
        _subscription = listener.Subscribe(this, static (name, _, _) => name == BadRequest);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // A request that has begun to be answered has its line.
        if (value.Value is IFeatureCollection features && features.Get<IHttpResponseFeature>() is { HasStarted: false } response)
        {
            var requestId = RequestId.New(time.GetUtcNow());
            LogRejected(response.StatusCode, requestId);
            response.Headers[RequestId.Header] = requestId;
            if (features.Get<IHttp2StreamIdFeature>() is null)
            {
                _ = AnswerAsync(features, response, ErrorWriter.Text(ApiErrors.Rejected(response.StatusCode), requestId));
            }
        }
    }

    public void OnCompleted()
    {
        // The host is gone.
    }

    public void OnError(Exception error)
    {
        // There is none.
    }

    // The server has no body to write to yet, so the bytes go where it writes its headers to, behind these. It closes the connection next,
    // when what was written is sent.
    private static async Task AnswerAsync(IFeatureCollection features, IHttpResponseFeature response, ReadOnlyMemory<byte> body)
    {
        response.Headers.ContentType = "application/json";
        response.Headers.ContentLength = body.Length;
        response.Headers.Connection = "close";
        await features.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync();
        if (HttpMethods.IsHead(features.GetRequiredFeature<IHttpRequestFeature>().Method))
        {
            return; // its answer has no content (RFC 9110, 9.3.2)
        }

        await features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output.WriteAsync(body);
    }

    [LoggerMessage(LogLevel.Information, "(none) (none) - tenant=- {Status} refused before it was a request req_id={RequestId}")]
    private partial void LogRejected(int status, string requestId);
}
