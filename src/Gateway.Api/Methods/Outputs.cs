using Clarifai.Api;
using Google.Protobuf;

namespace Gateway.Api.Methods;

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
}
