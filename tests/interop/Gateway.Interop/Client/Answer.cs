using Gateway.Grpc;
using Google.Protobuf;

namespace Gateway.Interop.Client;

/// <summary>How a call with one response ended.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Response">Its response; there is one exactly if the status is OK.</param>
/// <param name="Headers">What came before the response.</param>
/// <param name="Trailers">What came with the status.</param>
internal sealed record Answer<T>(GrpcStatus Status, Received<T>? Response, Metadata Headers, Metadata Trailers)
    where T : IMessage<T>, new()
{
    /// <summary>The response of a call that has to be successful.</summary>
    public Received<T> Success => Response ?? throw new CaseFailedException($"the call should succeed, ends with {Status.Code}: {Status.Message}");

    /// <summary>Reads a result, and disposes it.</summary>
    public static Answer<T> From(UnaryResult result)
    {
        using (result)
        {
            Received<T>? response = result.Message is { } message ? Received<T>.From(message) : null;
            return new Answer<T>(result.Status, response, result.Headers, result.Trailers);
        }
    }
}
