using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Api.Faces.OpenAi.Translation;
using Gateway.Api.Models;
using Gateway.Api.Streams;
using Gateway.Core.Schema;

namespace Gateway.Api.Faces.OpenAi.Transport;

/// <summary>The answer of a model that speaks OpenAI's JSON: its texts go on as bytes.</summary>
/// <param name="rpc">The RPC that answers.</param>
/// <param name="translate">What to make of each text; null for what it is.</param>
internal sealed class TransportAnswer(RpcPlan rpc, JsonTranslation? translate) : OpenAiAnswer(rpc)
{
    private ApiError? _failure;

    public override ApiError? Failure => _failure;

    public override bool TryShow(ReadOnlyMemory<byte> message, out StreamRecord record)
    {
        record = default;
        if (!ReturnedText.TryFind(message, out var text))
        {
            return false;
        }

        if (Rpc.Kind == RpcKind.Unary)
        {
            ReturnedText.Count(message.Span, Tokens);
        }

        if (text.IsEmpty)
        {
            return true;
        }

        if (!TransportError.TryRead(text.Span, out _failure))
        {
            return false;
        }

        var line = OnOneLine(text);
        record = _failure is null ? StreamRecord.OfJson(translate is null ? line : translate(line)) : default;
        return _failure is not null || !record.IsEmpty;
    }

    public override void WriteBody(IBufferWriter<byte> output, StreamRecord last) => output.Write(last.Bytes.Span);

    // In JSON, line breaks are white space between values; a record of a stream has none.
    private static ReadOnlyMemory<byte> OnOneLine(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            return json;
        }

        var line = json.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
