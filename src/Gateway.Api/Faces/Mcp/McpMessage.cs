using System.Buffers;
using System.Text.Json;
using Gateway.Core.Json;

namespace Gateway.Api.Faces.Mcp;

/// <summary>A JSON-RPC message that a client sent (JSON-RPC 2.0, 4). Lives as long as the body that it is from.</summary>
internal sealed class McpMessage
{
    /// <summary>The request that begins with a handshake.</summary>
    public const string Handshake = "initialize";

    /// <summary>The request that only the era without handshakes has.</summary>
    public const string Discover = "server/discover";

    /// <summary>The parameter that holds what is said about a request.</summary>
    public const string Meta = "_meta";

    /// <summary>The member of <see cref="Meta"/> that names the revision in the era without handshakes.</summary>
    public const string RevisionKey = "io.modelcontextprotocol/protocolVersion";

    private McpMessage(JsonElement json, string revision, ReadOnlySequence<byte> text, ReadOnlySequence<byte>? arguments)
    {
        Text = text;
        Arguments = arguments;
        Revision = revision;
        Id = json.TryGetProperty("id"u8, out var id) ? id.GetRawText() : null;
        Method = json.TryGetProperty("method"u8, out var method) ? method.GetString() : null;
        Parameters = json.TryGetProperty("params"u8, out var parameters) ? parameters : null;
    }

    /// <summary>The message as it came.</summary>
    public ReadOnlySequence<byte> Text { get; }

    /// <summary>The object of arguments in its parameters as it came; null when they have none.</summary>
    public ReadOnlySequence<byte>? Arguments { get; }

    /// <summary>The revision that its headers name; empty when they name none.</summary>
    public string Revision { get; }

    /// <summary>The JSON of its id, a text or a number, as it came; null when it has none.</summary>
    public string? Id { get; }

    /// <summary>What it asks for or tells; null when it is an answer.</summary>
    public string? Method { get; }

    /// <summary>The parameters, of any type, with an empty object for <see cref="Arguments"/>; null when there are none.</summary>
    public JsonElement? Parameters { get; }

    /// <summary>Whether it is to be answered.</summary>
    public bool IsRequest => Id is not null && Method is not null;

    /// <summary>Whether it asks for a handshake, which selects the era of handshakes whatever else it says.</summary>
    public bool IsHandshake => IsRequest && Method == Handshake;

    /// <summary>Whether it is a request of the era without handshakes: only in that, requests themselves name their revision.</summary>
    public bool IsOfNewEra =>
        IsRequest && Method != Handshake && (Method == Discover || Revision == McpRevision.WithoutHandshake || ToldRevision is not null);

    /// <summary>The revision that its parameters name, of any type; null when they name none.</summary>
    public JsonElement? ToldRevision => Member(Member(Parameters, Meta), RevisionKey);

    /// <summary>Whether its parameters name a revision that the era without handshakes has not.</summary>
    public bool IsOfUnknownRevision =>
        ToldRevision is { ValueKind: JsonValueKind.String } told && !told.ValueEquals(McpRevision.WithoutHandshake);

    /// <summary>Reads a message.</summary>
    /// <param name="text">Its JSON.</param>
    /// <param name="revision">The revision that its headers name; empty when they name none.</param>
    /// <param name="reader">What has read it.</param>
    /// <returns>Null when it is no JSON-RPC message.</returns>
    public static McpMessage? Read(ReadOnlySequence<byte> text, string revision, JsonTextReader reader)
    {
        // They may be long, and are read as what the method takes.
        var arguments = JsonSlices.Find(text, "params"u8, "arguments"u8);
        var json = reader.Parse(
            arguments is { } cut ? [.. text.Slice(0, cut.Start).ToArray(), .. "{}"u8, .. text.Slice(cut.End).ToArray()] : text.ToArray());
        return IsMessage(json) ? new McpMessage(json, revision, text, arguments) : null;
    }

    /// <summary>A member of an object; null when there is none, or no object.</summary>
    public static JsonElement? Member(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } members && members.TryGetProperty(name, out var member) ? member : null;

    // A request or a notification has a method; an answer has a result or an error, and the latter may be to something that had no id to be
    // read.
    private static bool IsMessage(JsonElement json)
    {
        if (Member(json, "jsonrpc") is not { ValueKind: JsonValueKind.String } version || !version.ValueEquals("2.0"u8))
        {
            return false;
        }

        var id = Member(json, "id")?.ValueKind;
        var hasId = id is JsonValueKind.String or JsonValueKind.Number;
        return Member(json, "method") is { } method
            ? method.ValueKind == JsonValueKind.String && (hasId || id is null)
            : (hasId && Member(json, "result") is not null)
                || ((hasId || id is null or JsonValueKind.Null) && Member(json, "error") is { ValueKind: JsonValueKind.Object });
    }
}
