using Gateway.Grpc.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Gateway.Grpc.Server;

/// <summary>Serves the calls of one method: checks the request, runs the handler, writes the status.</summary>
internal sealed class ServerCallHandler(GrpcServerHandler handler, GrpcServerOptions options, ILogger logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        // 1. Is it gRPC at all?
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        if (!ContentTypes.IsGrpc(context.Request.ContentType))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        LiftLimits(context.Features);
        context.Response.ContentType = ContentTypes.GrpcProto;
        context.Response.Headers[HeaderNames.AcceptEncoding] = Encodings.Accepted;

        // 2. Can it be served?
        if (Refusal(context.Request.Headers, out TimeSpan? timeout) is { } refusal)
        {
            ServerTrailers.Write(context.Response, refusal, headers: null, trailers: null);
            return;
        }

        // 3. Serve it.
        using var deadline = new ServerDeadline(timeout, options.TimeProvider, context.RequestAborted);
        var call = new GrpcServerCall(context, options, timeout, deadline.Token);
        GrpcStatus status = await RunAsync(call, deadline);

        // 4. Say how it ended, unless nobody listens any more.
        if (!context.RequestAborted.IsCancellationRequested)
        {
            ServerTrailers.Write(context.Response, status, call.ResponseHeaders, call.ResponseTrailers);
        }
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
