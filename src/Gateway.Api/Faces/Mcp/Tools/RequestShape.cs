using System.Text.Json;

namespace Gateway.Api.Faces.Mcp.Tools;

/// <summary>
/// What the parameters of a request have to look like. The SDK takes them for read when it gets them, and says of those that are not no
/// more than that an error occurred.
/// </summary>
internal static class RequestShape
{
    private static readonly Member Anything = new("params", "an object", IsRequired: false)
    {
        Members =
        [
            new(
                McpMessage.Meta,
                "an object",
                IsRequired: false) { Members = [new("progressToken", "a text or a number", IsRequired: false)] },
        ],
    };

    private static readonly Member Handshake = new("params", "an object", IsRequired: true)
    {
        Members =
        [
            new("protocolVersion", "a text", IsRequired: true),
            new("capabilities", "an object", IsRequired: true),
            new(
                "clientInfo",
                "an object",
                IsRequired: true) { Members = [new("name", "a text", IsRequired: true), new("version", "a text", IsRequired: true)] },
        ],
    };

    private static readonly Member NewEra = new("params", "an object", IsRequired: true)
    {
        Members =
        [
            new(McpMessage.Meta, "an object", IsRequired: true)
            {
                Members =
                [
                    new(McpMessage.RevisionKey, "a text", IsRequired: true), new(SdkMessage.CapabilitiesKey, "an object", IsRequired: true),
                ],
            },
        ],
    };

    private static readonly Member Call = new("params", "an object", IsRequired: true)
    {
        Members = [new("name", "a text", IsRequired: true), new("arguments", "an object", IsRequired: false)],
    };

    private static readonly Member List = new(
        "params", "an object", IsRequired: false)
    { Members = [new("cursor", "a text", IsRequired: false)] };

    /// <summary>What is wrong with the parameters of a request, naming the member; null when nothing is.</summary>
    public static string? WrongIn(McpMessage request)
    {
        var parameters = request.Parameters;

        // Other revisions may look otherwise.
        return (request.IsOfNewEra && !request.IsOfUnknownRevision ? NewEra.WrongIn(parameters, "") : null)
            ?? Anything.WrongIn(parameters, "")
            ?? request.Method switch
            {
                McpMessage.Handshake => Handshake.WrongIn(parameters, ""),
                "tools/call" => Call.WrongIn(parameters, ""),
                "tools/list" => List.WrongIn(parameters, ""),
                _ => null,
            };
    }

    private sealed record Member(string Name, string Type, bool IsRequired)
    {
        public Member[] Members { get; init; } = [];

        public string? WrongIn(JsonElement? value, string parent)
        {
            var path = parent + Name;
            return value switch
            {
                // One that need not be there may be null as well.
                null or { ValueKind: JsonValueKind.Null } when !IsRequired => null,
                null => $"{path}: it is missing",
                { } given when !Fits(given.ValueKind) => $"{path}: {Type} was expected, {NameOf(given.ValueKind)} was given",
                { } given =>
                    Members.Select(member => member.WrongIn(McpMessage.Member(given, member.Name), path + "."))
                        .FirstOrDefault(wrong => wrong is not null),
            };
        }

        private bool Fits(JsonValueKind kind) => Type.Contains(NameOf(kind), StringComparison.Ordinal);
    }

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a truth value",
    };
}
