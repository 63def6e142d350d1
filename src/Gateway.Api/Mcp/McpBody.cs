using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Api.Calls;
using Gateway.Api.Errors;
using Gateway.Api.Methods;
using Gateway.Core.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Gateway.Api.Mcp;

/// <summary>The body of one POST: a JSON-RPC message, or a list of them where the protocol's revision has batches.</summary>
/// <param name="methods">What all routes of methods share.</param>
internal sealed class McpBody(MethodServices methods) : IDisposable
{
    /// <summary>The header that names the protocol's revision.</summary>
    public const string VersionHeader = "MCP-Protocol-Version";

    // The revision after it took them out. Revisions are dates, so their order is that of their texts.
    private const string LastWithBatches = "2025-03-26";

    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType = McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>();

    private readonly JsonTextReader _text = new(methods.Calls.JsonLimits, methods.Calls.Segments);
    private JsonDocument? _json;

    /// <summary>The messages: as such, and as they came.</summary>
    public List<(JsonRpcMessage Message, JsonElement Json)> Messages { get; } = [];

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
        var version = http.Request.Headers[VersionHeader].ToString();
        return _json is null ? ApiErrors.Unreadable(_text.Error!)
            : _json.RootElement.ValueKind == JsonValueKind.Array ? ReadBatch(_json.RootElement, version)
            : Read(_json.RootElement, version);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json?.Dispose();
        _text.Dispose();
    }

    private ApiError? ReadBatch(JsonElement batch, string version)
    {
        IsBatch = true;
        var count = batch.GetArrayLength();
        if (count == 0 || count > methods.MaxInputs || string.CompareOrdinal(version, LastWithBatches) > 0)
        {
            return McpErrors.NoBatch(count, methods.MaxInputs);
        }

        foreach (var message in batch.EnumerateArray())
        {
            if (Read(message, version) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private ApiError? Read(JsonElement json, string version)
    {
        try
        {
            if (json.Deserialize(MessageType) is not { } message)
            {
                return McpErrors.NotAMessage;
            }

            message.Context = new JsonRpcMessageContext { ProtocolVersion = version.Length == 0 ? null : version };
            Messages.Add((message, json));
            return null;
        }
        catch (JsonException)
        {
            return McpErrors.NotAMessage;
        }
    }
}
