using System.Buffers;
using Gateway.Api.Calls;
using Gateway.Api.Errors;
using Gateway.Api.Tenancy;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Upstream;
using Gateway.Core.Wire;
using Gateway.Grpc;
using Gateway.Grpc.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Grpc;

/// <summary>
/// One RPC's gRPC calls, from the client to the upstream and back: messages, metadata and statuses as they are, under the tenant's credential
/// and limits. A kind adds how messages go. Compressed messages are unpacked only where the gateway must read them, and even then go on as they
/// came; only a message that it completes goes on unpacked.
/// </summary>
internal abstract class ForwardHandler
{
    private readonly RpcAccess _access;
    private readonly UserAppDefaults _defaults;
    private readonly ElementLimit? _inputLimit;

    /// <summary>Prepares an RPC's handler; one serves all its calls.</summary>
    protected ForwardHandler(RpcPlan rpc, CallServices services)
    {
        Rpc = rpc;
        Services = services;
        _access = new RpcAccess(rpc, services.Pages);
        _defaults = new UserAppDefaults(rpc);
        _inputLimit = services.InputLimitOf(rpc);
    }

    /// <summary>The RPC.</summary>
    protected RpcPlan Rpc { get; }

    /// <summary>What all handlers share.</summary>
    protected CallServices Services { get; }

    /// <summary>Forwards one call.</summary>
    public async Task<GrpcStatus> HandleAsync(GrpcServerCall call)
    {
        var record = call.HttpContext.Features.GetRequiredFeature<CallRecord>();
        record.Route = Rpc.GrpcPath;
        record.Rpc = Rpc.Name;
        if (_access.Identify(call.HttpContext, Services.Tenants.Current, out var tenant) is { } refusal)
        {
            return GatewayStatus.Of(refusal);
        }

        record.Tenant = tenant!.Name;
        var metadata = new Metadata();
        if (ForwardedMetadata.CopyRequest(call.RequestHeaders, metadata) is { } unfit)
        {
            return GatewayStatus.Of(unfit);
        }

        try
        {
            return await ForwardAsync(new ForwardedCall(call, tenant, Services.Upstream.ClientFor(tenant.Pat), metadata, record));
        }
        catch (OperationCanceledException) when (Services.Drain.Expired.IsCancellationRequested && !call.CancellationToken.IsCancellationRequested)
        {
            return GatewayStatus.Of(ApiErrors.ShuttingDown);
        }
    }

    /// <summary>Makes the upstream call, and gives its answer to the client.</summary>
    /// <returns>How it ended.</returns>
    protected abstract Task<GrpcStatus> ForwardAsync(ForwardedCall call);

    /// <summary>Checks a message of the client, and completes it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="message">The message as it came.</param>
    /// <param name="request">The message as it goes on; its memory is that of <paramref name="message"/>.</param>
    /// <returns>Why it is refused; null when it is not.</returns>
    protected GrpcStatus? Admit(ForwardedCall call, Payload message, out GrpcMessage request)
    {
        call.Record.RequestBytes += message.Length;
        request = message;
        if (!MustRead(call.Tenant))
        {
            return null;
        }

        if (message.Unpack(out var unpacked) is { } unreadable)
        {
            return unreadable;
        }

        var completed = _defaults.Complete(call, unpacked);
        if (completed is { } sent)
        {
            request = sent;
        }

        var refusal = _inputLimit is { } limit && WireLookup.Count(unpacked.Span, limit.Field.Number) > limit.Max
            ? ApiErrors.TooManyElements(limit.Field.ProtoName, limit.Max)
            : _access.Check(call.Tenant, completed ?? new ReadOnlySequence<byte>(unpacked));
        return refusal is null ? null : GatewayStatus.Of(refusal);
    }

    /// <summary>Sends a message of the upstream to the client, and notes what it says.</summary>
    protected async ValueTask AnswerAsync(ForwardedCall call, Payload message)
    {
        call.Record.Outcome = ResponseStatus.Read(Rpc, message).Code;
        call.Record.ResponseBytes += message.Length;
        await call.Client.WriteAsync(message);
    }

    /// <summary>What the upstream call of a stream carries besides messages.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Resets it.</param>
    protected UpstreamCall StreamCall(ForwardedCall call, CancellationToken cancellationToken) =>
        Services.AsStream(call.With(call.Client.Timeout, cancellationToken));

    // What else a request says is between the client and the upstream.
    private bool MustRead(Tenant tenant) => _inputLimit is not null || tenant.Allowed is not null || _defaults.Concern(tenant);
}
