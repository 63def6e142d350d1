using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Logging;
using Gateway.Api.Streams;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Retries;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Api.Pipeline;

/// <summary>Answers with one message of the upstream, under the HTTP status that its own status means.</summary>
internal sealed partial class MessageAnswer(ObjectPool<ResponseWriter> writers, TimeProvider time, ILogger<MessageAnswer> logger)
{
    /// <summary>Answers a request.</summary>
    /// <param name="rpc">The RPC that answers.</param>
    /// <param name="message">The message; it stays the caller's.</param>
    /// <param name="result">The call that it is the result of; null when it is the first of a stream.</param>
    public async Task WriteAsync(HttpContext http, RpcPlan rpc, Payload message, UnaryResult<Payload>? result = null)
    {
        var status = message.Status;
        var response = http.Response;
        RequestRecord.Of(http).Outcome = status.Code;
        response.StatusCode = StatusMap.HttpStatusOf(status);
        response.ContentType = "application/json";
        response.Headers.Location = StatusMap.Location(response.StatusCode, status, http.Request);
        var pushback = result is not null && StatusMap.IsTemporary(response.StatusCode) ? PushbackOf(result) : default;
        response.Headers.RetryAfter = StatusMap.RetryAfter(response.StatusCode, pushback.Delay);

        using var identified = RequestIdStamp.Apply(rpc, status, message, http.TraceIdentifier);
        var writer = writers.Get();
        try
        {
            var whole = await writer.WriteBodyAsync(rpc.Response, identified.Memory, http);
            if (!whole)
            {
                LogUnreadable(http.TraceIdentifier, writer.Error);
                response.Headers.Location = response.Headers.RetryAfter = default;
                response.ContentLength = null;
                await ErrorWriter.FailAsync(http, ApiErrors.UpstreamUnreadable);
            }
        }
        finally
        {
            writers.Return(writer);
        }
    }

    /// <summary>What the upstream of a call said about another attempt.</summary>
    public Pushback PushbackOf(UnaryResult<Payload> result) => Pushback.Read(result.Headers, result.Trailers, time);

    [LoggerMessage(LogLevel.Error, "The upstream's answer to request {RequestId} cannot be read: {Reason}")]
    private partial void LogUnreadable(string requestId, JsonError? reason);
}
