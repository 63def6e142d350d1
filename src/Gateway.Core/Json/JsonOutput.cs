using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gateway.Core.Json;

/// <summary>
/// Writes JSON text to the spans of a buffer writer, which it asks for rarely and tells of its progress rarely. Whoever makes one calls
/// <see cref="Flush"/> at the end.
/// </summary>
internal ref struct JsonOutput(IBufferWriter<byte> output, int budget)
{
    /// <summary>
    /// The least that is asked for. Writers hand out whatever more they have; asking for a whole buffer of a pipe would leave the rest of
    /// its current one empty.
    /// </summary>
    private const int SpanSize = 1024;
    private const int ShortText = 512;

    private Span<byte> _span;
    private int _at;
    private int _before;

    /// <summary>Whether the budget is used up; a value that has begun may still go beyond it.</summary>
    public readonly bool IsFull => _before + _at >= budget;

    /// <summary>What is left of the budget, at least 1.</summary>
    public readonly int Left => Math.Max(1, budget - _before - _at);

    /// <summary>How many bytes fit before more memory is asked for.</summary>
    public readonly int Room => _span.Length - _at;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteByte(byte value)
    {
        Reserve(1)[0] = value;
        _at++;
    }

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > Room)
        {
            var room = Room;
            bytes[..room].CopyTo(_span[_at..]);
            _at += room;
            bytes = bytes[room..];
            Renew(1);
        }

        bytes.CopyTo(_span[_at..]);
        _at += bytes.Length;
    }

    /// <summary>Writes a piece of JSON that was prepared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(JsonLiteral literal)
    {
        if (literal.Length > JsonLiteral.VectorLength)
        {
            Write(literal.Span);
            return;
        }

        literal.Vector.CopyTo(Reserve(JsonLiteral.VectorLength));
        _at += literal.Length;
    }

    /// <summary>Room for as many bytes, at most 1,024; <see cref="Advance"/> tells how many were used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int count)
    {
        Debug.Assert(count <= SpanSize);
        if (Room < count)
        {
            Renew(count);
        }

        return _span[_at..];
    }

    public void Advance(int count) => _at += count;

    /// <summary>
    /// Writes text in quotes if it is short and stands for itself, as most text does; else writes nothing and answers false.
    /// </summary>
    public bool TryWritePlain(scoped ReadOnlySpan<byte> text)
    {
        if (text.Length > ShortText)
        {
            return false;
        }

        var target = Reserve(text.Length + 2);
        if (!JsonText.TryCopyPlain(text, target[1..]))
        {
            return false;
        }

        target[0] = (byte)'"';
        target[text.Length + 1] = (byte)'"';
        _at += text.Length + 2;
        return true;
    }

    /// <summary>Writes text without quotes, with escapes where they are needed.</summary>
    public void WriteEscaped(scoped ReadOnlySpan<byte> utf8)
    {
        while (utf8.Length > 0)
        {
            var run = JsonText.RunToEscape(utf8);
            Write(utf8[..run]);
            utf8 = utf8[run..];
            for (; utf8.Length > 0 && JsonText.NeedsEscape(utf8[0]); utf8 = utf8[1..])
            {
                Advance(JsonText.Escape(utf8[0], Reserve(JsonText.MaxEscape)));
            }
        }
    }

    /// <summary>Writes base64 in the standard alphabet, padded.</summary>
    public void WriteBase64(scoped ReadOnlySpan<byte> bytes)
    {
        var status = OperationStatus.DestinationTooSmall;
        while (status == OperationStatus.DestinationTooSmall)
        {
            status = Base64.EncodeToUtf8(bytes, Reserve(4), out var consumed, out var written);
            Advance(written);
            bytes = bytes[consumed..];
        }
    }

    public void Flush()
    {
        if (_at > 0)
        {
            output.Advance(_at);
            _before += _at;
        }

        _span = default;
        _at = 0;
    }

    private void Renew(int count)
    {
        Flush();
        _span = output.GetSpan(Math.Max(count, SpanSize));
    }
}
