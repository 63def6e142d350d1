using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Clarifai.Api;
using Gateway.Core.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Methods.Values;

/// <summary>Turns the values of arguments into data, each where its type has its place. Thread-safe.</summary>
/// <param name="messages">Reads the values that are messages.</param>
public sealed class ArgumentReader(MessageJson messages)
{
    /// <summary>The member of a JSON argument's struct that holds a list.</summary>
    internal const string ListKey = "_list";

    /// <summary>Reads a value from JSON.</summary>
    /// <param name="type">What it has to be.</param>
    /// <param name="value">The value, not null.</param>
    /// <param name="data">Takes it; empty.</param>
    /// <param name="path">Where the value stands, for the error.</param>
    /// <returns>Why it is none; null when it was read.</returns>
    public ArgumentError? Read(MethodField type, JsonElement value, Data data, string path)
    {
        switch (type.Type)
        {
            case DataType.Str when value.ValueKind == JsonValueKind.String:
                data.StringValue = value.GetString();
                return null;
            case DataType.Int when TryReadWhole(value, out var whole):
                data.IntValue = whole;
                return null;
            case DataType.Float when value.ValueKind == JsonValueKind.Number && NumberText.ReadDouble(JsonMarshal.GetRawUtf8Value(value), out var number) is null:
                data.FloatValue = number;
                return null;
            case DataType.Float when value.ValueKind == JsonValueKind.String && value.GetString() is "NaN" or "Infinity" or "-Infinity":
                data.FloatValue = double.Parse(value.GetString()!, CultureInfo.InvariantCulture);
                return null;
            case DataType.Bool when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                data.BoolValue = value.GetBoolean();
                return null;
            case DataType.Bytes when value.ValueKind == JsonValueKind.String && TryDecode(value, out var bytes):
                data.BytesValue = bytes;
                return null;
            case DataType.Text when value.ValueKind == JsonValueKind.String:
                data.Text = new Text { Raw = value.GetString() };
                return null;
            case DataType.Ndarray:
                return NumericArray.Read(value, data.Ndarray = new NDArray()) is { } wrong ? new ArgumentError(path, wrong) : null;
            case DataType.JsonData when value.ValueKind is JsonValueKind.Object or JsonValueKind.Array:
                return ReadJson(value, data, path);
            case DataType.Image or DataType.Audio or DataType.Video:
                return ReadMedia(type, value, data, path);
            case DataType.Text or DataType.Concept or DataType.Region or DataType.Frame when value.ValueKind == JsonValueKind.Object:
                return ReadMessage(value, Add(type, data), path);
            case DataType.List when value.ValueKind == JsonValueKind.Array && type.Items is [var item]:
                return ReadList(item, value, data, path);
            case DataType.Tuple when value.ValueKind == JsonValueKind.Array:
                return ReadTuple(type, value, data, path);
            case DataType.NamedFields when value.ValueKind == JsonValueKind.Object:
                return ReadNamed(type, value, data, path);
            default:
                return Misfit(type, value, path);
        }
    }

    /// <summary>Reads a value as a form field spells it: texts bare, anything else as JSON.</summary>
    /// <param name="type">What it has to be.</param>
    /// <param name="text">The value.</param>
    /// <param name="data">Takes it; empty.</param>
    /// <param name="path">Where the value stands, for the error.</param>
    /// <returns>Why it is none; null when it was read.</returns>
    public ArgumentError? ReadText(MethodField type, string text, Data data, string path)
    {
        if (type.Type is DataType.Str or DataType.Text or DataType.Bytes || (type.Type is DataType.Image or DataType.Audio or DataType.Video && !text.StartsWith('{')))
        {
            return Read(type, JsonSerializer.SerializeToElement(text), data, path);
        }

        try
        {
            return Read(type, JsonElement.Parse(text), data, path);
        }
        catch (JsonException)
        {
            return new ArgumentError(path, $"{TypeText.Of(type)} was expected, a text that is not JSON was given");
        }
    }

    /// <summary>Reads a value that is a file's content.</summary>
    /// <param name="type">What it has to be.</param>
    /// <param name="content">The content, which stays where it is as long as the data lives.</param>
    /// <param name="data">Takes it; empty.</param>
    /// <param name="path">Where the value stands, for the error.</param>
    /// <returns>Why it is none; null when it was read.</returns>
    public static ArgumentError? ReadFile(MethodField type, ReadOnlyMemory<byte> content, Data data, string path)
    {
        switch (type.Type)
        {
            case DataType.Bytes:
                data.BytesValue = UnsafeByteOperations.UnsafeWrap(content);
                return null;
            case DataType.Image:
                data.Image = new Image { Base64 = UnsafeByteOperations.UnsafeWrap(content) };
                return null;
            case DataType.Audio:
                data.Audio = new Audio { Base64 = UnsafeByteOperations.UnsafeWrap(content) };
                return null;
            case DataType.Video:
                data.Video = new Video { Base64 = UnsafeByteOperations.UnsafeWrap(content) };
                return null;
            case DataType.Str or DataType.Text when !Utf8.IsValid(content.Span):
                return new ArgumentError(path, "the file is not UTF-8 text");
            case DataType.Str:
                data.StringValue = Encoding.UTF8.GetString(content.Span);
                return null;
            case DataType.Text:
                data.Text = new Text { Raw = Encoding.UTF8.GetString(content.Span) };
                return null;
            default:
                return new ArgumentError(path, $"{TypeText.Of(type)} was expected, a file was given");
        }
    }

    /// <summary>Whether a list of a type has a repeated field of its own; any other has a part for each item.</summary>
    internal static bool HasOwnList(DataType type) => type is DataType.Concept or DataType.Region or DataType.Frame;

