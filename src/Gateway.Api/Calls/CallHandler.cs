using Gateway.Api.Errors;
using Gateway.Api.Tenancy;
using Gateway.Core.Binding;
using Gateway.Core.Json;
using Gateway.Core.Transcoding;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Retries;
using Gateway.Grpc;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Calls;

/// <summary>
/// One HTTP binding's requests, from key to answer. The steps that all kinds of calls share are here, with the one place
/// that catches; a kind adds what it does with the upstream's answer.
/// </summary>
public abstract partial class CallHandler
{
    private readonly RpcAccess _access;
    private readonly ElementLimit? _inputLimit;
    private readonly ILogger _logger;

    /// <summary>Prepares a binding's handler; one serves all its requests.</summary>
    protected CallHandler(HttpBinding binding, CallServices services)
    {
        Binding = binding;
        Services = services;
        _access = new RpcAccess(binding.Rpc);
        _inputLimit = services.InputLimitOf(binding.Rpc);
        _logger = services.Logger;
    }

    /// <summary>The binding.</summary>
    protected HttpBinding Binding { get; }

    /// <summary>What all handlers share.</summary>
    protected CallServices Services { get; }

    /// <summary>Handles one request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var record = http.Features.GetRequiredFeature<CallRecord>();
        record.Route = Binding.Path.Text;
        record.Rpc = Binding.Rpc.Name;
        var started = Services.Time.GetTimestamp();
        var request = Services.Requests.Get();
        try
        {
            // 1. Who calls.
            var error = _access.Identify(http, Services.Tenants.Current, out var tenant);
            record.Tenant = tenant?.Name;

            // 2. What is asked, as wire bytes, and by when.
            TimeSpan? timeout = null;
            error ??= RequestTimeout.TryRead(http.Request.Headers, out timeout);
            error ??= await request.ReadAsync(http, Binding, _inputLimit, tenant!);

            // 3. Whether the tenant may.
            error ??= _access.Check(tenant!, request.Message);

            // 4. The upstream's answer.
            await (error is null
                ? CallAsync(http, Services.Upstream.ClientFor(tenant!.Pat), request, timeout - Services.Time.GetElapsedTime(started))
                : ErrorWriter.WriteAsync(http, error));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            LogClientLeft(http.TraceIdentifier);
        }
        catch (BadHttpRequestException broken)
        {
            await FailAsync(http, broken.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ApiErrors.BodyTooLarge(Services.Limits.MaxBodyBytes, null)
                : ApiErrors.BodyBroken);
        }
        catch (Exception exception)
        {
            LogFailed(exception, http.TraceIdentifier);
            await FailAsync(http, ApiErrors.Internal);
        }
        finally
        {
            Services.Requests.Return(request);
        }
    }

    /// <summary>Makes the call and answers the client.</summary>
    /// <param name="http">The request.</param>
    /// <param name="client">The upstream on the tenant's behalf.</param>
    /// <param name="request">The request, read; it goes back to its pool when the task completes.</param>
    /// <param name="timeLeft">What is left of the time that the client gave; null when it gave none.</param>
    protected abstract Task CallAsync(HttpContext http, ClarifaiClient client, RequestReader request, TimeSpan? timeLeft);

    /// <summary>The shorter of two limits, either of which may be missing.</summary>
    protected static TimeSpan? Shorter(TimeSpan? limit, TimeSpan? other) => limit is null || other < limit ? other : limit;

    /// <summary>What the upstream of a call said about another attempt.</summary>
    protected Pushback PushbackOf(UnaryResult result) => Pushback.Read(result.Headers, result.Trailers, Services.Time);

    /// <summary>Answers with one message of the upstream, under the HTTP status that its own status means.</summary>
    /// <param name="http">The request.</param>
    /// <param name="message">The message.</param>
    /// <param name="result">The call that it is the result of; null when it is the first of a stream.</param>
    protected async Task AnswerAsync(HttpContext http, Payload message, UnaryResult? result = null)
    {
        var status = ResponseStatus.Read(Binding.Rpc, message.Span);
        var response = http.Response;
        http.Features.GetRequiredFeature<CallRecord>().Outcome = status.Code;
        response.StatusCode = StatusMap.HttpStatusOf(status);
        response.ContentType = "application/json";
        response.Headers.Location = StatusMap.Location(response.StatusCode, status);
        var pushback = result is not null && StatusMap.IsTemporary(response.StatusCode) ? PushbackOf(result) : default;
        response.Headers.RetryAfter = StatusMap.RetryAfter(response.StatusCode, pushback.Delay);

        using var identified = RequestIdStamp.Apply(Binding.Rpc, status, message, http.TraceIdentifier);
        var writer = Services.Responses.Get();
        try
        {
            var whole = await writer.WriteBodyAsync(Binding.Rpc.Response, identified.Memory, http);
            if (!whole)
            {
                LogUnreadable(http.TraceIdentifier, writer.Error);
                response.Headers.Location = response.Headers.RetryAfter = default;
                response.ContentLength = null;
                await FailAsync(http, ApiErrors.UpstreamUnreadable);
            }
        }
        finally
        {
            Services.Responses.Return(writer);
        }
    }

    // Once bytes are out, the only honest end is a broken connection: a cut answer must not look like a whole one.
    private static Task FailAsync(HttpContext http, ApiError error)
    {
        if (!http.Response.HasStarted)
        {
            return ErrorWriter.WriteAsync(http, error);
        }

        http.Abort();
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Error, "Request {RequestId} failed")]
    private partial void LogFailed(Exception exception, string requestId);

    [LoggerMessage(LogLevel.Error, "The upstream's answer to request {RequestId} cannot be read: {Reason}")]
    private partial void LogUnreadable(string requestId, JsonError? reason);

    [LoggerMessage(LogLevel.Debug, "The client of request {RequestId} left")]
    private partial void LogClientLeft(string requestId);
}
