using System.Collections.Immutable;
using System.Text.Json;
using Clarifai.Api;
using Google.Protobuf;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Methods.Values;

/// <summary>Writes what a method returned as plain JSON. Thread-safe.</summary>
/// <param name="messages">Writes the values that are messages.</param>
public sealed class ResultWriter(MessageJson messages)
{
    private const string ReturnPart = "return";

    // A value that is empty comes as a part without data.
    private static readonly Data Empty = new();

    /// <summary>Writes a result: one bare, several as an object, none as null.</summary>
    public void Write(ModelMethod method, Data data, Utf8JsonWriter json)
    {
        switch (method.Results)
        {
            case []:
                json.WriteNullValue();
                break;
            case [var one]:
                Write(one, PartOf(one.Name, data) ?? ReturnedBy(data), json);
                break;
            default:
                WriteNamed(method.Results, data, json);
                break;
        }
    }

    private void WriteNamed(ImmutableArray<MethodField> fields, Data data, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var field in fields)
        {
            // The first may stand in the data itself.
            if ((PartOf(field.Name, data) ?? (field == fields[0] ? ReturnedBy(data) : null)) is { } value)
            {
                json.WritePropertyName(field.Name);
                Write(field, value, json);
            }
        }

        json.WriteEndObject();
    }

    private void Write(MethodField field, Data data, Utf8JsonWriter json)
    {
        switch (TypeOf(field.Type, data))
        {
            case DataType.Str:
                json.WriteStringValue(data.StringValue);
                break;
            case DataType.Bytes:
                json.WriteBase64StringValue(data.BytesValue.Span);
                break;
            case DataType.Int:
                json.WriteNumberValue(data.IntValue);
                break;
            case DataType.Float:
                WriteFloat(data, json);
                break;
            case DataType.Bool:
                json.WriteBooleanValue(data.BoolValue);
                break;
            case DataType.Ndarray:
                NumericArray.Write(data.Ndarray, json);
                break;
            case DataType.JsonData:
                WriteJson(data, json);
                break;
            case DataType.Text:
                json.WriteStringValue(data.Text.Raw.Length > 0 ? data.Text.Raw : data.Text.Url);
                break;
            case DataType.List when field.Items is [var item]:
                WriteList(item, data, json);
                break;
            case DataType.Tuple:
                WriteTuple(field, data, json);
                break;
            case DataType.NamedFields:
                WriteNamed(field.Items, data, json);
                break;
            case var type:
                WriteMessage(MessageOf(type, data), json);
                break;
        }
    }

    // As a struct, where a list is the only member of one, or as text.
    private void WriteJson(Data data, Utf8JsonWriter json)
    {
        if (data.StructValue is { } value)
        {
            messages.Write(value.Fields.Count == 1 && value.Fields.TryGetValue(ValueToWire.ListKey, out var list) ? list : value, json);
            return;
        }

        try
        {
            JsonElement.Parse(data.StringValue).WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(data.StringValue);
        }
    }

    private void WriteList(MethodField item, Data data, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var message in OwnListOf(item.Type, data))
        {
            messages.Write(message, json);
        }

        foreach (var part in data.Parts)
        {
            Write(item, part.Data ?? Empty, json);
        }

        json.WriteEndArray();
    }

    private void WriteTuple(MethodField type, Data data, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var (item, part) in type.Items.Zip(data.Parts))
        {
            Write(item, part.Data ?? Empty, json);
        }

        json.WriteEndArray();
    }

    private void WriteMessage(IMessage? message, Utf8JsonWriter json)
    {
        if (message is null)
        {
            json.WriteNullValue();
        }
        else
        {
            messages.Write(message, json);
        }
    }

    // A model whose language has one kind of number returns 1 for 1.0.
    private static void WriteFloat(Data data, Utf8JsonWriter json)
    {
        var number = data.FloatValue == 0 ? data.IntValue : data.FloatValue;
        if (double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static Data? PartOf(string name, Data data) => data.Parts.FirstOrDefault(part => part.Id == name) is { } part ? part.Data ?? Empty : null;

    private static Data ReturnedBy(Data data) => PartOf(ReturnPart, data) ?? data;

    // The declared type, unless the model put its value somewhere else.
    private static DataType TypeOf(DataType declared, Data data)
    {
        var given = data switch
        {
            { Image: not null } => DataType.Image,
            { Audio: not null } => DataType.Audio,
            { Video: not null } => DataType.Video,
            { Ndarray: not null } => DataType.Ndarray,
            { StructValue: not null } => DataType.JsonData,
            { Text: not null } => DataType.Text,
            { StringValue.Length: > 0 } => declared == DataType.JsonData ? DataType.JsonData : DataType.Str,
            { BytesValue.IsEmpty: false } => DataType.Bytes,
            _ => DataType.NotSet,
        };
        var isOneField = declared is DataType.Image or DataType.Audio or DataType.Video or DataType.Ndarray or DataType.JsonData or DataType.Text or DataType.Str or DataType.Bytes or DataType.NotSet;
        return !isOneField ? declared : given != DataType.NotSet ? given : declared is DataType.Str or DataType.Bytes ? declared : DataType.NotSet;
    }

    private static IEnumerable<IMessage> OwnListOf(DataType type, Data data) => type switch
    {
        DataType.Concept => data.Concepts,
        DataType.Region => data.Regions,
        DataType.Frame => data.Frames,
        _ => [],
    };

    private static IMessage? MessageOf(DataType type, Data data) => type switch
    {
        DataType.Image => data.Image,
        DataType.Audio => data.Audio,
        DataType.Video => data.Video,
        _ => OwnListOf(type, data).FirstOrDefault(),
    };
}
