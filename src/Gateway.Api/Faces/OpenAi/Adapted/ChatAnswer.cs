using System.Buffers;
using System.Text.Json;
using Gateway.Api.Faces.OpenAi.Translation;
using Gateway.Api.Models;
using Gateway.Api.Streams;
using Gateway.Core.Json;
using Gateway.Core.Schema;

namespace Gateway.Api.Faces.OpenAi.Adapted;

/// <summary>The texts that a method returns, as an answer of chat: from the bytes of the answer to those of the JSON.</summary>
internal sealed class ChatAnswer : OpenAiAnswer
{
    private readonly OpenAiHead _head;
    private readonly JsonTranslation? _translate;
    private readonly bool _streams;
    private readonly long _maxTokens;
    private readonly ArrayBufferWriter<byte> _json = new();

    // The pieces of an answer in one body, as the content of a JSON string.
    private readonly ArrayBufferWriter<byte> _text = new();

    private long _pieces;
    private bool _isOver;
    private bool _usageIsDue;
    private bool _reasonIsDue = true;
    private bool _hasBegun;

    /// <summary>Prepares the answer to a request, whose document is gone by the time that there is one.</summary>
    /// <param name="rpc">The RPC that answers.</param>
    /// <param name="request">What the client asked for.</param>
    /// <param name="created">When the answer began.</param>
    /// <param name="translate">What to make of the JSON; null for what it is.</param>
    public ChatAnswer(RpcPlan rpc, OpenAiRequest request, DateTimeOffset created, JsonTranslation? translate)
        : base(rpc)
    {
        _head = new OpenAiHead(
            $"chatcmpl-{request.Id}", request.Streams ? "chat.completion.chunk" : "chat.completion", created, request.Model);
        _translate = translate;
        _streams = request.Streams;
        _maxTokens = ChatMethod.MaxTokensOf(request) is { } limit && JsonInteger.TryRead(limit, out var tokens) ? tokens : long.MaxValue;
        _usageIsDue = request.IncludesUsage;
    }

    public override bool IsOver => _isOver;

    private ReadOnlySpan<byte> FinishReason => Completion >= _maxTokens ? "length"u8 : "stop"u8;

    // Not every model counts, and some do at the end.
    private long Completion => Math.Max(Tokens.Completion, _pieces);

    public override bool TryShow(ReadOnlyMemory<byte> message, out StreamRecord record)
    {
        record = default;
        if (!ReturnedText.TryFindAny(message, out var piece))
        {
            return false;
        }

        var isFull = Completion >= _maxTokens;
        ReturnedText.CountPiece(message.Span, Tokens);
        if (!piece.IsEmpty)
        {
            // A model that ends by itself may tell its tokens behind the last piece: what is too much is the piece that comes then.
            if (isFull)
            {
                _isOver = true;
                return true;
            }

            _pieces += Rpc.Kind == RpcKind.Unary ? 0 : 1;
        }

        if (_streams)
        {
            record = Piece(piece.Span);
        }
        else
        {
            JsonAnswer.WriteText(piece.Span, _text);
        }

        return true;
    }

    public override bool TryShowEnd(out StreamRecord record)
    {
        record = _reasonIsDue ? Reason() : _usageIsDue ? Usage() : default;
        _usageIsDue &= _reasonIsDue;
        _reasonIsDue = false;
        return !record.IsEmpty;
    }

    public override void WriteBody(IBufferWriter<byte> output, StreamRecord last)
    {
        _head.Begin(_json);
        _json.Write("\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""u8);
        _json.Write(_text.WrittenSpan);
        _json.Write("\",\"refusal\":null}"u8);
        WriteReason();
        _json.Write(","u8);
        WriteUsage();
        output.Write(Translated().Span);
    }

    private StreamRecord Piece(ReadOnlySpan<byte> text)
    {
        BeginDelta();
        _json.Write(_hasBegun ? "\"content\":\""u8 : "\"role\":\"assistant\",\"content\":\""u8);
        _hasBegun = true;
        JsonAnswer.WriteText(text, _json);
        _json.Write("\"},\"logprobs\":null,\"finish_reason\":null}]}"u8);
        return StreamRecord.OfJson(Translated());
    }

    private StreamRecord Reason()
    {
        BeginDelta();
        _json.Write(_hasBegun ? "}"u8 : "\"role\":\"assistant\"}"u8);
        _hasBegun = true;
        WriteReason();
        _json.Write("}"u8);
        return StreamRecord.OfJson(Translated());
    }

    private StreamRecord Usage()
    {
        _head.Begin(_json);
        _json.Write("\"choices\":[],"u8);
        WriteUsage();
        return StreamRecord.OfJson(Translated());
    }

    private void BeginDelta()
    {
        _head.Begin(_json);
        _json.Write("\"choices\":[{\"index\":0,\"delta\":{"u8);
    }

    private void WriteReason()
    {
        _json.Write(",\"logprobs\":null,\"finish_reason\":\""u8);
        _json.Write(FinishReason);
        _json.Write("\"}]"u8);
    }

    // With the end of the object that it is in.
    private void WriteUsage()
    {
        _json.Write("\"usage\":"u8);
        using var json = new Utf8JsonWriter(_json, JsonAnswer.Options);
        json.WriteStartObject();
        json.WriteNumber("prompt_tokens"u8, Tokens.Prompt);
        json.WriteNumber("completion_tokens"u8, Tokens.Completion);
        json.WriteNumber("total_tokens"u8, Tokens.Prompt + Tokens.Completion);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, Tokens.Cached);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        _json.Write("}"u8);
    }

    private ReadOnlyMemory<byte> Translated() => _translate is null ? _json.WrittenMemory : _translate(_json.WrittenMemory);
}
