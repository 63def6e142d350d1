using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Json;

/// <summary>
/// Cuts JSON text (RFC 8259, strictly) into tokens as it arrives, in chunks that may end at any byte. Names, numbers and the strings that
/// its caller wants whole are gathered when a chunk's end cuts them; every other string is handed on in parts, so that a long one is never
/// held. Text is handed on unescaped and is valid UTF-8.
/// </summary>
internal sealed class JsonTokenizer(JsonLimits limits)
{
    /// <summary>A run of at least this many bytes is handed on in place; shorter ones, between escapes, are gathered into one part.</summary>
    private const int RunWorthAPart = 256;

    /// <summary>How much is gathered before it is handed on as a part.</summary>
    private const int GatheredPart = 4096;

    private readonly ulong[] _objects = new ulong[limits.MaxDepth / 64 + 1];
    private readonly byte[] _cut = new byte[JsonEscape.MaxLength];

    private PooledText _gathered;
    private bool _gatheredTaken;
    private Wanted _wanted;
    private Inside _inside;
    private JsonTokenKind _literal;
    private int _literalMatched;
    private int _cutLength;
    private int _depth;
    private int _values;
    private bool _inObject;
    private long _before;

    /// <summary>What may come next.</summary>
    private enum Wanted : byte
    {
        Value,
        ValueOrEnd,
        Name,
        NameOrEnd,
        Colon,
        CommaOrEnd,
        Nothing,
    }

    /// <summary>The token that the last chunk's end cut.</summary>
    private enum Inside : byte
    {
        Nothing,
        Name,
        String,
        Number,
        Literal,
    }

    /// <summary>Why <see cref="Read"/> answered <see cref="JsonTokenKind.Error"/>.</summary>
    public JsonFault? Fault { get; private set; }

    /// <summary>Objects and arrays that are open.</summary>
    public int Depth => _depth;

    /// <summary>Bytes in the chunks that were used up before the current one.</summary>
    public long BytesBefore => _before;

    /// <summary>Starts over with a new text.</summary>
    public void Reset()
    {
        _gathered.Free();
        (_wanted, _inside, _gatheredTaken, _inObject) = (Wanted.Value, Inside.Nothing, false, false);
        (_cutLength, _depth, _values, _before, Fault) = (0, 0, 0, 0, null);
    }

    /// <summary>Reads the next token.</summary>
    /// <param name="chunk">The chunk; the same one until the answer is <see cref="JsonTokenKind.None"/>, which uses it up.</param>
    /// <param name="at">Where to read on; 0 for a new chunk.</param>
    /// <param name="whole">Whether a string value is wanted whole. Must not change inside of one.</param>
    /// <param name="text">The text of a name, string or number, valid until the next call.</param>
    public JsonTokenKind Read(ReadOnlySpan<byte> chunk, ref int at, bool whole, out ReadOnlySpan<byte> text)
    {
        text = default;
        JsonTokenKind kind = _inside == Inside.Nothing ? ReadNew(chunk, ref at, whole, ref text) : ReadOn(chunk, ref at, whole, ref text);
        if (kind == JsonTokenKind.None)
        {
            _before += chunk.Length;
        }

        return kind;
    }

    /// <summary>Ends the text: a last token that only the end tells to be complete (a bare number), <see cref="JsonTokenKind.None"/>, or an error.</summary>
    /// <param name="text">The number.</param>
    public JsonTokenKind Finish(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (_inside == Inside.Number && _depth == 0)
        {
            return FinishNumber(_gathered.Span, ref text);
        }

        return _wanted == Wanted.Nothing ? JsonTokenKind.None : Fail(JsonFault.EndsTooEarly);
    }

