using System.Buffers;
using System.Text.Json;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Faces.Methods;

/// <summary>The plain results of one call to a streaming method.</summary>
/// <param name="rpc">The RPC that calls it.</param>
/// <param name="tokens">Counts the tokens; null when they are counted already.</param>
/// <param name="method">What is called.</param>
/// <param name="results">Writes results.</param>
internal sealed class ResultView(RpcPlan rpc, TokenCounts? tokens, ModelMethod method, ResultWriter results) : AnswerView(rpc)
{
    private readonly ArrayBufferWriter<byte> _json = new();

    public override bool TryShow(ReadOnlyMemory<byte> message, out StreamRecord record)
    {
        record = default;
        if (!Outputs.TryParse(message, out var response, out var outputs))
        {
            return false;
        }

        if (outputs is [{ } data])
        {
            tokens?.AddPiece(response.Outputs[0]);
            _json.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_json, JsonAnswer.Options))
            {
                if (!results.TryWrite(method, data.Span, json))
                {
                    return false;
                }
            }

            record = StreamRecord.OfJson(_json.WrittenMemory);
        }

        return true;
    }

    public override Task FailAsync(HttpContext http, Payload message) =>
        ErrorWriter.WriteAsync(http, Outputs.FailureIn(Rpc, message) ?? ApiErrors.UpstreamUnreadable);
}
