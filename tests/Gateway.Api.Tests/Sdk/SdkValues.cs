using System.Globalization;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Api.Tests.Sdk;

/// <summary>
/// Values as Clarifai's Python SDK reads and writes them. A value is what Python would have: a string, bytes, number or truth value, JSON, one of the API's
/// messages, a list of values, or a dictionary of them. An empty one (<c>""</c>, 0, false, no items, none) sets nothing, so its part has no data at all.
/// </summary>
/// <param name="generation">Where JSON stands.</param>
internal sealed class SdkValues(SdkGeneration generation)
{
    private const string ListKey = "_list";

    /// <summary>Reads the named values of an input: each from the part of its name, the first perhaps from the data itself. One that is not there is left out.</summary>
    public Dictionary<string, object?> ReadAll(IReadOnlyList<ModelTypeField> fields, Data data)
    {
        var values = new Dictionary<string, object?>();
        foreach (var field in fields)
        {
            if (data.Parts.LastOrDefault(part => part.Id == field.Name) is { } part)
            {
                values[field.Name] = Read(field, part.Data ?? new Data());
            }
            else if (field == fields[0] && data.Parts.Count == 0)
            {
                values[field.Name] = Read(field, data);
            }
        }

        return values;
    }

    /// <summary>Writes named values: a part for each.</summary>
    public Data WriteAll(IReadOnlyList<ModelTypeField> fields, IReadOnlyDictionary<string, object?> values)
    {
        var data = new Data();
        foreach (var field in fields.Where(field => values.ContainsKey(field.Name)))
        {
            AddPart(data, field.Name, field, values[field.Name]);
        }

        return data;
    }

    private object? Read(ModelTypeField field, Data data) => field.Type switch
    {
        DataType.Str => data.StringValue,
        DataType.Bytes => data.BytesValue,
        DataType.Int => data.IntValue,
        DataType.Float => data.FloatValue,
        DataType.Bool => data.BoolValue,
        DataType.Ndarray => data.Ndarray,
        DataType.JsonData => generation == SdkGeneration.JsonInText ? FromText(data.StringValue) : FromStruct(data.StructValue),
        DataType.Text => data.Text,
        DataType.Image => data.Image,
        DataType.Audio => data.Audio,
        DataType.Video => data.Video,
        DataType.Concept => data.Concepts.FirstOrDefault(),
        DataType.Region => data.Regions.FirstOrDefault(),
        DataType.Frame => data.Frames.FirstOrDefault(),
        DataType.List => ReadList(field.TypeArgs[0], data),
        DataType.Tuple => field.TypeArgs.Zip(data.Parts, (item, part) => Read(item, part.Data ?? new Data())).ToList(),
        DataType.NamedFields => ReadAll(field.TypeArgs, data),
        _ => throw new SdkException($"no type {field.Type}"),
    };

    private List<object?> ReadList(ModelTypeField item, Data data) => item.Type switch
    {
        DataType.Concept => [.. data.Concepts],
        DataType.Region => [.. data.Regions],
        DataType.Frame => [.. data.Frames],
        _ => [.. data.Parts.Select(part => Read(item, part.Data ?? new Data()))],
    };

    private void Write(ModelTypeField field, object? value, Data data)
    {
        switch (field.Type, value)
        {
            case (_, null):
                break;
            case (DataType.Str, string text):
                data.StringValue = text;
                break;
            case (DataType.Bytes, ByteString bytes):
                data.BytesValue = bytes;
                break;
            case (DataType.Int, _):
                data.IntValue = Convert.ToInt64(value, CultureInfo.InvariantCulture);
                break;
            case (DataType.Float, _):
                data.FloatValue = Convert.ToDouble(value, CultureInfo.InvariantCulture);
                break;
            case (DataType.Bool, bool truth):
                data.BoolValue = truth;
                break;
            case (DataType.JsonData, JsonNode json):
                WriteJson(json, data);
                break;
            case (DataType.List, IEnumerable<object?> items):
                foreach (var item in items)
                {
                    WriteItem(field.TypeArgs[0], item, data);
                }

                break;
            case (DataType.Tuple, IEnumerable<object?> items):
                foreach (var (type, item) in field.TypeArgs.Zip(items))
                {
                    AddPart(data, data.Parts.Count.ToString(CultureInfo.InvariantCulture), type, item);
                }

                break;
            case (DataType.NamedFields, IReadOnlyDictionary<string, object?> values):
                data.Parts.Add(WriteAll(field.TypeArgs, values).Parts);
                break;
            case (_, IMessage message):
                WriteMessage(message, data);
                break;
            default:
                throw new SdkException($"a {value.GetType().Name} is no {field.Type}");
        }
    }

    private void WriteItem(ModelTypeField type, object? item, Data data)
    {
        if (type.Type is DataType.Concept or DataType.Region or DataType.Frame)
        {
            Write(type, item, data);
        }
        else
        {
            AddPart(data, "", type, item);
        }
    }

    private void WriteJson(JsonNode json, Data data)
    {
        if (generation == SdkGeneration.JsonInText)
        {
            data.StringValue = json.ToJsonString();
        }
        else if (json is JsonObject { Count: > 0 })
        {
            data.StructValue = Struct.Parser.ParseJson(json.ToJsonString());
        }
        else if (json is JsonArray)
        {
            data.StructValue = Struct.Parser.ParseJson(new JsonObject { [ListKey] = json.DeepClone() }.ToJsonString());
        }
    }

    private static void WriteMessage(IMessage message, Data data)
    {
        switch (message)
        {
            case NDArray array: data.Ndarray = array; break;
            case Text text: data.Text = text; break;
            case Image image: data.Image = image; break;
            case Audio audio: data.Audio = audio; break;
            case Video video: data.Video = video; break;
            case Concept concept: data.Concepts.Add(concept); break;
            case Region region: data.Regions.Add(region); break;
            case Frame frame: data.Frames.Add(frame); break;
            default: throw new SdkException($"no place for a {message.Descriptor.Name}");
        }
    }

    // What Python assigns nothing to but an empty value stays unset, and with it the data of the part.
    private void AddPart(Data data, string id, ModelTypeField field, object? value)
    {
        var written = new Data();
        Write(field, value, written);
        data.Parts.Add(new Part { Id = id, Data = written.CalculateSize() == 0 ? null : written });
    }

    private static JsonNode? FromText(string text) => text.Length == 0 ? null : JsonNode.Parse(text);

    private static JsonNode? FromStruct(Struct? value)
    {
        var json = value is null ? null : (JsonObject)JsonNode.Parse(JsonFormatter.Default.Format(value))!;
        return json is { Count: 1 } && json.TryGetPropertyValue(ListKey, out var list) ? list : json;
    }
}
