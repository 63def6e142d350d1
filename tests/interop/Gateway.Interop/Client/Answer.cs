using Gateway.Core.Upstream.Failures;
using Google.Protobuf;
using Grpc.Core;

namespace Gateway.Interop.Client;

/// <summary>How a call with one response ended.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Response">Its response; there is one exactly if it succeeded.</param>
/// <param name="Headers">What came before the response.</param>
/// <param name="Trailers">What came with the status.</param>
internal sealed record Answer<T>(CallOutcome Outcome, T? Response, Metadata Headers, Metadata Trailers)
    where T : IMessage<T>
{
    /// <summary>The response of a call that has to be successful.</summary>
    public T Success => Response ?? throw new CaseFailedException($"the call should succeed, ends with {Outcome.Code}: {Outcome.Message}");
}
