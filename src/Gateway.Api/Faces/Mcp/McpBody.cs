using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Core.Json;
using Gateway.Core.Wire;

namespace Gateway.Api.Faces.Mcp;

/// <summary>The body of one POST: a JSON-RPC message, or a list of them where the protocol's revision has batches.</summary>
internal sealed class McpBody(JsonLimits limits, SegmentPool segments, ArgumentFactory arguments) : IDisposable
{
    private readonly JsonTextReader _text = new(limits, segments);

    /// <summary>The messages.</summary>
    public List<McpMessage> Messages { get; } = [];

    /// <summary>Whether they came as a list.</summary>
    public bool IsBatch { get; private set; }

    /// <summary>Reads the body of a request. Errors from then on answer the request that it brought.</summary>
    /// <returns>Why it cannot be read; null when it can.</returns>
    public async ValueTask<ApiError?> ReadAsync(HttpContext http)
    {
        http.Features.Set(AnsweredRequest.None);
        AnsweredRequest.LiftServerLimit(http);
        if ((await BodyType.FindRefusalAsync(http, BodyType.Json)
            ?? await RequestBody.ReadAsync(http, _text, arguments.MaxBytes)) is { } refusal)
        {
            // With the length that its header names, it was not even begun.
            http.Features.Set(_text.Text.IsEmpty ? null : AnsweredRequest.In(_text.Text, isWhole: false));
            return refusal;
        }

        if (_text.CompleteText() is not { } text)
        {
            return ApiErrors.Unreadable(_text.Error!);
        }

        var error = ReadAll(text, http.Request.Headers[McpRevision.Header].ToString());
        http.Features.Set(error is null ? AnsweredRequest.Of(this) : AnsweredRequest.In(text, isWhole: true));
        return error;
    }

    public void Dispose() => _text.Dispose();

    private ApiError? ReadAll(ReadOnlySequence<byte> text, string revision) =>
        JsonSlices.Split(text, arguments.MaxInputs, out var count) is { } batch ? ReadBatch(batch, count, revision) : Read(text, revision);

    private ApiError? ReadBatch(List<ReadOnlySequence<byte>> batch, int count, string revision)
    {
        IsBatch = true;
        if (count == 0 || count > arguments.MaxInputs || !McpRevision.HasBatches(revision))
        {
            return McpErrors.NoBatch(count, arguments.MaxInputs);
        }

        foreach (var message in batch)
        {
            if (Read(message, revision) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private ApiError? Read(ReadOnlySequence<byte> text, string revision)
    {
        if (McpMessage.Read(text, revision, _text) is not { } message)
        {
            return McpErrors.NotAMessage;
        }

        Messages.Add(message);
        return null;
    }
}
