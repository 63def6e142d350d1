using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>What clients get to see of one call's results: the events of a stream, or one body made of all of them.</summary>
/// <param name="rpc">The RPC that answers.</param>
internal abstract class OpenAiAnswer(RpcPlan rpc) : AnswerView(rpc)
{
    /// <summary>The tokens that the call took; whole once all messages were shown, where the answer is one body.</summary>
    public TokenCounts Tokens { get; } = new();

    /// <summary>Writes the one body, once all messages were shown.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="last">What was to be seen of the last message.</param>
    public abstract void WriteBody(IBufferWriter<byte> output, StreamRecord last);

    public override Task FailAsync(HttpContext http, Payload message) =>
        ErrorWriter.WriteAsync(http, Outputs.FailureIn(Rpc, message) ?? ApiErrors.UpstreamUnreadable);
}
