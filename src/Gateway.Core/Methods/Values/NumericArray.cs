using System.Runtime.InteropServices;
using System.Text.Json;
using Clarifai.Api;
using Gateway.Core.Json;
using Google.Protobuf;

namespace Gateway.Core.Methods.Values;

/// <summary>
/// Numeric arrays as JSON. In: nested arrays, or <c>{"dtype", "shape", "data"}</c> with nested or flat data, or with the base64
/// <c>buffer</c> instead. Out: <c>{"dtype", "shape", "data"}</c> with nested data, which is read back to the same array.
/// </summary>
internal static class NumericArray
{
    // NumPy's own limit of 32 dimensions.
    private const int MaxDimensions = 32;

    /// <summary>Reads an array.</summary>
    /// <returns>What is wrong with it; null when it was read.</returns>
    public static string? Read(JsonElement value, NDArray array)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return ReadNested(value, NameOf(value), array);
        }

        var name = value.TryGetProperty("dtype", out var dtype) && dtype.ValueKind == JsonValueKind.String ? dtype.GetString()! : null;
        return value.TryGetProperty("buffer", out var buffer) ? ReadBuffer(value, buffer, name, array)
            : !value.TryGetProperty("data", out var data) ? "an object needs the member data or buffer"
            : ReadNested(data, name ?? NameOf(data), array) ?? Reshape(value, array);
    }

    /// <summary>Writes an array; one whose bytes do not fit its shape, or of a type without numbers, keeps its bytes as base64.</summary>
    public static void Write(NDArray array, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("dtype"u8, array.Dtype);
        json.WriteStartArray("shape"u8);
        foreach (var length in array.Shape)
        {
            json.WriteNumberValue(length);
        }

        json.WriteEndArray();
        if (NumericType.Find(array.Dtype) is { } type && array.Shape.Count <= MaxDimensions && ElementsOf(array.Shape) * type.Size == array.Buffer.Length)
        {
            json.WritePropertyName("data"u8);
            var elements = array.Buffer.Span;
            WriteNested(type, [.. array.Shape], ref elements, json);
        }
        else
        {
            json.WriteBase64String("buffer"u8, array.Buffer.Span);
        }

        json.WriteEndObject();
    }

    private static string? ReadNested(JsonElement value, string dtype, NDArray array)
    {
        if (NumericType.Find(dtype) is not { } type)
        {
            return NumericType.SizeOf(dtype) == 0 ? NoType(dtype) : $"numbers of dtype {dtype} are given as a buffer";
        }

        for (var inner = value; inner.ValueKind == JsonValueKind.Array; inner = inner[0])
        {
            array.Shape.Add((uint)inner.GetArrayLength());
            if (inner.GetArrayLength() == 0)
            {
                break;
            }
        }

        if (array.Shape.Count > MaxDimensions)
        {
            return $"an array has at most {MaxDimensions} dimensions";
        }

        array.Dtype = type.Name;
        using var elements = new MemoryStream();
        if (Append(value, type, [.. array.Shape], elements) is { } error)
        {
            return error;
        }

        array.Buffer = UnsafeByteOperations.UnsafeWrap(elements.GetBuffer().AsMemory(0, (int)elements.Length));
        return null;
    }

    private static string? Append(JsonElement value, NumericType type, ReadOnlySpan<uint> shape, MemoryStream elements)
    {
        if (shape.IsEmpty)
        {
            Span<byte> element = stackalloc byte[sizeof(double)];
            if (!type.TryRead(value, element))
            {
                return value.ValueKind == JsonValueKind.Array ? "its arrays are not all of one depth" : $"{Shown(value)} is not of dtype {type.Name}";
            }

            elements.Write(element[..type.Size]);
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != shape[0])
        {
            return "its arrays are not all of one length";
        }

        string? error = null;
        foreach (var item in value.EnumerateArray())
        {
            error ??= Append(item, type, shape[1..], elements);
        }

        return error;
    }

    private static string? ReadBuffer(JsonElement value, JsonElement buffer, string? dtype, NDArray array)
    {
        if (dtype is null || NumericType.SizeOf(dtype) is not (> 0 and var size))
        {
            return dtype is null ? "a buffer needs the member dtype" : NoType(dtype);
        }

        if (buffer.ValueKind != JsonValueKind.String || !buffer.TryGetBytesFromBase64(out var bytes))
        {
            return "buffer is not base64";
        }

        if (bytes.Length % size != 0)
        {
            return $"buffer has {bytes.Length} bytes, which are no whole number of {dtype}";
        }

        array.Dtype = dtype;
        array.Buffer = UnsafeByteOperations.UnsafeWrap(bytes);
        array.Shape.Add((uint)(bytes.Length / size));
        return Reshape(value, array);
    }

    // The shape that the object says, for the elements that are there.
    private static string? Reshape(JsonElement value, NDArray array)
    {
        if (!value.TryGetProperty("shape", out var shape))
        {
            return null;
        }

        var lengths = new List<uint>();
        if (shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() > MaxDimensions)
        {
            return $"shape is not a list of at most {MaxDimensions} lengths";
        }

        foreach (var item in shape.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || NumberText.ReadUnsigned(JsonMarshal.GetRawUtf8Value(item), uint.MaxValue, out var length) is not null)
            {
                return $"shape holds {Shown(item)}, which is no length";
            }

            lengths.Add((uint)length);
        }

        if (ElementsOf(lengths) != ElementsOf(array.Shape))
        {
            return $"shape asks for {ElementsOf(lengths)} elements, and there are {ElementsOf(array.Shape)}";
        }

        array.Shape.Clear();
        array.Shape.Add(lengths);
        return null;
    }

    private static void WriteNested(NumericType type, scoped ReadOnlySpan<uint> shape, ref ReadOnlySpan<byte> elements, Utf8JsonWriter json)
    {
        if (shape.IsEmpty)
        {
            type.Write(elements, json);
            elements = elements[type.Size..];
            return;
        }

        json.WriteStartArray();

        // Arrays of nothing are written once at most: a shape can promise four billion of them.
        for (uint i = 0; i < shape[0] && (i == 0 || !elements.IsEmpty); i++)
        {
            if (!elements.IsEmpty)
            {
                WriteNested(type, shape[1..], ref elements, json);
            }
        }

        json.WriteEndArray();
    }

    // Saturates: no buffer is that long.
    private static long ElementsOf(IEnumerable<uint> shape)
    {
        long elements = 1;
        foreach (var length in shape)
        {
            elements = Math.Min(elements * length, int.MaxValue);
        }

        return elements;
    }

    // What NumPy makes of a list of such numbers.
    private static string NameOf(JsonElement value)
    {
        var name = "";
        foreach (var element in Leaves(value))
        {
            name = element.ValueKind switch
            {
                JsonValueKind.True or JsonValueKind.False when name is "" or "bool" => "bool",
                JsonValueKind.Number when name is "" or "int64" && element.TryGetInt64(out _) => "int64",
                _ => "float64",
            };
            if (name == "float64")
            {
                break;
            }
        }

        return name.Length > 0 ? name : "float64";
    }

    private static IEnumerable<JsonElement> Leaves(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Leaves) : [value];

    private static string NoType(string dtype) => $"there is no dtype {dtype}";

    private static string Shown(JsonElement value)
    {
        const int most = 40;
        var text = value.GetRawText();
        return text.Length <= most ? text : $"{text[..most]}…";
    }
}
