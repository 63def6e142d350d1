using System.Text.Json.Nodes;
using Gateway.Core.Schema;
using Google.Protobuf.Reflection;

namespace Gateway.Api.OpenApi;

/// <summary>
/// An example of a message, from its descriptor: a value in each field that is in use, of each oneof the first, of each list one. It ends
/// where it is deep enough, and where a message would hold its own kind.
/// </summary>
internal static class DerivedExample
{
    private const int MaxDepth = 4;

    // Spectral takes an object that has a type and a default for a schema, wherever it is.
    private const string NoExample = "default";

    /// <summary>An example of an answer.</summary>
    public static JsonObject Of(MessagePlan message) => Of(message, []);

    /// <summary>An example of a request: without user and app, which the path or the tenant says.</summary>
    public static JsonObject OfRequest(MessagePlan message)
    {
        var example = Of(message);
        example.Remove("user_app_id");
        return example;
    }

    private static JsonObject Of(MessagePlan message, Stack<MessagePlan> within)
    {
        within.Push(message);
        var example = new JsonObject();
        var chosen = new HashSet<OneofDescriptor>();
        foreach (var field in message.Fields)
        {
            var descriptor = message.Descriptor.FindFieldByNumber(field.Number);
            if (descriptor.GetOptions()?.Deprecated != true
                && field.JsonName != NoExample
                && (descriptor.RealContainingOneof is not { } oneof || chosen.Add(oneof))
                && ValueOf(field, within) is { } value)
            {
                example.Add(field.JsonName, value);
            }
        }

        within.Pop();
        return example;
    }

    private static JsonNode? ValueOf(FieldPlan field, Stack<MessagePlan> within)
    {
        var one = OneOf(field.Element ?? field, field.JsonName, within);
        return one is null ? null : field.Cardinality switch
        {
            FieldCardinality.Map => new JsonObject { ["key"] = one },
            FieldCardinality.Repeated or FieldCardinality.Packed => new JsonArray(one),
            _ => one,
        };
    }

    private static JsonNode? OneOf(FieldPlan field, string name, Stack<MessagePlan> within) => field.Kind switch
    {
        FieldKind.Double or FieldKind.Float => 0.5,
        FieldKind.Int64 or FieldKind.SInt64 or FieldKind.SFixed64 or FieldKind.UInt64 or FieldKind.Fixed64 => "1",
        FieldKind.Bool => true,
        FieldKind.Enum => field.Enum!.Descriptor.Values[^1].Number,
        FieldKind.String => TextOf(name),
        FieldKind.FieldMask => "id",
        FieldKind.Bytes => "aGVsbG8=",
        FieldKind.Timestamp => "2026-01-02T03:04:05Z",
        FieldKind.Duration => "1.500s",
        FieldKind.Struct => new JsonObject { ["key"] = "value" },
        FieldKind.ListValue => new JsonArray("value"),
        FieldKind.Value => "value",
        FieldKind.Any or FieldKind.NullValue => null,
        FieldKind.Wrapper => OneOf(field.Message!.Fields[0], name, within),
        FieldKind.Message => within.Count < MaxDepth && !within.Contains(field.Message!) ? Of(field.Message!, within) : null,
        _ => 1,
    };

    // A name says what it is the name of: model_id is my-model.
    private static string TextOf(string name) => name switch
    {
        "id" => "my-id",
        _ when name.EndsWith("_id", StringComparison.Ordinal) => "my-" + name[..^"_id".Length].Replace('_', '-'),
        _ when name.EndsWith("_ids", StringComparison.Ordinal) => "my-" + name[..^"_ids".Length].Replace('_', '-'),
        _ when name.EndsWith("url", StringComparison.Ordinal) => "https://samples.clarifai.com/metro-north.jpg",
        _ => name.Replace('_', ' '),
    };
}
