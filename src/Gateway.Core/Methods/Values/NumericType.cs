using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gateway.Core.Methods.Values;

/// <summary>
/// The element type of a numeric array whose elements JSON has numbers for, by NumPy's name for it. Elements are little-endian, as NumPy
/// has them on the machines that models run on.
/// </summary>
internal abstract class NumericType
{
    private static readonly FrozenDictionary<string, NumericType> ByName = new NumericType[]
    {
        new Number<sbyte>("int8"), new Number<short>("int16"), new Number<int>("int32"), new Number<long>("int64"),
        new Number<byte>("uint8"), new Number<ushort>("uint16"), new Number<uint>("uint32"), new Number<ulong>("uint64"),
        new Number<Half>("float16"), new Number<float>("float32"), new Number<double>("float64"),
        new Truth(),
    }.ToFrozenDictionary(type => type.Name);

    /// <summary>The name, such as <c>float32</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes of one element.</summary>
    public abstract int Size { get; }

    /// <summary>The type of a name; null when there is none.</summary>
    public static NumericType? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>
    /// Bytes of one element by any name that NumPy has for a numeric type, also one of another byte order; 0 when it has none.
    /// </summary>
    public static int SizeOf(string name) => Find(name)?.Size ?? (name is ['<' or '>' or '=' or '|', .. var code] ? code : name) switch
    {
        "?" or "b1" or "i1" or "u1" => 1,
        "i2" or "u2" or "f2" => 2,
        "i4" or "u4" or "f4" => 4,
        "i8" or "u8" or "f8" or "c8" or "complex64" => 8,
        "f16" or "c16" or "float128" or "complex128" => 16,
        "c32" or "complex256" => 32,
        _ => 0,
    };

    /// <summary>Reads an element.</summary>
    /// <returns>False when the value is none, or out of range.</returns>
    /// <param name="kind">The value's token.</param>
    /// <param name="text">Its text as it stands in the JSON, without quotes.</param>
    /// <param name="element">Takes the element.</param>
    public abstract bool TryRead(JsonTokenType kind, ReadOnlySpan<byte> text, Span<byte> element);

    /// <summary>Reads an element as a number.</summary>
    /// <returns>False when it is none, or not finite.</returns>
    public abstract bool TryRead(ReadOnlySpan<byte> element, out float number);

    /// <summary>Writes an element.</summary>
    public abstract void Write(ReadOnlySpan<byte> element, Utf8JsonWriter json);

    private sealed class Number<T>(string name) : NumericType
        where T : unmanaged, INumber<T>
    {
        // Half of one is an integer, zero, where there are no fractions.
        private static readonly NumberStyles Style =
            T.IsInteger(T.One / (T.One + T.One)) ? NumberStyles.AllowLeadingSign : NumberStyles.Float;

        public override string Name => name;

        public override int Size => Unsafe.SizeOf<T>();

        public override bool TryRead(JsonTokenType kind, ReadOnlySpan<byte> text, Span<byte> element)
        {
            // NaN and the infinities are strings, as in ProtoJSON.
            if (kind is not (JsonTokenType.Number or JsonTokenType.String)
                || !T.TryParse(text, Style, CultureInfo.InvariantCulture, out var number)
                || (T.IsFinite(number) != (kind == JsonTokenType.Number)))
            {
                return false;
            }

            // .NET's own NaN has the sign bit, which others' has not.
            MemoryMarshal.Write(element, T.IsNaN(number) ? T.Abs(number) : number);
            return true;
        }

        public override bool TryRead(ReadOnlySpan<byte> element, out float number)
        {
            number = float.CreateSaturating(MemoryMarshal.Read<T>(element));
            return float.IsFinite(number);
        }

        public override void Write(ReadOnlySpan<byte> element, Utf8JsonWriter json)
        {
            var number = MemoryMarshal.Read<T>(element);
            Span<byte> text = stackalloc byte[32];
            number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
            if (T.IsFinite(number))
            {
                json.WriteRawValue(text[..length], skipInputValidation: true);
            }
            else
            {
                json.WriteStringValue(text[..length]);
            }
        }
    }

    private sealed class Truth : NumericType
    {
        public override string Name => "bool";

        public override int Size => 1;

        public override bool TryRead(JsonTokenType kind, ReadOnlySpan<byte> text, Span<byte> element)
        {
            element[0] = kind == JsonTokenType.True ? (byte)1 : (byte)0;
            return kind is JsonTokenType.True or JsonTokenType.False;
        }

        public override bool TryRead(ReadOnlySpan<byte> element, out float number)
        {
            number = 0;
            return false;
        }

        public override void Write(ReadOnlySpan<byte> element, Utf8JsonWriter json) => json.WriteBooleanValue(element[0] != 0);
    }
}
