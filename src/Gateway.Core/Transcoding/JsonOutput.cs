using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using Gateway.Core.Json;

namespace Gateway.Core.Transcoding;

/// <summary>Appends JSON to a buffer writer with few calls to it. <see cref="Flush"/> hands over what was written last.</summary>
internal ref struct JsonOutput
{
    /// <summary>Fits every number in quotes, and a timestamp.</summary>
    private const int LongestScalar = 40;

    /// <summary>What is asked of the writer at least, so that most values need no call to it.</summary>
    private const int LeastRoom = 1024;

    private readonly IBufferWriter<byte> _writer;
    private Span<byte> _room;
    private int _at;
    private long _flushed;

    public JsonOutput(IBufferWriter<byte> writer)
    {
        _writer = writer;
        _room = writer.GetSpan(LeastRoom);
    }

    /// <summary>Bytes written through this value.</summary>
    public readonly long Written => _flushed + _at;

    /// <summary>Gives what was written to the writer; after that this value must not be used.</summary>
    public readonly void Flush() => _writer.Advance(_at);

    public void WriteByte(byte value)
    {
        Reserve(1);
        _room[_at++] = value;
    }

    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_room[_at..]);
        _at += bytes.Length;
    }

    /// <summary>Writes <c>,"name":</c>, without the comma for the first member.</summary>
    public void WriteMember(byte[] prefix, ref bool isFirst)
    {
        WriteBytes(isFirst ? prefix.AsSpan(1) : prefix);
        isFirst = false;
    }

    /// <summary>Writes a comma, unless for the first element.</summary>
    public void WriteSeparator(ref bool isFirst)
    {
        if (!isFirst)
        {
            WriteByte((byte)',');
        }

        isFirst = false;
    }

    /// <summary>Writes valid UTF-8 as a string.</summary>
    public void WriteString(scoped ReadOnlySpan<byte> text)
    {
        WriteByte((byte)'"');
        WriteEscaped(text);
        WriteByte((byte)'"');
    }

    /// <summary>Writes the inside of a string.</summary>
    public void WriteEscaped(scoped ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var run = JsonText.RunToEscape(text);
            WriteBytes(text[..run]);
            if (run == text.Length)
            {
                return;
            }

            Reserve(JsonText.MaxEscape);
            _at += JsonText.Escape(text[run], _room[_at..]);
            text = text[(run + 1)..];
        }
    }

    /// <summary>Writes the inside of a base64 string; the bytes are a multiple of three unless they are the last.</summary>
    public void WriteBase64(scoped ReadOnlySpan<byte> bytes)
    {
        Reserve(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        Base64.EncodeToUtf8(bytes, _room[_at..], out _, out var written);
        _at += written;
    }

    public void WriteInteger(long value)
    {
        Reserve(LongestScalar);
        Utf8Formatter.TryFormat(value, _room[_at..], out var written);
        _at += written;
    }

    public void WriteInteger(ulong value)
    {
        Reserve(LongestScalar);
        Utf8Formatter.TryFormat(value, _room[_at..], out var written);
        _at += written;
    }

    /// <summary>Writes the shortest text that reads back to the same 32-bit float, or a word in quotes where there is no number.</summary>
    public void WriteFloat(float value)
    {
        if (!float.IsFinite(value))
        {
            WriteNotFinite(value);
            return;
        }

        Reserve(LongestScalar);
        value.TryFormat(_room[_at..], out var written, provider: CultureInfo.InvariantCulture);
        _at += written;
    }

    /// <summary>Writes the shortest text that reads back to the same 64-bit float, or a word in quotes where there is no number.</summary>
    public void WriteDouble(double value)
    {
        if (!double.IsFinite(value))
        {
            WriteNotFinite(value);
            return;
        }

        Reserve(LongestScalar);
        value.TryFormat(_room[_at..], out var written, provider: CultureInfo.InvariantCulture);
        _at += written;
    }

    private void WriteNotFinite(double value) =>
        WriteBytes(double.IsNaN(value) ? "\"NaN\""u8 : value > 0 ? "\"Infinity\""u8 : "\"-Infinity\""u8);

    private void Reserve(int count)
    {
        if (_room.Length - _at < count)
        {
            _writer.Advance(_at);
            _flushed += _at;
            _at = 0;
            _room = _writer.GetSpan(Math.Max(count, LeastRoom));
        }
    }
}
