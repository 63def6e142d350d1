using System.Buffers;
using System.Text;
using System.Text.Json;
using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Wire;

namespace Gateway.Core.Methods.Values;

/// <summary>
/// Numeric arrays as JSON. In: nested arrays, or <c>{"dtype", "shape", "data"}</c> with nested or flat data, or with the base64
/// <c>buffer</c> instead. Out: <c>{"dtype", "shape", "data"}</c> with nested data, which is read back to the same array.
/// </summary>
internal static class NumericArray
{
    // NumPy's own limit of 32 dimensions.
    private const int MaxDimensions = 32;

    private static readonly WireTag Buffer = new(NDArray.BufferFieldNumber, Wire.WireType.LengthDelimited);

    // The text was checked as it came.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    /// <summary>Writes an array that is JSON as the fields of one.</summary>
    /// <param name="json">The array, valid JSON without members that come twice.</param>
    /// <param name="output">Stands in the array.</param>
    /// <returns>What is wrong with it; null when it was written.</returns>
    public static string? Write(ReadOnlySequence<byte> json, WireWriter output)
    {
        var members = new Members(json);
        if (!members.AreThere)
        {
            return new NestedNumbers(json).Write(null, default, output);
        }

        return members.Buffer is { } buffer ? WriteBuffer(buffer, members, output)
            : members.Data is { } data ? new NestedNumbers(data).Write(members.Dtype, members.Shape, output)
            : "an object needs the member data or buffer";
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
        if (TypeOf(array) is { } type)
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

    /// <summary>Reads the elements of an array in their order, whatever its shape.</summary>
    /// <returns>False when they are no finite numbers, or its bytes do not fit its shape.</returns>
    public static bool TryRead(NDArray array, List<float> numbers)
    {
        if (TypeOf(array) is not { } type)
        {
            return false;
        }

        for (var elements = array.Buffer.Span; !elements.IsEmpty; elements = elements[type.Size..])
        {
            if (!type.TryRead(elements, out var number))
            {
                return false;
            }

            numbers.Add(number);
        }

        return true;
    }

    // Null where there are no numbers to be had.
    private static NumericType? TypeOf(NDArray array) =>
        NumericType.Find(array.Dtype) is { } type
            && array.Shape.Count <= MaxDimensions
            && ElementsOf(array.Shape) * type.Size == array.Buffer.Length
                ? type
                : null;

    private static string? WriteBuffer(ReadOnlySequence<byte> buffer, Members members, WireWriter output)
    {
        var dtype = members.Dtype;
        if (dtype is null || NumericType.SizeOf(dtype) is not (> 0 and var size))
        {
            return dtype is null ? "a buffer needs the member dtype" : NoType(dtype);
        }

        var reader = new Utf8JsonReader(buffer, Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var bytes))
        {
            return "buffer is not base64";
        }

        if (bytes.Length % size != 0)
        {
            return $"buffer has {bytes.Length} bytes, which are no whole number of {dtype}";
        }

        output.WriteTag(Buffer);
        output.WriteLengthDelimited(bytes);
        return WriteShape([(uint)(bytes.Length / size)], dtype, members.Shape, output);
    }

    // The shape that the object says, for the elements that are there.
    private static string? WriteShape(List<uint> shape, string dtype, ReadOnlySequence<byte>? told, WireWriter output)
    {
        if (told is { } json && Reshape(json, shape) is { } wrong)
        {
            return wrong;
        }

        output.Begin(NDArray.ShapeFieldNumber);
        foreach (var length in shape)
        {
            output.WriteVarint(length);
        }

        output.EndLength();
        output.Begin(NDArray.DtypeFieldNumber);
        output.WriteBytes(Encoding.UTF8.GetBytes(dtype));
        output.EndLength();
        return null;
    }

