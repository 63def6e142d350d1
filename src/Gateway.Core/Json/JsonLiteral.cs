using System.Runtime.Intrinsics;
using System.Text;

namespace Gateway.Core.Json;

/// <summary>
/// A piece of JSON that is known beforehand. Kept in a vector when it fits, so that writing it is one store whatever its length.
/// </summary>
internal sealed class JsonLiteral
{
    /// <summary>The longest that fits, in bytes; what <see cref="JsonOutput"/> has to have room for.</summary>
    public const int VectorLength = 32;

    private readonly byte[] _bytes;

    public JsonLiteral(string text)
    {
        _bytes = Encoding.UTF8.GetBytes(text);
        Length = _bytes.Length;
        if (_bytes.Length <= VectorLength)
        {
            Span<byte> padded = stackalloc byte[VectorLength];
            padded.Clear();
            _bytes.CopyTo(padded);
            Vector = Vector256.Create((ReadOnlySpan<byte>)padded);
        }
    }

    /// <summary>The bytes, and zeros behind them; all zeros when they do not fit.</summary>
    public Vector256<byte> Vector { get; }

    /// <summary>How many bytes there are.</summary>
    public int Length { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;
}
