using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Faces.Rest;

/// <summary>Messages whole, as the API shows them.</summary>
/// <param name="answer">Answers with one.</param>
internal sealed class MessageView(RpcPlan rpc, MessageAnswer answer) : AnswerView(rpc)
{
    public override bool TryShow(ReadOnlyMemory<byte> message, out StreamRecord record)
    {
        record = StreamRecord.Of(Rpc.Response, message);
        return true;
    }

    public override Task FailAsync(HttpContext http, Payload message) => answer.WriteAsync(http, Rpc, message);
}
