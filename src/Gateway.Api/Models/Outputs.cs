using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Google.Protobuf;

namespace Gateway.Api.Models;

/// <summary>What models answer.</summary>
internal static class Outputs
{
    /// <summary>Reads an answer.</summary>
    /// <returns>False when the bytes are none.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> message, out MultiOutputResponse response)
    {
        response = new MultiOutputResponse();
        try
        {
            response.MergeFrom(message.Span);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    /// <summary>Why an answer is a failure, from its only output where that says so: it is nearer to the cause. Null when it is none.</summary>
    /// <param name="rpc">The RPC that answered.</param>
    /// <param name="message">The answer.</param>
    public static ApiError? FailureIn(RpcPlan rpc, Payload message) =>
        TryParse(message.Memory, out var response) && response.Outputs is [{ Status: { } status }] && StatusMap.IsFailure(status)
            ? ApiErrors.OfMessage(status)
            : UpstreamStatus.FailureIn(rpc, message);
}