    private JsonTokenKind ReadNew(ReadOnlySpan<byte> chunk, ref int at, bool whole, ref ReadOnlySpan<byte> text)
    {
        for (; at < chunk.Length; at++)
        {
            byte next = chunk[at];
            if (next is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                continue;
            }

            switch (_wanted)
            {
                case Wanted.Colon when next == ':':
                    _wanted = Wanted.Value;
                    continue;
                case Wanted.CommaOrEnd when next == ',':
                    _wanted = _inObject ? Wanted.Name : Wanted.Value;
                    continue;
                case Wanted.Name or Wanted.NameOrEnd when next == '"':
                    at++;
                    return ReadName(chunk, ref at, ref text);
                case Wanted.NameOrEnd or Wanted.ValueOrEnd or Wanted.CommaOrEnd when next is (byte)'}' or (byte)']':
                    return ReadEnd(next, ref at);
                case Wanted.Value or Wanted.ValueOrEnd:
                    return ReadValue(chunk, ref at, whole, ref text);
                default:
                    return FailWanted();
            }
        }

        return JsonTokenKind.None;
    }

    private JsonTokenKind ReadOn(ReadOnlySpan<byte> chunk, ref int at, bool whole, ref ReadOnlySpan<byte> text) => _inside switch
    {
        Inside.Name => ReadCutString(chunk, ref at, whole: true, ref text),
        Inside.String => ReadCutString(chunk, ref at, whole, ref text),
        Inside.Number => ReadNumber(chunk, ref at, ref text),
        _ => ReadLiteral(chunk, ref at),
    };

    private JsonTokenKind ReadValue(ReadOnlySpan<byte> chunk, ref int at, bool whole, ref ReadOnlySpan<byte> text)
    {
        if (++_values > limits.MaxValues)
        {
            return Fail(JsonFault.Limit($"more than {limits.MaxValues} values"));
        }

        switch (chunk[at])
        {
            case (byte)'"':
                at++;
                return ReadString(chunk, ref at, whole, ref text);
            case (byte)'{':
                at++;
                return Open(isObject: true);
            case (byte)'[':
                at++;
                return Open(isObject: false);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                _gathered.Clear();
                return ReadNumber(chunk, ref at, ref text);
            case (byte)'t':
                return StartLiteral(JsonTokenKind.True, chunk, ref at);
            case (byte)'f':
                return StartLiteral(JsonTokenKind.False, chunk, ref at);
            case (byte)'n':
                return StartLiteral(JsonTokenKind.Null, chunk, ref at);
            default:
                return FailValue(chunk[at], at);
        }
    }

    private JsonTokenKind Open(bool isObject)
    {
        if (_depth == limits.MaxDepth)
        {
            return Fail(JsonFault.Limit($"nested more than {limits.MaxDepth} deep"));
        }

        ulong bit = 1UL << _depth;
        _objects[_depth / 64] = isObject ? _objects[_depth / 64] | bit : _objects[_depth / 64] & ~bit;
        _depth++;
        _inObject = isObject;
        _wanted = isObject ? Wanted.NameOrEnd : Wanted.ValueOrEnd;
        return isObject ? JsonTokenKind.ObjectStart : JsonTokenKind.ArrayStart;
    }

    private JsonTokenKind ReadEnd(byte bracket, ref int at)
    {
        if (bracket == '}' != _inObject)
        {
            return Fail(_inObject ? JsonFault.CommaOrBraceWanted : JsonFault.CommaOrBracketWanted);
        }

        at++;
        _depth--;
        _inObject = _depth > 0 && (_objects[(_depth - 1) / 64] & (1UL << (_depth - 1))) != 0;
        EndValue();
        return bracket == '}' ? JsonTokenKind.ObjectEnd : JsonTokenKind.ArrayEnd;
    }

    private void EndValue() => _wanted = _depth == 0 ? Wanted.Nothing : Wanted.CommaOrEnd;

    private JsonTokenKind ReadName(ReadOnlySpan<byte> chunk, ref int at, ref ReadOnlySpan<byte> text)
    {
        if (TryReadPlain(chunk, ref at, ref text))
        {
            return FinishName(text);
        }

        StartCut(Inside.Name);
        return ReadCutString(chunk, ref at, whole: true, ref text);
    }

