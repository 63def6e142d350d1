using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Reference;

/// <summary>Finds the objects of a JSON text that are messages with fields.</summary>
internal static class JsonMessages
{
    /// <summary>Visits each of them, those inside of others first.</summary>
    public static void Visit(MessageDescriptor type, JsonNode? node, Action<MessageDescriptor, JsonObject> visit)
    {
        if (node is not JsonObject json)
        {
            return;
        }

        if (type.FullName == "google.protobuf.Any")
        {
            VisitAny(json, visit);
        }
        else if (type.File.Package != "google.protobuf")
        {
            foreach (var field in type.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message))
            {
                VisitField(field, json[field.Name], visit);
                VisitField(field, field.JsonName == field.Name ? null : json[field.JsonName], visit);
            }

            visit(type, json);
        }
    }

    private static void VisitAny(JsonObject any, Action<MessageDescriptor, JsonObject> visit)
    {
        if (any["@type"] is JsonValue url && url.TryGetValue(out string? name) && Types.Find(name[(name.LastIndexOf('/') + 1)..]) is { } content)
        {
            Visit(content, content.File.Package == "google.protobuf" ? any["value"] : any, visit);
        }
    }

    private static void VisitField(FieldDescriptor field, JsonNode? node, Action<MessageDescriptor, JsonObject> visit)
    {
        var values = (field, node) switch
        {
            ({ IsMap: true }, JsonObject map) => map.Select(entry => entry.Value),
            ({ IsMap: false, IsRepeated: true }, JsonArray list) => list,
            ({ IsRepeated: false }, _) => [node],
            _ => [],
        };
        var element = field.IsMap ? field.MessageType.FindFieldByNumber(2) : field;
        foreach (var value in element.FieldType == FieldType.Message ? values : [])
        {
            Visit(element.MessageType, value, visit);
        }
    }
}
