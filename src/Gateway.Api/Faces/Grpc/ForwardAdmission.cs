using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Wire;
using Grpc.Core;

namespace Gateway.Api.Faces.Grpc;

/// <summary>What of an RPC may be called, and with which messages. One instance serves all calls.</summary>
internal sealed class ForwardAdmission(RpcPlan rpc, AccessControl access, InputLimits limits)
{
    private readonly UserAppDefaults _defaults = new(rpc);
    private readonly ElementLimit? _inputLimit = limits.Of(rpc);

    /// <summary>The RPC.</summary>
    public RpcPlan Rpc { get; } = rpc;

    /// <summary>Who may call it.</summary>
    public RpcAccess Access { get; } = access.To(rpc);

    /// <summary>Checks a message of the client, and completes it.</summary>
    /// <param name="message">The message as it came.</param>
    /// <param name="request">The message as it goes on; its memory is that of <paramref name="message"/>.</param>
    /// <returns>Why it is refused; null when it is not.</returns>
    public Status? Admit(ForwardedCall call, Payload message, out ReadOnlySequence<byte> request)
    {
        request = _defaults.Complete(call, message.Memory) ?? new ReadOnlySequence<byte>(message.Memory);
        var refusal = _inputLimit is { } limit && WireLookup.Count(message.Span, limit.Field.Number) > limit.Max
            ? ApiErrors.TooManyElements(limit.Field.ProtoName, limit.Max)
            : Check(call, request);
        return refusal is null ? null : GatewayStatus.Of(refusal);
    }

    /// <summary>Checks what a message names, as it goes on.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    public ApiError? Check(ForwardedCall call, in ReadOnlySequence<byte> request) =>
        call.Live is { } live ? live.Check(request) : Access.Check(call.Tenant, request);
}
