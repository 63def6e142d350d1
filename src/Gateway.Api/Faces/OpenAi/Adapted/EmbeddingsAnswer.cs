using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Api.Errors;
using Gateway.Api.Models;
using Gateway.Api.Streams;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Gateway.Core.Schema;

namespace Gateway.Api.Faces.OpenAi.Adapted;

/// <summary>Vectors that a model made of texts, as OpenAI's list of embeddings.</summary>
/// <param name="rpc">The RPC that answers.</param>
/// <param name="method">What is called; null for a model without methods.</param>
/// <param name="request">What the client asked for.</param>
/// <param name="count">How many texts it has.</param>
internal sealed class EmbeddingsAnswer(
    RpcPlan rpc, ModelMethod? method, OpenAiRequest request, int count) : OpenAiAnswer(rpc)
{
    // The document is gone by the time that there is an answer.
    private readonly string _model = request.Model;
    private readonly bool _base64 = request.Find("encoding_format") is { ValueKind: JsonValueKind.String } format
        && format.ValueEquals("base64"u8);
    private readonly List<float[]> _vectors = [];
    private ApiError? _failure;

    public override ApiError? Failure => _failure;

    public override bool TryShow(ReadOnlyMemory<byte> message, out StreamRecord record)
    {
        record = default;
        if (!Outputs.TryParse(message, out var response, out var outputs) || response.Outputs.Count != count)
        {
            return false;
        }

        foreach (var (output, data) in response.Outputs.Zip(outputs))
        {
            if (output.Status is { } status && StatusMap.IsFailure(status))
            {
                _failure = ApiErrors.OfMessage(status);
                return true;
            }

            if (VectorOf(data.GetValueOrDefault().Span) is not { } vector)
            {
                _failure = OpenAiErrors.Unfit(_model, "embeddings", "vectors in its answer");
                return true;
            }

            Tokens.Add(output);
            _vectors.Add(vector);
        }

        return true;
    }

    public override void WriteBody(IBufferWriter<byte> output, StreamRecord last)
    {
        using var json = new Utf8JsonWriter(output, JsonAnswer.Options);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var (index, vector) in _vectors.Index())
        {
            Write(json, index, vector);
        }

        json.WriteEndArray();
        json.WriteString("model"u8, _model);
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, Tokens.Prompt);
        json.WriteNumber("total_tokens"u8, Tokens.Prompt);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, int index, float[] vector)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "embedding"u8);
        json.WriteNumber("index"u8, index);
        if (_base64)
        {
            // little-endian, as all machines are that .NET runs on
            json.WriteBase64String("embedding"u8, MemoryMarshal.AsBytes(vector.AsSpan()));
        }
        else
        {
            json.WriteStartArray("embedding"u8);
            foreach (var number in vector)
            {
                json.WriteNumberValue(number);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private float[]? VectorOf(ReadOnlySpan<byte> data)
    {
        if (method is null)
        {
            return Outputs.ParseData(data)?.Embeddings is [var embedding, ..] ? [.. embedding.Vector] : null;
        }

        var numbers = new List<float>();
        return ResultNumbers.TryRead(method, data, numbers) && numbers.Count > 0 ? [.. numbers] : null;
    }
}
