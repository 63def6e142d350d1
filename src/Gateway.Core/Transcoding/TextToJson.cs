using System.Text.Unicode;
using Gateway.Core.Json;

namespace Gateway.Core.Transcoding;

/// <summary>Writes string and bytes values, long ones over several turns.</summary>
internal sealed class TextToJson
{
    /// <summary>Up to this many bytes are written in the same turn.</summary>
    private const int ShortText = 2048;

    private const int Base64Group = 3;

    private ReadOnlyMemory<byte> _left;
    private bool _isBase64;

    /// <summary>Whether a value has begun and not ended.</summary>
    public bool IsOpen { get; private set; }

    public void Reset()
    {
        _left = default;
        IsOpen = false;
    }

    /// <summary>Writes a string, or begins to; false when it is not UTF-8.</summary>
    public bool TryWriteString(ReadOnlyMemory<byte> utf8, ref JsonOutput json)
    {
        var text = utf8.Span;
        var plain = JsonText.PlainRun(text);
        if (plain < text.Length && !Utf8.IsValid(text[plain..]))
        {
            return false;
        }

        json.WriteByte((byte)'"');
        if (text.Length > ShortText)
        {
            (_left, _isBase64, IsOpen) = (utf8, false, true);
            return true;
        }

        json.Write(text[..plain]);
        json.WriteEscaped(text[plain..]);
        json.WriteByte((byte)'"');
        return true;
    }

    /// <summary>Writes bytes as base64, or begins to.</summary>
    public void WriteBytes(ReadOnlyMemory<byte> bytes, ref JsonOutput json)
    {
        json.WriteByte((byte)'"');
        if (bytes.Length > ShortText)
        {
            (_left, _isBase64, IsOpen) = (bytes, true, true);
            return;
        }

        json.WriteBase64(bytes.Span);
        json.WriteByte((byte)'"');
    }

    /// <summary>Writes on, as much as the budget leaves.</summary>
    public void Continue(ref JsonOutput json)
    {
        var length = Math.Min(_left.Length, json.Left);
        if (_isBase64)
        {
            // Whole groups only: a rest of less than one is padded, and that ends the value.
            var groups = (length + Base64Group - 1) / Base64Group * Base64Group;
            length = Math.Min(_left.Length, groups);
            json.WriteBase64(_left.Span[..length]);
        }
        else
        {
            json.WriteEscaped(_left.Span[..length]);
        }

        _left = _left[length..];
        if (_left.Length == 0)
        {
            json.WriteByte((byte)'"');
            IsOpen = false;
        }
    }
}