    private JsonTokenKind ReadString(ReadOnlySpan<byte> chunk, ref int at, bool whole, ref ReadOnlySpan<byte> text)
    {
        if (TryReadPlain(chunk, ref at, ref text))
        {
            return FinishString(whole, text);
        }

        StartCut(Inside.String);
        return ReadCutString(chunk, ref at, whole, ref text);
    }

    /// <summary>The common case: a string of printable ASCII that the chunk holds to its closing quote.</summary>
    private static bool TryReadPlain(ReadOnlySpan<byte> chunk, ref int at, ref ReadOnlySpan<byte> text)
    {
        int run = JsonText.PlainRun(chunk[at..]);
        if (at + run == chunk.Length || chunk[at + run] != '"')
        {
            return false;
        }

        text = chunk.Slice(at, run);
        at += run + 1;
        return true;
    }

    private void StartCut(Inside inside)
    {
        _gathered.Clear();
        _gatheredTaken = false;
        _inside = inside;
    }

    /// <summary>Reads a string that has escapes, wide characters or a chunk's end in it.</summary>
    private JsonTokenKind ReadCutString(ReadOnlySpan<byte> chunk, ref int at, bool whole, ref ReadOnlySpan<byte> text)
    {
        if (_gatheredTaken)
        {
            StartCut(_inside);
        }

        while (at < chunk.Length)
        {
            if (_cutLength > 0)
            {
                if (!TryReadCutUnit(chunk, ref at))
                {
                    return JsonTokenKind.Error;
                }

                continue;
            }

            ReadOnlySpan<byte> rest = chunk[at..];
            if (!JsonText.TryMeasureRun(rest, out int run))
            {
                return Fail(JsonFault.InvalidUtf8);
            }

            if (run >= RunWorthAPart && !whole)
            {
                if (_gathered.Length > 0)
                {
                    return TakeGathered(ref text);
                }

                text = rest[..run];
                at += run;
                return JsonTokenKind.StringPart;
            }

            _gathered.Append(rest[..run]);
            at += run;
            if (run < rest.Length && rest[run] == '"')
            {
                at++;
                text = _gathered.Span;
                return _inside == Inside.Name ? FinishName(text) : FinishString(whole, text);
            }

            if (run < rest.Length && !TryReadUnit(rest[run..], ref at))
            {
                return JsonTokenKind.Error;
            }

            if (whole ? _gathered.Length > limits.MaxNameBytes : _gathered.Length >= GatheredPart)
            {
                return whole ? FailTooLong() : TakeGathered(ref text);
            }
        }

        return whole || _gathered.Length == 0 ? JsonTokenKind.None : TakeGathered(ref text);
    }

    private JsonTokenKind TakeGathered(ref ReadOnlySpan<byte> text)
    {
        text = _gathered.Span;
        _gatheredTaken = true;
        return JsonTokenKind.StringPart;
    }

    private bool TryReadUnit(ReadOnlySpan<byte> rest, ref int at)
    {
        if (rest[0] < 0x20)
        {
            Fail(JsonFault.UnescapedControl);
            return false;
        }

        Span<byte> decoded = stackalloc byte[4];
        switch (JsonEscape.Read(rest, decoded, out int consumed, out int written, out JsonFault? fault))
        {
            case OperationStatus.Done:
                _gathered.Append(decoded[..written]);
                at += consumed;
                return true;
            case OperationStatus.NeedMoreData:
                rest.CopyTo(_cut);
                _cutLength = rest.Length;
                at += rest.Length;
                return true;
            default:
                Fail(fault!);
                return false;
        }
    }

    /// <summary>Adds one byte to the unit that the last chunk's end cut, and takes the unit when it is complete.</summary>
    private bool TryReadCutUnit(ReadOnlySpan<byte> chunk, ref int at)
    {
        _cut[_cutLength++] = chunk[at++];
        Span<byte> decoded = stackalloc byte[4];
        switch (JsonEscape.Read(_cut.AsSpan(0, _cutLength), decoded, out _, out int written, out JsonFault? fault))
        {
            case OperationStatus.Done:
                _gathered.Append(decoded[..written]);
                _cutLength = 0;
                return true;
            case OperationStatus.NeedMoreData:
                return true;
            default:
                Fail(fault!);
                return false;
        }
    }

