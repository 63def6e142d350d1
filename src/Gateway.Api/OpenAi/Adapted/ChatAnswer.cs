using System.Buffers;
using System.Text.Json;
using Gateway.Api.Methods;
using Gateway.Api.OpenAi.Translation;
using Gateway.Api.Streaming;
using Gateway.Core.Json;
using Gateway.Core.Methods;
using Gateway.Core.Schema;

namespace Gateway.Api.OpenAi.Adapted;

/// <summary>The texts that a method returns, as an answer of chat.</summary>
/// <param name="rpc">The RPC that answers.</param>
/// <param name="method">What is called.</param>
/// <param name="request">What the client asked for.</param>
/// <param name="methods">What all routes of methods share.</param>
/// <param name="translate">What to make of the JSON; null for what it is.</param>
internal sealed class ChatAnswer(RpcPlan rpc, ModelMethod method, OpenAiRequest request, MethodServices methods, JsonTranslation? translate) : OpenAiAnswer(rpc)
{
    // The document is gone by the time that there are answers.
    private readonly string _model = request.Model;
    private readonly string _id = $"chatcmpl-{request.Id}";
    private readonly bool _streams = request.Streams;
    private readonly long _created = methods.Calls.Time.GetUtcNow().ToUnixTimeSeconds();
    private readonly long _maxTokens = ChatMethod.MaxTokensOf(request) is { } limit && JsonInteger.TryRead(limit, out var tokens) ? tokens : long.MaxValue;
    private readonly ArrayBufferWriter<byte> _json = new();

    // The pieces that were not shown yet, as the content of a JSON string.
    private readonly ArrayBufferWriter<byte> _text = new();

    private long _pieces;
    private bool _isOver;
    private bool _usageIsDue = request.IncludesUsage;
    private bool _reasonIsDue = true;
    private bool _hasBegun;

    /// <inheritdoc/>
    public override bool IsOver => _isOver;

    /// <inheritdoc/>
    public override bool TryShow(ReadOnlyMemory<byte> message, out StreamRecord record)
    {
        record = default;
        if (!Outputs.TryParse(message, out var response, out var outputs))
        {
            return false;
        }

        if (outputs is not [{ } data])
        {
            return true;
        }

        var isFull = Completion >= _maxTokens;
        Tokens.AddPiece(response.Outputs[0]);
        _json.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_json, JsonAnswer.Options))
        {
            if (!methods.Results.TryWrite(method, data.Span, json))
            {
                return false;
            }
        }

        if (_json.WrittenSpan is not [(byte)'"', .. var piece, (byte)'"'])
        {
            return false;
        }

        if (piece.Length > 0)
        {
            // A model that ends by itself may tell its tokens behind the last piece: what is too much is the piece that comes then.
            if (isFull)
            {
                _isOver = true;
                return true;
            }

            _pieces += Rpc.Kind == RpcKind.Unary ? 0 : 1;
        }

        _text.Write(piece);
        if (_streams)
        {
            record = Chunk(finishReason: null);
            _text.ResetWrittenCount();
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool TryShowEnd(out StreamRecord record)
    {
        record = _reasonIsDue ? Chunk(FinishReason) : _usageIsDue ? UsageChunk() : default;
        _usageIsDue &= _reasonIsDue;
        _reasonIsDue = false;
        return !record.IsEmpty;
    }

    /// <inheritdoc/>
    public override void WriteBody(IBufferWriter<byte> output, StreamRecord last) => output.Write(Write("chat.completion", json =>
    {
        BeginChoice(json);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        WriteText(json);
        json.WriteNull("refusal"u8);
        json.WriteEndObject();
        EndChoice(json, FinishReason);
        WriteUsage(json);
    }).Span);

    private string FinishReason => Completion >= _maxTokens ? "length" : "stop";

    // Not every model counts, and some do at the end.
    private long Completion => Math.Max(Tokens.Completion, _pieces);

    private StreamRecord Chunk(string? finishReason) => StreamRecord.OfJson(Write("chat.completion.chunk", json =>
    {
        BeginChoice(json);
        json.WriteStartObject("delta"u8);
        if (!_hasBegun)
        {
            json.WriteString("role"u8, "assistant"u8);
        }

        if (finishReason is null)
        {
            WriteText(json);
        }

        json.WriteEndObject();
        EndChoice(json, finishReason);
        _hasBegun = true;
    }));

    private StreamRecord UsageChunk() => StreamRecord.OfJson(Write("chat.completion.chunk", json =>
    {
        json.WriteStartArray("choices"u8);
        json.WriteEndArray();
        WriteUsage(json);
    }));

    private ReadOnlyMemory<byte> Write(string kind, Action<Utf8JsonWriter> write)
    {
        _json.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_json, JsonAnswer.Options))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, _id);
            json.WriteString("object"u8, kind);
            json.WriteNumber("created"u8, _created);
            json.WriteString("model"u8, _model);
            write(json);
            json.WriteEndObject();
        }

        return translate is null ? _json.WrittenMemory : translate(_json.WrittenMemory);
    }

    private static void BeginChoice(Utf8JsonWriter json)
    {
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
    }

    private static void EndChoice(Utf8JsonWriter json, string? finishReason)
    {
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void WriteText(Utf8JsonWriter json)
    {
        json.WritePropertyName("content"u8);
        json.WriteRawValue([(byte)'"', .. _text.WrittenSpan, (byte)'"'], skipInputValidation: true);
    }

    private void WriteUsage(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, Tokens.Prompt);
        json.WriteNumber("completion_tokens"u8, Tokens.Completion);
        json.WriteNumber("total_tokens"u8, Tokens.Prompt + Tokens.Completion);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, Tokens.Cached);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
