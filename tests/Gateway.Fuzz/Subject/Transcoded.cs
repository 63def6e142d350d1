using System.Text;
using Gateway.Core.Json;

namespace Gateway.Fuzz.Subject;

/// <summary>What came out of the transcoder.</summary>
/// <param name="Bytes">JSON text or wire bytes; none when there is an error.</param>
/// <param name="Error">Why nothing came out; null when something did.</param>
internal sealed record Transcoded(byte[] Bytes, JsonError? Error)
{
    public bool IsSame(Transcoded other) => Error == other.Error && Bytes.AsSpan().SequenceEqual(other.Bytes);

    /// <summary>Wire bytes in hexadecimal digits, or the error.</summary>
    public string ShownWire => Error is null ? Convert.ToHexString(Bytes) : ShownError;

    /// <summary>The text, or the error.</summary>
    public string ShownJson => Error is null ? Encoding.UTF8.GetString(Bytes) : ShownError;

    private string ShownError => $"{Error!.Kind}, {Error}";
}
