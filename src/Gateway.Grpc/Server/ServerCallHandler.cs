using Gateway.Grpc.Protocol;
using Gateway.Grpc.Server.Framing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Gateway.Grpc.Server;

/// <summary>Serves the calls of one method: checks the request, chooses its framing, runs the handler, writes the status.</summary>
internal sealed class ServerCallHandler(GrpcServerHandler handler, GrpcServerOptions options, ILogger logger)
{
    public Task HandleAsync(HttpContext context)
    {
        if (CallFraming.Of(context.Request) is not { } framing) return RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType);
        return framing.Suits(context.Request.Protocol)
            ? ServeAsync(context, framing)
            : RefuseAsync(context, StatusCodes.Status426UpgradeRequired);
    }

    private static Task RefuseAsync(HttpContext context, int httpStatus)
    {
        context.Response.StatusCode = httpStatus;
        return Task.CompletedTask;
    }

    private async Task ServeAsync(HttpContext context, CallFraming framing)
    {
        LiftLimits(context.Features);
        context.Response.ContentType = framing.ContentType;
        context.Response.Headers[HeaderNames.AcceptEncoding] = Encodings.Accepted;
        var outcome = new GrpcOutcome();
        context.Features.Set(outcome);

        // 1. Can it be served?
        if (Refusal(context.Request.Headers, out TimeSpan? timeout) is { } refusal)
        {
            outcome.Status = refusal;
            ServerTrailers.Write(context.Response.Headers, refusal, []);
            return;
        }

        // 2. Serve it.
        using var deadline = new ServerDeadline(timeout, options.TimeProvider, context.RequestAborted);
        var call = new GrpcServerCall(context, framing, options, timeout, deadline.Token);
        GrpcStatus status = await RunAsync(call, deadline);
        outcome.Status = status;

        // 3. Say how it ended, unless nobody listens any more.
        if (!context.RequestAborted.IsCancellationRequested) await call.EndAsync(status);
    }

    // One message may be larger than Kestrel's limit of a body, and a stream may rest for long: sizes and deadlines guard both.
    private static void LiftLimits(IFeatureCollection features)
    {
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }

    private static GrpcStatus? Refusal(IHeaderDictionary headers, out TimeSpan? timeout)
    {
        timeout = null;
        if (!Encodings.IsKnown(headers[HeaderNames.Encoding])) return ServerFailures.UnknownEncoding;
        if (!headers.TryGetValue(HeaderNames.Timeout, out var text)) return null;
        if (!GrpcTimeout.TryParse(text.ToString(), out TimeSpan parsed)) return ServerFailures.BadTimeout;
        timeout = parsed;
        return null;
    }

    private async Task<GrpcStatus> RunAsync(GrpcServerCall call, ServerDeadline deadline)
    {
        GrpcStatus status;
        try
        {
            status = await handler(call);
        }
        catch (CallFailedException failure)
        {
            status = failure.Status;
        }
        catch (Exception) when (call.CancellationToken.IsCancellationRequested)
        {
            status = ServerFailures.Cancelled;
        }
        catch (Exception exception)
        {
            ServerLog.HandlerFailed(logger, call.Path, exception);
            status = ServerFailures.HandlerFailed;
        }

        return deadline.HasPassed ? ServerFailures.DeadlineExceeded : status;
    }
}
