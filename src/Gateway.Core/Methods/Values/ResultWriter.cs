using System.Collections.Immutable;
using System.Text.Json;
using Clarifai.Api;
using Gateway.Core.Wire;
using Google.Protobuf;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Methods.Values;

/// <summary>
/// Writes what a method returned as plain JSON. Of its wire bytes, one value at a time is parsed: the values of a long list, all at once,
/// would take a hundred times its bytes. Thread-safe.
/// </summary>
/// <param name="messages">Writes the values that are messages.</param>
public sealed class ResultWriter(MessageJson messages)
{
    private static readonly Data Empty = new();

    private static ReadOnlySpan<byte> ReturnPart => "return"u8;

    /// <summary>Writes a result: one bare, several as an object, none as null.</summary>
    /// <param name="method">What returned it.</param>
    /// <param name="data">The wire bytes of <see cref="Data"/>.</param>
    /// <param name="json">Takes it.</param>
    /// <returns>False when the bytes are malformed: what was written is no result.</returns>
    public bool TryWrite(ModelMethod method, ReadOnlySpan<byte> data, Utf8JsonWriter json)
    {
        try
        {
            Write(method, data, json);
            return true;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException)
        {
            return false;
        }
    }

    private void Write(ModelMethod method, ReadOnlySpan<byte> data, Utf8JsonWriter json)
    {
        switch (method.Results)
        {
            case []:
                json.WriteNullValue();
                break;
            case [var one]:
                Write(one, TryFindPart(one.Utf8Name, data, out var value) ? value : ReturnedBy(data), json);
                break;
            default:
                WriteNamed(method.Results, data, json);
                break;
        }
    }

    private void WriteNamed(ImmutableArray<MethodField> fields, ReadOnlySpan<byte> data, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var field in fields)
        {
            // The first may stand in the data itself.
            var isGiven = TryFindPart(field.Utf8Name, data, out var value);
            if (isGiven || field == fields[0])
            {
                json.WritePropertyName(field.Name);
                Write(field, isGiven ? value : ReturnedBy(data), json);
            }
        }

        json.WriteEndObject();
    }

    private void Write(MethodField field, ReadOnlySpan<byte> wire, Utf8JsonWriter json)
    {
        var data = wire.IsEmpty ? Empty : WireFields.ParseWithout<Data>(wire, Data.PartsFieldNumber);
        var row = RowOf(field.Row, data);
        switch (row.Form)
        {
            case DataForm.Text:
                json.WriteStringValue(data.StringValue);
                break;
            case DataForm.Bytes:
                json.WriteBase64StringValue(data.BytesValue.Span);
                break;
            case DataForm.Whole:
                json.WriteNumberValue(data.IntValue);
                break;
            case DataForm.Number:
                WriteFloat(data, json);
                break;
            case DataForm.Truth:
                json.WriteBooleanValue(data.BoolValue);
                break;
            case DataForm.Array:
                NumericArray.Write(data.Ndarray, json);
                break;
            case DataForm.Json:
                WriteJson(data, json);
                break;
            case DataForm.TextMessage:
                json.WriteStringValue(data.Text.Raw.Length > 0 ? data.Text.Raw : data.Text.Url);
                break;
            case DataForm.List when field.Items is [var item]:
                WriteList(item, data, wire, json);
                break;
            case DataForm.Tuple:
                WriteTuple(field, wire, json);
                break;
            case DataForm.Named:
                WriteNamed(field.Items, wire, json);
                break;
            default:
                WriteMessage(MessagesOf(row, data).FirstOrDefault(), json);
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

    private void WriteList(MethodField item, Data data, ReadOnlySpan<byte> wire, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var message in item.Row.Form == DataForm.Listed ? MessagesOf(item.Row, data) : [])
        {
            messages.Write(message, json);
        }

        foreach (var part in PartsOf(wire))
        {
            Write(item, DataOf(part), json);
        }

        json.WriteEndArray();
    }

    private void WriteTuple(MethodField type, ReadOnlySpan<byte> wire, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        var parts = PartsOf(wire);
        foreach (var item in type.Items)
        {
            if (!parts.MoveNext())
            {
                break;
            }

            Write(item, DataOf(parts.Current), json);
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

    internal static ReadOnlySpan<byte> ReturnedBy(ReadOnlySpan<byte> data) => TryFindPart(ReturnPart, data, out var value) ? value : data;

    internal static bool TryFindPart(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, out ReadOnlySpan<byte> value)
    {
        foreach (var part in PartsOf(data))
        {
            ReadOnlySpan<byte> id = default;
            if (WireLookup.TryFindLast(part, [Part.IdFieldNumber], ref id) && id.SequenceEqual(name))
            {
                value = DataOf(part);
                return true;
            }
        }

        value = default;
        return false;
    }

    internal static WireFields PartsOf(ReadOnlySpan<byte> data) => new(data, Data.PartsFieldNumber);

    // A value that is empty comes as a part without data.
    internal static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> part) => WireFields.Merge(part, Part.DataFieldNumber);

    // The declared type, unless the model put its value somewhere else.
    internal static DataTypeRow RowOf(DataTypeRow declared, Data data)
    {
        if (declared.Form is DataForm.Whole or DataForm.Number or DataForm.Truth
            or DataForm.Listed or DataForm.List or DataForm.Tuple or DataForm.Named)
        {
            return declared;
        }

        var isGiven = TryFindGiven(data, out var given);
        return declared.Form == DataForm.Json && given == DataType.Str ? declared
            : isGiven || declared.Form is not (DataForm.Text or DataForm.Bytes) ? DataTypeRow.Of(given)
            : declared;
    }

    private static bool TryFindGiven(Data data, out DataType given)
    {
        given = data switch
        {
            { Image: not null } => DataType.Image,
            { Audio: not null } => DataType.Audio,
            { Video: not null } => DataType.Video,
            { Ndarray: not null } => DataType.Ndarray,
            { StructValue: not null } => DataType.JsonData,
            { Text: not null } => DataType.Text,
            { StringValue.Length: > 0 } => DataType.Str,
            { BytesValue.IsEmpty: false } => DataType.Bytes,
            _ => DataType.NotSet,
        };
        return given != DataType.NotSet;
    }

    // The one message of a type, or those of its list.
    private static IEnumerable<IMessage> MessagesOf(DataTypeRow row, Data data) =>
        row.Form is not (DataForm.Medium or DataForm.Listed)
            ? []
            : Data.Descriptor.FindFieldByNumber(row.Fields[0]).Accessor.GetValue(data) switch
            {
                IMessage message => [message],
                IEnumerable<IMessage> messages => messages,
                _ => [],
            };
}
