using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Wire;
using Google.Protobuf;

namespace Gateway.Api.Models;

/// <summary>What models answer.</summary>
internal static class Outputs
{
    /// <summary>Reads an answer but for what its outputs hold, which may be long, and stays bytes.</summary>
    /// <param name="message">The answer.</param>
    /// <param name="response">The answer, with outputs that have no data.</param>
    /// <param name="data">The wire bytes of the data of each output; null for one without.</param>
    /// <returns>False when the bytes are none.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> message, out MultiOutputResponse response, out List<ReadOnlyMemory<byte>?> data)
    {
        data = [];
        try
        {
            response = WireFields.ParseWithout<MultiOutputResponse>(message.Span, MultiOutputResponse.OutputsFieldNumber);
            foreach (var output in new WireFields(message.Span, MultiOutputResponse.OutputsFieldNumber))
            {
                response.Outputs.Add(WireFields.ParseWithout<Output>(output, Output.DataFieldNumber));
                data.Add(DataOf(message, output));
            }

            return true;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException)
        {
            response = new MultiOutputResponse();
            return false;
        }
    }

    /// <summary>Parses what an output holds; null when the bytes are malformed.</summary>
    public static Data? ParseData(ReadOnlySpan<byte> data)
    {
        try
        {
            return Data.Parser.ParseFrom(data);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>
    /// Why an answer is a failure, from its only output where that says so: it is nearer to the cause. Null when it is none.
    /// </summary>
    /// <param name="rpc">The RPC that answered.</param>
    /// <param name="message">The answer.</param>
    public static ApiError? FailureIn(RpcPlan rpc, Payload message) =>
        TryParse(message.Memory, out var response, out _) && response.Outputs is [{ Status: { } status }] && StatusMap.IsFailure(status)
            ? ApiErrors.OfMessage(status)
            : UpstreamStatus.FailureIn(rpc, message);

    private static ReadOnlyMemory<byte>? DataOf(ReadOnlyMemory<byte> message, ReadOnlySpan<byte> output)
    {
        if (!new WireFields(output, Output.DataFieldNumber).MoveNext())
        {
            return null;
        }

        var data = WireFields.Merge(output, Output.DataFieldNumber);
        return message.Span.Overlaps(data, out var at) ? message.Slice(at, data.Length) : data.ToArray();
    }
}
