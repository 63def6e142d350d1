using System.Text.Json.Nodes;
using Gateway.Core.Schema;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>
/// Examples of requests and answers, each a component of the document. Those of what people use most are written by hand, in
/// <c>Examples.json</c>; all others are derived.
/// </summary>
internal sealed class ExampleBuilder(OpenApiDocument document)
{
    private const string File = "Gateway.Api.OpenApi.Examples.json";

    private readonly JsonObject _written = Read();
    private readonly HashSet<string> _known = [];

    /// <summary>What an RPC does, where that is written by hand; else null.</summary>
    public string? SummaryOf(RpcPlan rpc) => (string?)_written["rpcs"]![rpc.Name]?["summary"];

    /// <summary>Examples of an RPC's request.</summary>
    public Dictionary<string, IOpenApiExample> OfRequest(RpcPlan rpc) =>
        Of(rpc.Name, _written["rpcs"]![rpc.Name]?["requests"], () => DerivedExample.OfRequest(rpc.Request));

    /// <summary>Examples of an answer.</summary>
    public Dictionary<string, IOpenApiExample> OfResponse(MessagePlan message) =>
        Of(message.Descriptor.Name, _written["answers"]![message.Descriptor.Name], () => DerivedExample.Of(message));

    private Dictionary<string, IOpenApiExample> Of(string owner, JsonNode? written, Func<JsonObject> derive)
    {
        var examples = written?.AsObject().Select(one => (one.Key, one.Value)) ?? [("Example", null)];
        return examples.ToDictionary(one => one.Key, IOpenApiExample (one) => Refer($"{owner}.{one.Key}", one.Value, derive));
    }

    private OpenApiExampleReference Refer(string id, JsonNode? written, Func<JsonObject> derive)
    {
        if (_known.Add(id))
        {
            document.AddComponent(id, new OpenApiExample
            {
                Summary = (string?)written?["summary"],
                Value = written?["value"]!.DeepClone() ?? derive(),
            });
        }

        return new OpenApiExampleReference(id, document);
    }

    private static JsonObject Read()
    {
        using var file = typeof(ExampleBuilder).Assembly.GetManifestResourceStream(File)!;
        return JsonNode.Parse(file)!.AsObject();
    }
}
