using System.Buffers;
using Gateway.Api.Streams;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Wire;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>A call to a model: what is sent, and what becomes of the answer.</summary>
/// <param name="answer">What becomes of the answer.</param>
/// <param name="request">The wire bytes of the request, which change hands.</param>
internal sealed class PreparedCall(OpenAiAnswer answer, WireWriter request) : IDisposable
{
    /// <summary>What becomes of the answer.</summary>
    public OpenAiAnswer Answer { get; } = answer;

    /// <summary>The wire bytes of the request.</summary>
    public ReadOnlySequence<byte> Request => request.Written;

    /// <summary>Makes the call when it is first read.</summary>
    /// <param name="client">The upstream on the tenant's behalf.</param>
    /// <param name="call">Who asks, and for how long.</param>
    public MessageSource Open(ClarifaiClient client, UpstreamCall call, TimeProvider time) => Answer.Rpc.Kind == RpcKind.Unary
        ? new SingleMessage(client, Answer.Rpc, request.Written, call, time)
        : new UpstreamMessages(Answer.Rpc, client.Stream(Answer.Rpc, request.Written, call));

    public void Dispose() => request.Dispose();
}
