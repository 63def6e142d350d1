using System.Text.Json;
using Gateway.Fuzz.Reference;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Rules;

/// <summary>A value of a JSON text and what the message has in its place.</summary>
/// <param name="Kind">What the value is there.</param>
/// <param name="Field">The field; null for the whole text and what an <c>Any</c> holds.</param>
/// <param name="Type">The message that the value is; null for scalars, lists and maps.</param>
/// <param name="Value">The value.</param>
/// <param name="Key">The key of a map's entry; else empty.</param>
internal sealed record JsonPlace(JsonPlaceKind Kind, FieldDescriptor? Field, MessageDescriptor? Type, JsonElement Value, string Key = "")
{
    /// <summary>Whether the value is a message of the type.</summary>
    public bool Is(string type) => Type?.FullName == type;

    /// <summary>Whether the value is one number, bytes, string, ... of a field.</summary>
    public bool IsScalar(params ReadOnlySpan<FieldType> types) => Type is null && Field is not null && Kind != JsonPlaceKind.Repeated && types.Contains(Field.FieldType);

    /// <summary>All values of a text, each after the one that it is in.</summary>
    public static IEnumerable<JsonPlace> All(MessageDescriptor type, JsonElement root) => Message(new JsonPlace(JsonPlaceKind.Root, null, type, root));

    private static IEnumerable<JsonPlace> Message(JsonPlace place)
    {
        var type = place.Type!;
        var inside = type switch
        {
            { FullName: "google.protobuf.Any" } => Any(place),
            { FullName: "google.protobuf.Struct" or "google.protobuf.Value" or "google.protobuf.ListValue" } => Free(place.Value),
            _ when Types.IsWrapper(type) => [new JsonPlace(JsonPlaceKind.Wrapped, type.Fields[1], null, place.Value)],
            _ => Members(type, place.Value),
        };
        return inside.Prepend(place);
    }

    private static IEnumerable<JsonPlace> Members(MessageDescriptor type, JsonElement value) => value.ValueKind != JsonValueKind.Object ? [] :
        from member in value.EnumerateObject()
        let field = type.Fields.InDeclarationOrder().FirstOrDefault(field => member.NameEquals(field.JsonName) || member.NameEquals(field.Name))
        where field is not null
        from place in Whole(field, member.Value)
        select place;

    private static IEnumerable<JsonPlace> Whole(FieldDescriptor field, JsonElement value)
    {
        if (!field.IsRepeated)
        {
            return Single(JsonPlaceKind.Member, field, value);
        }

        var repeated = new JsonPlace(JsonPlaceKind.Repeated, field, null, value);
        var elements = (field.IsMap, value.ValueKind) switch
        {
            (true, JsonValueKind.Object) => value.EnumerateObject().SelectMany(entry => Entry(field.MessageType, entry)),
            (false, JsonValueKind.Array) => value.EnumerateArray().SelectMany(element => Single(JsonPlaceKind.Element, field, element)),
            _ => [],
        };
        return elements.Prepend(repeated);
    }

    private static IEnumerable<JsonPlace> Entry(MessageDescriptor entry, JsonProperty member) =>
        Single(JsonPlaceKind.MapValue, entry.FindFieldByNumber(2), member.Value)
            .Prepend(new JsonPlace(JsonPlaceKind.MapKey, entry.FindFieldByNumber(1), null, member.Value, member.Name));

    private static IEnumerable<JsonPlace> Single(JsonPlaceKind kind, FieldDescriptor field, JsonElement value)
    {
        var type = field.FieldType == FieldType.Message ? field.MessageType : null;
        var place = new JsonPlace(kind, field, type, value);
        return type is null ? [place] : Message(place);
    }

    private static IEnumerable<JsonPlace> Free(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Free(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Free),
        _ => [],
    };

    private static IEnumerable<JsonPlace> Any(JsonPlace any)
    {
        if (any.Value.ValueKind != JsonValueKind.Object || !any.Value.TryGetProperty("@type", out var url) || url.ValueKind != JsonValueKind.String)
        {
            return [];
        }

        var content = Types.Find(url.GetString()!.Split('/')[^1]);
        return content is null ? []
            : any.Value.TryGetProperty("value", out var value) && content.File.Package == "google.protobuf"
                ? Message(new JsonPlace(JsonPlaceKind.Root, null, content, value))
                : Message(new JsonPlace(JsonPlaceKind.Root, null, content, any.Value));
    }
}
