using System.Globalization;
using System.Text;

namespace Gateway.Core.Transcoding;

/// <summary>The place of a fault, as in <c>inputs[3].data.metadata["a key"]</c>. Built only when there is a fault.</summary>
internal sealed class JsonPath
{
    /// <summary>How much of a client's own text an error repeats.</summary>
    public const int MaxQuoted = 64;

    private readonly StringBuilder _path = new();

    public void Member(string name)
    {
        if (_path.Length > 0)
        {
            _path.Append('.');
        }

        _path.Append(name);
    }

    public void Index(int index) => _path.Append(CultureInfo.InvariantCulture, $"[{index}]");

    public void Key(ReadOnlySpan<byte> key) => _path.Append('[').Append(Quote(key)).Append(']');

    /// <summary>Text of the client's in quotes, cut short and with nothing in it that is not printable.</summary>
    public static string Quote(ReadOnlySpan<byte> text)
    {
        var shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, MaxQuoted)]);
        var quoted = new StringBuilder("\"");
        foreach (var next in shown)
        {
            quoted.Append(char.IsControl(next) ? '\uFFFD' : next);
        }

        return quoted.Append(text.Length > MaxQuoted ? "...\"" : "\"").ToString();
    }

    public override string ToString() => _path.ToString();
}
