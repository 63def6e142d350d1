using System.Buffers;
using System.Text.Json;
using Gateway.Api.Calls;
using Gateway.Api.Errors;
using Gateway.Api.Streaming;
using Gateway.Core.Methods;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Methods;

/// <summary>The plain results of one call to a streaming method.</summary>
/// <param name="rpc">The RPC that calls it.</param>
/// <param name="tokens">Counts the tokens.</param>
/// <param name="method">What is called.</param>
/// <param name="services">What all routes of methods share.</param>
internal sealed class ResultView(RpcPlan rpc, TokenCounts tokens, ModelMethod method, MethodServices services) : AnswerView(rpc)
{
    private readonly ArrayBufferWriter<byte> _json = new();

    /// <inheritdoc/>
    public override bool TryShow(ReadOnlyMemory<byte> message, out StreamRecord record)
    {
        record = default;
        if (!Outputs.TryParse(message, out var response, out var outputs))
        {
            return false;
        }

        if (outputs is [{ } data])
        {
            tokens.AddPiece(response.Outputs[0]);
            _json.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_json, JsonAnswer.Options))
            {
                if (!services.Results.TryWrite(method, data.Span, json))
                {
                    return false;
                }
            }

            record = StreamRecord.OfJson(_json.WrittenMemory);
        }

        return true;
    }

    /// <inheritdoc/>
    public override Task FailAsync(HttpContext http, Payload message) =>
        ErrorWriter.WriteAsync(http, Outputs.FailureIn(Rpc, message) ?? ApiErrors.UpstreamUnreadable);
}
