using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Api.OpenApi;

/// <summary>
/// One group of a document's operations, and what of its components they need. By the JSON: the library's own filter changes what
/// parameters mean (findings/openapi-net-filter-explode.sh).
/// </summary>
internal static class DocumentGroup
{
    private const string Components = "#/components/";

    private static readonly JsonWriterOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What of a document belongs to a group, as JSON.</summary>
    /// <param name="document">The document, as JSON.</param>
    /// <param name="name">The group: a tag.</param>
    public static byte[] Of(ReadOnlySpan<byte> document, string name)
    {
        var part = JsonNode.Parse(document)!.AsObject();
        Keep(part, name);
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, AsWritten))
        {
            part.WriteTo(json);
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Keep(JsonObject document, string name)
    {
        var paths = document["paths"]!.AsObject();
        foreach (var (path, item) in paths.ToList())
        {
            var operations = item!.AsObject();
            foreach (var (verb, operation) in operations.ToList())
            {
                if (operation?["tags"] is JsonArray tags && !tags.Any(tag => (string?)tag == name))
                {
                    operations.Remove(verb);
                }
            }

            if (operations.Count == 0)
            {
                paths.Remove(path);
            }
        }

        var components = document["components"]!.AsObject();
        var needed = new HashSet<string>();
        Find(paths, components, needed);
        foreach (var (kind, all) in components.Where(part => part.Key != "securitySchemes").ToList())
        {
            foreach (var (component, _) in all!.AsObject().Where(one => !needed.Contains($"{Components}{kind}/{one.Key}")).ToList())
            {
                all.AsObject().Remove(component);
            }
        }

        var own = document["tags"]!.AsArray().Where(tag => (string?)tag!["name"] == name).Select(tag => tag!.DeepClone());
        document["tags"] = new JsonArray([.. own]);
        document["info"]!["title"] = $"{document["info"]!["title"]}: {name}";
    }

    // What is referred to, and what that refers to.
    private static void Find(JsonNode? node, JsonObject components, HashSet<string> found)
    {
        switch (node)
        {
            case JsonObject members:
                if (members["$ref"] is JsonValue value && value.TryGetValue<string>(out var reference) && found.Add(reference))
                {
                    var parts = reference[Components.Length..].Split('/', 2);
                    Find(components[parts[0]]![parts[1]], components, found);
                }

                foreach (var (_, member) in members)
                {
                    Find(member, components, found);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Find(item, components, found);
                }

                break;
        }
    }
}
