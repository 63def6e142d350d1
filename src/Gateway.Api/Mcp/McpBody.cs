using System.Text.Json;
using Gateway.Api.Calls;
using Gateway.Api.Errors;
using Gateway.Api.Methods;
using Gateway.Core.Json;

namespace Gateway.Api.Mcp;

/// <summary>The body of one POST: a JSON-RPC message, or a list of them where the protocol's revision has batches.</summary>
/// <param name="methods">What all routes of methods share.</param>
internal sealed class McpBody(MethodServices methods) : IDisposable
{
    private readonly JsonTextReader _text = new(methods.Calls.JsonLimits, methods.Calls.Segments);
    private JsonDocument? _json;

    /// <summary>The messages.</summary>
    public List<McpMessage> Messages { get; } = [];

    /// <summary>Whether they came as a list.</summary>
    public bool IsBatch { get; private set; }

    /// <summary>Reads the body of a request.</summary>
    /// <returns>Why it cannot be read; null when it can.</returns>
    public async ValueTask<ApiError?> ReadAsync(HttpContext http)
    {
        if (await RequestBody.ReadAsync(http, _text, methods.Calls.Limits.MaxBodyBytes) is { } error)
        {
            return error;
        }

        _json = _text.Complete();
        var revision = http.Request.Headers[McpRevision.Header].ToString();
        return _json is null ? ApiErrors.Unreadable(_text.Error!)
            : _json.RootElement.ValueKind == JsonValueKind.Array ? ReadBatch(_json.RootElement, revision)
            : Read(_json.RootElement, revision);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json?.Dispose();
        _text.Dispose();
    }

    private ApiError? ReadBatch(JsonElement batch, string revision)
    {
        IsBatch = true;
        var count = batch.GetArrayLength();
        if (count == 0 || count > methods.MaxInputs || !McpRevision.HasBatches(revision))
        {
            return McpErrors.NoBatch(count, methods.MaxInputs);
        }

        foreach (var message in batch.EnumerateArray())
        {
            if (Read(message, revision) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private ApiError? Read(JsonElement json, string revision)
    {
        if (McpMessage.Read(json, revision) is not { } message)
        {
            return McpErrors.NotAMessage;
        }

        Messages.Add(message);
        return null;
    }
}