    // JSON Schema's integers: 4.0 and 4e1 are whole, too.
    private static bool TryReadWhole(JsonElement value, out long whole)
    {
        whole = 0;
        return value.ValueKind == JsonValueKind.Number && NumberText.ReadSigned(JsonMarshal.GetRawUtf8Value(value), long.MinValue, long.MaxValue, out whole) is null;
    }

    // Models served by Clarifai's SDK up to 11.10.2 look for JSON as text, newer ones for a struct; neither minds the other.
    private ArgumentError? ReadJson(JsonElement value, Data data, string path)
    {
        data.StringValue = value.GetRawText();
        var target = data.StructValue = new Struct();
        if (value.ValueKind == JsonValueKind.Object)
        {
            return ReadMessage(value, target, path);
        }

        var list = new ListValue();
        target.Fields[ListKey] = new Value { ListValue = list };
        return ReadMessage(value, list, path);
    }

    private ArgumentError? ReadMedia(MethodField type, JsonElement value, Data data, string path)
    {
        var media = Add(type, data);
        var error = value.ValueKind switch
        {
            JsonValueKind.Object => ReadMessage(value, media, path),
            JsonValueKind.String => ReadMediaText(type, value, media, path),
            _ => Misfit(type, value, path),
        };
        return error ?? (media.CalculateSize() > 0 ? null : new ArgumentError(path, $"{TypeText.Of(type)} was expected: an object needs the member url or base64"));
    }

    // All three messages have the same fields for it.
    private static ArgumentError? ReadMediaText(MethodField type, JsonElement value, IMessage media, string path)
    {
        var text = value.GetString()!;
        if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            Set(media, "url", text);
            return null;
        }

        var content = DataUrl.TryRead(text, out var embedded) ? embedded : TryDecode(value, out var bytes) && !bytes.IsEmpty ? bytes : null;
        if (content is null)
        {
            return new ArgumentError(path, $"{TypeText.Of(type)} was expected: a URL, a data URL, base64, or an object with url or base64");
        }

        Set(media, "base64", content);
        return null;
    }

    private static void Set(IMessage message, string field, object value) => message.Descriptor.FindFieldByName(field).Accessor.SetValue(message, value);

    private ArgumentError? ReadList(MethodField item, JsonElement value, Data data, string path)
    {
        var number = 0;
        foreach (var element in value.EnumerateArray())
        {
            var target = HasOwnList(item.Type) ? data : AddPart(data, "");
            if (Read(item, element, target, $"{path}[{number++}]") is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private ArgumentError? ReadTuple(MethodField type, JsonElement value, Data data, string path)
    {
        var length = value.GetArrayLength();
        if (length != type.Items.Length)
        {
            return new ArgumentError(path, $"{TypeText.Of(type)} was expected, a list of {length} was given");
        }

        for (var at = 0; at < length; at++)
        {
            if (Read(type.Items[at], value[at], AddPart(data, at.ToString(CultureInfo.InvariantCulture)), $"{path}[{at}]") is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private ArgumentError? ReadNamed(MethodField type, JsonElement value, Data data, string path)
    {
        foreach (var member in value.EnumerateObject())
        {
            var field = type.Items.FirstOrDefault(item => item.Name == member.Name);
            if (field is null)
            {
                return new ArgumentError($"{path}.{member.Name}", $"there is no such field in {TypeText.Of(type)}");
            }

            if (Read(field, member.Value, AddPart(data, field.Name), $"{path}.{field.Name}") is { } error)
            {
                return error;
            }
        }

        var missing = type.Items.FirstOrDefault(item => !value.TryGetProperty(item.Name, out _));
        return missing is null ? null : new ArgumentError($"{path}.{missing.Name}", $"{TypeText.Of(missing)} is missing");
    }

    private ArgumentError? ReadMessage(JsonElement value, IMessage message, string path) =>
        messages.Read(value, message) is { } error ? new ArgumentError(path, error.ToString()) : null;

    private static IMessage Add(MethodField type, Data data)
    {
        switch (type.Type)
        {
            case DataType.Image: return data.Image = new Image();
            case DataType.Audio: return data.Audio = new Audio();
            case DataType.Video: return data.Video = new Video();
            case DataType.Text: return data.Text = new Text();
            case DataType.Concept: return Added(data.Concepts, new Concept());
            case DataType.Region: return Added(data.Regions, new Region());
            default: return Added(data.Frames, new Frame());
        }
    }

    private static T Added<T>(ICollection<T> items, T item)
    {
        items.Add(item);
        return item;
    }

    private static Data AddPart(Data data, string id) => Added(data.Parts, new Part { Id = id, Data = new Data() }).Data;

    // Both alphabets, padded or not, as bytes are read everywhere else.
    private static bool TryDecode(JsonElement value, out ByteString bytes)
    {
        if (!value.TryGetBytesFromBase64(out var decoded))
        {
            try
            {
                decoded = Base64Url.DecodeFromChars(value.GetString()!.Replace('+', '-').Replace('/', '_'));
            }
            catch (FormatException)
            {
                bytes = ByteString.Empty;
                return false;
            }
        }

        bytes = UnsafeByteOperations.UnsafeWrap(decoded);
        return true;
    }

    private static ArgumentError Misfit(MethodField type, JsonElement value, string path)
    {
        var given = value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String when type.Type == DataType.Bytes => "a text that is not base64",
            JsonValueKind.String => "a text",
            JsonValueKind.Number when type.Type is DataType.Int or DataType.Float => $"{value.GetRawText()[..Math.Min(value.GetRawText().Length, 40)]}",
            JsonValueKind.Number => "a number",
            JsonValueKind.Null => "null",
            _ => "a truth value",
        };
        return new ArgumentError(path, $"{TypeText.Of(type)} was expected, {given} was given");
    }
}
