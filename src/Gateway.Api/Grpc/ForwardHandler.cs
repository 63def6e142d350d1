using System.Buffers;
using Gateway.Api.Calls;
using Gateway.Api.Errors;
using Gateway.Api.Tenancy;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Wire;
using Grpc.Core;

namespace Gateway.Api.Grpc;

/// <summary>
/// One RPC's gRPC calls, from the client to the upstream and back: messages, metadata and statuses as they are, under the tenant's credential
/// and limits. A kind adds how messages go.
/// </summary>
internal abstract partial class ForwardHandler
{
    private static readonly Status ClientLeft = new(StatusCode.Cancelled, "the client has left");

    private readonly RpcAccess _access;
    private readonly UserAppDefaults _defaults;
    private readonly ElementLimit? _inputLimit;
    private readonly UnpackedMessage _unpacked;

    /// <summary>Prepares an RPC's handler; one serves all its calls.</summary>
    protected ForwardHandler(RpcPlan rpc, CallServices services)
    {
        Rpc = rpc;
        Services = services;
        _access = services.AccessTo(rpc);
        _defaults = new UserAppDefaults(rpc);
        _inputLimit = services.InputLimitOf(rpc);
        _unpacked = new UnpackedMessage((int)Math.Min(services.Limits.MaxUnpackedBytes, services.Limits.MaxBodyBytes));
    }

    /// <summary>The RPC.</summary>
    protected RpcPlan Rpc { get; }

    /// <summary>What all handlers share.</summary>
    protected CallServices Services { get; }

    /// <summary>Forwards one call.</summary>
    /// <exception cref="RpcException">It ended with another status than OK.</exception>
    public async Task HandleAsync(IAsyncStreamReader<Payload> requests, IServerStreamWriter<Payload> responses, ServerCallContext context)
    {
        var client = new ForwardedClient(requests, responses, context, _unpacked, Services.Limits.MaxBodyBytes, Services.Time);
        var status = await StatusOfAsync(client);
        client.End();
        if (status.StatusCode != StatusCode.OK)
        {
            throw new RpcException(status);
        }
    }

    /// <summary>Makes the upstream call, and gives its answer to the client.</summary>
    /// <returns>How it ended.</returns>
    protected abstract Task<Status> ForwardAsync(ForwardedCall call);

    /// <summary>Checks a message of the client, and completes it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="message">The message as it came.</param>
    /// <param name="request">The message as it goes on; its memory is that of <paramref name="message"/>.</param>
    /// <returns>Why it is refused; null when it is not.</returns>
    protected Status? Admit(ForwardedCall call, Payload message, out ReadOnlySequence<byte> request)
    {
        request = _defaults.Complete(call, message.Memory) ?? new ReadOnlySequence<byte>(message.Memory);
        var refusal = _inputLimit is { } limit && WireLookup.Count(message.Span, limit.Field.Number) > limit.Max
            ? ApiErrors.TooManyElements(limit.Field.ProtoName, limit.Max)
            : Check(call, request);
        return refusal is null ? null : GatewayStatus.Of(refusal);
    }

    /// <summary>Checks what a message names, as it goes on.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    protected ApiError? Check(ForwardedCall call, in ReadOnlySequence<byte> request) =>
        call.Live is { } live ? live.Check(request) : _access.Check(call.Tenant, request);

    /// <summary>What the upstream call of a stream carries besides messages.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Resets it.</param>
    protected UpstreamCall StreamCall(ForwardedCall call, CancellationToken cancellationToken) =>
        Services.AsStream(call.With(call.Client.TimeLeft, cancellationToken));

    private async Task<Status> StatusOfAsync(ForwardedClient client)
    {
        // 1. Who calls.
        client.Record.Route = Rpc.GrpcPath;
        client.Record.Rpc = Rpc.Name;
        var refusal = _access.Identify(client.Http, Services.Tenants.Current, out var tenant);
        client.Record.Tenant = tenant?.Name;

        // 2. What goes upstream besides messages.
        var metadata = new Metadata();
        refusal ??= ForwardedMetadata.CopyRequest(client.Http.Request.Headers, metadata);
        if (refusal is not null)
        {
            return GatewayStatus.Of(refusal);
        }

        // 3. The call itself.
        using var live = Rpc.Kind == RpcKind.Unary ? null : Services.Watch(_access, tenant!);
        try
        {
            return await ForwardAsync(new ForwardedCall(client, tenant!, live, Services.Upstream.ClientFor(tenant!.Pat), metadata));
        }
        catch (OperationCanceledException) when (live?.Over.IsCancellationRequested == true && !client.CancellationToken.IsCancellationRequested)
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
            LogFailed(Services.Logger, exception, client.Http.TraceIdentifier);
            return GatewayStatus.Of(ApiErrors.Internal);
        }
    }

    [LoggerMessage(LogLevel.Error, "Request {RequestId} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string requestId);
}
