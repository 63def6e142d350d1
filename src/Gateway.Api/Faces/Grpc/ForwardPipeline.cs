using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Tenancy;
using Gateway.Api.Upstream;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.Grpc;

/// <summary>
/// The way of every gRPC call, from the client to the upstream and back: messages, metadata and statuses as they are, under the tenant's
/// credential and limits. How messages go is its RPC's.
/// </summary>
internal sealed partial class ForwardPipeline
{
    private static readonly Status ClientLeft = new(StatusCode.Cancelled, "the client has left");

    private static readonly Status TimeoutMalformed = new(
        StatusCode.Internal, $"malformed {RequestTimeout.GrpcHeader}: it is {GrpcTimeout.Form}");

    private static readonly Status TimeIsUp = new(StatusCode.DeadlineExceeded, $"{RequestTimeout.GrpcHeader} leaves no time");

    // The least that is counted.
    private static readonly TimeSpan NoTime = TimeSpan.FromTicks(1);

    private readonly AccessControl _access;
    private readonly UpstreamTarget _upstream;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _maxBodyBytes;
    private readonly UnpackedMessage _unpacked;

    /// <summary>Prepares it; one serves all calls.</summary>
    public ForwardPipeline(
        IOptions<GatewayOptions> options, AccessControl access, UpstreamTarget upstream, TimeProvider time, ILogger<ForwardPipeline> logger)
    {
        var limits = options.Value.Limits;
        _access = access;
        _upstream = upstream;
        _time = time;
        _logger = logger;
        _maxBodyBytes = limits.MaxBodyBytes;
        _unpacked = new UnpackedMessage((int)Math.Min(limits.MaxUnpackedBytes, limits.MaxBodyBytes));
    }

    /// <summary>Forwards one call.</summary>
    /// <exception cref="RpcException">It ended with another status than OK.</exception>
    public async Task RunAsync(
        ForwardAdmission admission,
        IForwardHandler handler,
        IAsyncStreamReader<Payload> requests,
        IServerStreamWriter<Payload> responses,
        ServerCallContext context)
    {
        var client = new ForwardedClient(requests, responses, context, _unpacked, _maxBodyBytes, _time);
        var status = await StatusOfAsync(admission, handler, client);
        client.End();
        if (status.StatusCode != StatusCode.OK)
        {
            throw new RpcException(status);
        }
    }

    private async Task<Status> StatusOfAsync(ForwardAdmission admission, IForwardHandler handler, ForwardedClient client)
    {
        // 1. Who calls.
        client.Record.Route = admission.Rpc.GrpcPath;
        client.Record.Rpc = admission.Rpc.Name;
        var refusal = _access.Identify(client.Http, admission.Access, client.Http.Request.Headers.Authorization, out var tenant);
        client.Record.Tenant = tenant?.Name;
        client.Record.KeyName = tenant?.KeyName;

        // 2. What goes upstream besides messages.
        var metadata = new Metadata();
        var headers = client.Http.Request.Headers;
        refusal ??= RunnerChoice.RefusalOf(headers, tenant!) ?? ForwardedMetadata.CopyRequest(headers, metadata);
        if (refusal is not null)
        {
            return GatewayStatus.Of(refusal);
        }

        // 3. By when. The server passes over what it cannot read, and what is no time to it; grpc-go refuses both so.
        if (headers.TryGetValue(RequestTimeout.GrpcHeader, out var text))
        {
            if (!GrpcTimeout.TryParse(text.ToString(), out var timeout))
            {
                return TimeoutMalformed;
            }

            if (timeout <= NoTime)
            {
                return TimeIsUp;
            }
        }

        // 4. Whether it is too much.
        if (tenant!.Account?.Enter(client.Http.Response) is { } refused)
        {
            client.Trailers.Add(refused.Pushback);
            return GatewayStatus.Of(ApiErrors.LimitExceeded(refused));
        }

        client.Share.ChargeTo(tenant.Account?.TenantMemory, tenant.Account?.KeyMemory);
        try
        {
            return await ForwardAsync(admission, handler, client, tenant, metadata);
        }
        finally
        {
            tenant.Account?.Leave();
        }
    }

    private async Task<Status> ForwardAsync(
        ForwardAdmission admission, IForwardHandler handler, ForwardedClient client, Tenant tenant, Metadata metadata)
    {
        using var live = admission.Rpc.Kind == RpcKind.Unary ? null : _access.Watch(admission.Access, tenant);
        try
        {
            return await handler.ForwardAsync(new ForwardedCall(client, tenant, live, _upstream.ClientFor(tenant), metadata));
        }
        catch (OperationCanceledException) when (
            live?.Over.IsCancellationRequested == true && !client.CancellationToken.IsCancellationRequested)
        {
            return GatewayStatus.Of(live.Ending);
        }
        catch (Exception) when (client.CancellationToken.IsCancellationRequested)
        {
            // Whatever breaks once nobody listens is no fault.
            return ClientLeft;
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            LogFailed(exception, client.Http.TraceIdentifier);
            return GatewayStatus.Of(ApiErrors.Internal);
        }
    }

    [LoggerMessage(LogLevel.Error, "Request {RequestId} failed")]
    private partial void LogFailed(Exception exception, string requestId);
}