    private JsonTokenKind FinishName(ReadOnlySpan<byte> text)
    {
        if (text.Length > limits.MaxNameBytes)
        {
            return FailTooLong();
        }

        _inside = Inside.Nothing;
        _wanted = Wanted.Colon;
        return JsonTokenKind.Name;
    }

    private JsonTokenKind FinishString(bool whole, ReadOnlySpan<byte> text)
    {
        if (whole && text.Length > limits.MaxNameBytes)
        {
            return FailTooLong();
        }

        _inside = Inside.Nothing;
        EndValue();
        return JsonTokenKind.String;
    }

    private JsonTokenKind ReadNumber(ReadOnlySpan<byte> chunk, ref int at, ref ReadOnlySpan<byte> text)
    {
        int end = at;
        while (end < chunk.Length && chunk[end] is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.' or (byte)'e' or (byte)'E')
        {
            end++;
        }

        ReadOnlySpan<byte> digits = chunk[at..end];
        if (_gathered.Length + digits.Length > limits.MaxNumberBytes)
        {
            return Fail(JsonFault.Limit($"a number of more than {limits.MaxNumberBytes} bytes"));
        }

        at = end;
        if (end < chunk.Length && _inside == Inside.Nothing)
        {
            return FinishNumber(digits, ref text);
        }

        _inside = Inside.Number;
        _gathered.Append(digits);
        return end < chunk.Length ? FinishNumber(_gathered.Span, ref text) : JsonTokenKind.None;
    }

    private JsonTokenKind FinishNumber(ReadOnlySpan<byte> digits, ref ReadOnlySpan<byte> text)
    {
        if (!NumberText.IsNumber(digits))
        {
            return Fail(JsonFault.MalformedNumber);
        }

        text = digits;
        _inside = Inside.Nothing;
        EndValue();
        return JsonTokenKind.Number;
    }

    private JsonTokenKind StartLiteral(JsonTokenKind literal, ReadOnlySpan<byte> chunk, ref int at)
    {
        (_literal, _literalMatched, _inside) = (literal, 0, Inside.Literal);
        return ReadLiteral(chunk, ref at);
    }

    private JsonTokenKind ReadLiteral(ReadOnlySpan<byte> chunk, ref int at)
    {
        ReadOnlySpan<byte> word = _literal switch
        {
            JsonTokenKind.True => "true"u8,
            JsonTokenKind.False => "false"u8,
            _ => "null"u8,
        };
        while (at < chunk.Length && _literalMatched < word.Length)
        {
            if (chunk[at] != word[_literalMatched])
            {
                return Fail(JsonFault.ValueWanted);
            }

            at++;
            _literalMatched++;
        }

        if (_literalMatched < word.Length)
        {
            return JsonTokenKind.None;
        }

        _inside = Inside.Nothing;
        EndValue();
        return _literal;
    }

    private JsonTokenKind FailWanted() => Fail(_wanted switch
    {
        Wanted.Colon => JsonFault.ColonWanted,
        Wanted.CommaOrEnd when _inObject => JsonFault.CommaOrBraceWanted,
        Wanted.CommaOrEnd => JsonFault.CommaOrBracketWanted,
        Wanted.Nothing => JsonFault.TextAfterEnd,
        _ => JsonFault.NameWanted,
    });

    private JsonTokenKind FailValue(byte first, int at) =>
        Fail(first == 0xEF && _before + at == 0 ? JsonFault.ByteOrderMark : JsonFault.ValueWanted);

    private JsonTokenKind FailTooLong() => Fail(JsonFault.Limit($"a name or text of more than {limits.MaxNameBytes} bytes"));

    [MemberNotNull(nameof(Fault))]
    private JsonTokenKind Fail(JsonFault fault)
    {
        Fault = fault;
        return JsonTokenKind.Error;
    }
}
