using System.Buffers;
using System.Collections;
using System.Text.Json;
using Clarifai.Api;
using Gateway.Core.Methods.Values;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>
/// What Home Assistant hears of a prediction. Its own <c>clarifai</c> integration gives either the outputs as they are or what is found in
/// them, as one likes; here both are there: <c>{"entity_id", "app_id", "workflow_id", "concepts": {name: [values]}, "regions": [...],
/// "outputs": [...]}</c>.
/// </summary>
/// <param name="messages">Writes the API's messages.</param>
internal sealed class PredictionEvent(MessageJson messages)
{
    /// <summary>The event's type.</summary>
    public const string Type = "clarifai.prediction";

    /// <summary>Writes the event's data.</summary>
    /// <param name="prediction">What was asked.</param>
    /// <param name="results">What came of it; loses its pictures.</param>
    public ReadOnlyMemory<byte> Write(Prediction prediction, PostWorkflowResultsResponse results)
    {
        var outputs = results.Results.SelectMany(result => result.Outputs).ToList();
        var found = new Findings();
        foreach (var output in outputs)
        {
            // Pictures of regions are many times the rest, and the recorder of Home Assistant keeps no event of more than 32 KiB.
            DropBytes(output);
            found.Add(output.Data);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("entity_id", prediction.EntityId);
        json.WriteString("app_id", prediction.AppId);
        json.WriteString("workflow_id", prediction.WorkflowId);
        json.WritePropertyName("concepts");
        JsonSerializer.Serialize(json, found.Concepts);
        WriteList(json, "regions", found.Regions);
        WriteList(json, "outputs", outputs);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private void WriteList(Utf8JsonWriter json, string name, IEnumerable<IMessage> list)
    {
        json.WriteStartArray(name);
        foreach (var message in list)
        {
            messages.Write(message, json);
        }

        json.WriteEndArray();
    }

    private static void DropBytes(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.FieldType == FieldType.Bytes)
            {
                field.Accessor.Clear(message);
            }
            else if (field is { FieldType: FieldType.Message, IsMap: false })
            {
                var value = field.Accessor.GetValue(message);
                foreach (var nested in (value as IEnumerable ?? new[] { value }).OfType<IMessage>())
                {
                    DropBytes(nested);
                }
            }
        }
    }

    // What the integration calls "flat": the values of each concept wherever it was found, and where things are.
    private sealed class Findings
    {
        public Dictionary<string, List<float>> Concepts { get; } = [];

        public List<RegionInfo> Regions { get; } = [];

        public void Add(Data? data)
        {
            // What is no number cannot be said in JSON.
            foreach (var concept in (data?.Concepts ?? []).Where(concept => float.IsFinite(concept.Value)))
            {
                var name = concept.Name.Length > 0 ? concept.Name : concept.Id;
                (Concepts.TryGetValue(name, out var values) ? values : Concepts[name] = []).Add(concept.Value);
            }

            foreach (var region in data?.Regions ?? [])
            {
                if (region.RegionInfo is { } where)
                {
                    Regions.Add(where);
                }

                Add(region.Data);
            }
        }
    }
}
