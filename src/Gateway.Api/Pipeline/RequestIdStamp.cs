using System.Text;
using Clarifai.Api.Status;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Wire;

namespace Gateway.Api.Pipeline;

/// <summary>Puts the request's id into a response whose upstream did not, so that every answer can be traced.</summary>
internal static class RequestIdStamp
{
    /// <summary>The response with an id: itself when it has one or cannot have one.</summary>
    /// <param name="rpc">The RPC that answered.</param>
    /// <param name="status">The response's status.</param>
    /// <param name="response">The response; it stays the caller's.</param>
    /// <param name="requestId">The request's id.</param>
    /// <returns>A payload to be disposed, which may be <paramref name="response"/> itself.</returns>
    public static Payload Apply(RpcPlan rpc, ResponseStatus status, Payload response, string requestId)
    {
        if (status.HasRequestId || rpc.ResponseStatus is not { } field)
        {
            return response;
        }

        // A second occurrence of a singular message merges into the first.
        using var wire = new WireWriter();
        wire.WriteBytes(response.Span);
        wire.WriteTag(new WireTag(field.Number, WireType.LengthDelimited));
        wire.BeginLength();
        wire.WriteTag(new WireTag(Status.ReqIdFieldNumber, WireType.LengthDelimited));
        wire.WriteLengthDelimited(Encoding.UTF8.GetBytes(requestId));
        wire.EndLength();
        return Payload.CopyOf(wire.Written, status);
    }
}
