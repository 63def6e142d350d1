using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Faces.Rest;

/// <summary>Messages whole, as the API shows them.</summary>
/// <param name="rpc">The RPC.</param>
/// <param name="answer">Answers with one.</param>
internal sealed class MessageView(RpcPlan rpc, MessageAnswer answer) : AnswerView(rpc)
{
    /// <inheritdoc/>
    public override bool TryShow(ReadOnlyMemory<byte> message, out StreamRecord record)
    {
        record = StreamRecord.Of(Rpc.Response, message);
        return true;
    }

    /// <inheritdoc/>
    public override Task FailAsync(HttpContext http, Payload message) => answer.WriteAsync(http, Rpc, message);
}