    private static string? Reshape(ReadOnlySequence<byte> json, List<uint> shape)
    {
        var lengths = new List<uint>();
        var reader = new Utf8JsonReader(json, Options);
        reader.Read();
        var isList = reader.TokenType == JsonTokenType.StartArray;
        while (isList && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var item = JsonSlices.ValueAt(ref reader, json);
            if (lengths.Count == MaxDimensions)
            {
                isList = false;
            }
            else if (reader.TokenType != JsonTokenType.Number
                || NumberText.ReadUnsigned(item.ToArray(), uint.MaxValue, out var length) is not null)
            {
                return $"shape holds {Shown(item)}, which is no length";
            }
            else
            {
                lengths.Add((uint)length);
            }
        }

        if (!isList)
        {
            return $"shape is not a list of at most {MaxDimensions} lengths";
        }

        if (ElementsOf(lengths) != ElementsOf(shape))
        {
            return $"shape asks for {ElementsOf(lengths)} elements, and there are {ElementsOf(shape)}";
        }

        shape.Clear();
        shape.AddRange(lengths);
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

    private static string NoType(string dtype) => $"there is no dtype {dtype}";

    private static string Shown(ReadOnlySequence<byte> value)
    {
        const int most = 40;
        const int maxBytes = 4; // of a character
        var text = Encoding.UTF8.GetString(value.Slice(0, Math.Min(value.Length, (most + 1) * maxBytes)));
        return text.Length <= most ? text : $"{text[..most]}…";
    }

    /// <summary>The members of an array that is an object.</summary>
    private readonly struct Members
    {
        public Members(ReadOnlySequence<byte> json)
        {
            var reader = new Utf8JsonReader(json, Options);
            reader.Read();
            AreThere = reader.TokenType == JsonTokenType.StartObject;
            while (AreThere && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isDtype, isData) = (reader.ValueTextEquals("dtype"u8), reader.ValueTextEquals("data"u8));
                var (isBuffer, isShape) = (reader.ValueTextEquals("buffer"u8), reader.ValueTextEquals("shape"u8));
                reader.Read();
                Dtype = isDtype && reader.TokenType == JsonTokenType.String ? reader.GetString() : Dtype;
                var value = JsonSlices.ValueAt(ref reader, json);
                Data = isData ? value : Data;
                Buffer = isBuffer ? value : Buffer;
                Shape = isShape ? value : Shape;
            }
        }

        public bool AreThere { get; }

        public string? Dtype { get; }

        public ReadOnlySequence<byte>? Data { get; }

        public ReadOnlySequence<byte>? Buffer { get; }

        public ReadOnlySequence<byte>? Shape { get; }
    }

    /// <summary>Numbers in arrays in arrays, all of one depth and length.</summary>
    private ref struct NestedNumbers(ReadOnlySequence<byte> json)
    {
        private readonly List<uint> _shape = [];
        private NumericType _type = null!;
        private int _depth;

        // Known at the first number, or the first array of none.
        private bool _isShapeKnown;

        public string? Write(string? dtype, ReadOnlySequence<byte>? shape, WireWriter output)
        {
            dtype ??= NameOf(json);
            if (NumericType.Find(dtype) is not { } type)
            {
                return NumericType.SizeOf(dtype) == 0 ? NoType(dtype) : $"numbers of dtype {dtype} are given as a buffer";
            }

            _type = type;
            output.Begin(NDArray.BufferFieldNumber);
            var reader = new Utf8JsonReader(json, Options);
            reader.Read();
            if (WriteValue(ref reader, output) is { } wrong)
            {
                return wrong;
            }

            output.EndLength();
            return WriteShape(_shape, type.Name, shape, output);
        }

        private string? WriteValue(ref Utf8JsonReader reader, WireWriter output)
        {
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                return WriteArray(ref reader, output);
            }

            if (_depth < _shape.Count)
            {
                return "its arrays are not all of one length";
            }

            _isShapeKnown = true;
            Span<byte> element = stackalloc byte[sizeof(double)];
            var text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
            if (!_type.TryRead(reader.TokenType, text, element))
            {
                return $"{Shown(JsonSlices.ValueAt(ref reader, json))} is not of dtype {_type.Name}";
            }

            output.WriteBytes(element[.._type.Size]);
            return null;
        }

        private string? WriteArray(ref Utf8JsonReader reader, WireWriter output)
        {
            if (_depth == _shape.Count)
            {
                if (_isShapeKnown || _depth == MaxDimensions)
                {
                    return _isShapeKnown ? "its arrays are not all of one depth" : $"an array has at most {MaxDimensions} dimensions";
                }

                _shape.Add(0);
            }

            var isFirst = !_isShapeKnown;
            var level = _depth++;
            uint length = 0;
            for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; length++)
            {
                if (WriteValue(ref reader, output) is { } wrong)
                {
                    return wrong;
                }
            }

            _depth = level;
            _isShapeKnown = true;
            _shape[level] = isFirst ? length : _shape[level];
            return length == _shape[level] ? null : "its arrays are not all of one length";
        }

        // What NumPy makes of a list of such numbers.
        private static string NameOf(ReadOnlySequence<byte> json)
        {
            var name = "";
            var reader = new Utf8JsonReader(json, Options);
            while (name != "float64" && reader.Read())
            {
                name = reader.TokenType switch
                {
                    JsonTokenType.StartArray or JsonTokenType.EndArray => name,
                    JsonTokenType.True or JsonTokenType.False when name is "" or "bool" => "bool",
                    JsonTokenType.Number when name is "" or "int64" && reader.TryGetInt64(out _) => "int64",
                    _ => "float64",
                };
            }

            return name.Length > 0 ? name : "float64";
        }
    }
}
