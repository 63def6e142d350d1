using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Json;

/// <summary>
/// Cuts JSON text (RFC 8259, strictly) into tokens as it arrives, in chunks that may end at any byte. Names, numbers and the strings that
/// its caller wants whole are gathered when a chunk's end cuts them; every other string is handed on in parts, so that a long one is never
/// held. Text is handed on unescaped and is valid UTF-8. A byte order mark in front is skipped (RFC 8259, section 8.1).
/// </summary>
internal sealed class JsonTokenizer(JsonLimits limits)
{
    private readonly ulong[] _objects = new ulong[limits.MaxDepth / 64 + 1];
    private readonly JsonStringReader _strings = new(limits);

    private PooledText _number;
    private Wanted _wanted;
    private Inside _inside;
    private JsonTokenKind _literal;
    private int _literalMatched;
    private int _depth;
    private int _values;
    private int _markMatched;
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

    /// <summary>The token that the last chunk's end cut; or that none has come yet.</summary>
    private enum Inside : byte
    {
        Start,
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

    /// <summary>Bytes of the byte order mark in front of the text; 0 when there is none.</summary>
    public int MarkLength => _markMatched;

    /// <summary>Whether the text's value has ended. Only what follows a bare number tells that it has.</summary>
    public bool IsAtEnd => _wanted == Wanted.Nothing && _inside == Inside.Nothing;

    /// <summary>Whether what follows the text's value is left for others to read, instead of being an error.</summary>
    public bool StopsAfterValue { get; set; }

    /// <summary>Starts over with a new text.</summary>
    public void Reset()
    {
        _strings.Reset();
        _number.Free();
        (_wanted, _inside, _inObject) = (Wanted.Value, Inside.Start, false);
        (_depth, _values, _markMatched, _before, Fault) = (0, 0, 0, 0, null);
    }

    /// <summary>Reads the next token.</summary>
    /// <param name="chunk">The chunk; the same one until the answer is <see cref="JsonTokenKind.None"/>, which uses it up, or what of it is
    /// to be read.</param>
    /// <param name="at">Where to read on; 0 for a new chunk.</param>
    /// <param name="whole">Whether a string value is wanted whole. Must not change inside of one.</param>
    /// <param name="text">The text of a name, string or number, valid until the next call.</param>
    public JsonTokenKind Read(ReadOnlySpan<byte> chunk, ref int at, bool whole, out ReadOnlySpan<byte> text)
    {
        text = default;
        var kind = _inside == Inside.Nothing ? ReadNew(chunk, ref at, whole, ref text) : ReadOn(chunk, ref at, whole, ref text);
        if (kind == JsonTokenKind.None)
        {
            _before += at;
        }

        return kind;
    }

    /// <summary>
    /// Ends the text: a last token that only the end tells to be complete (a bare number), <see cref="JsonTokenKind.None"/>, or an error.
    /// </summary>
    /// <param name="text">The number.</param>
    public JsonTokenKind Finish(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (_inside == Inside.Number && _depth == 0)
        {
            return FinishNumber(_number.Span, ref text);
        }

        return _wanted == Wanted.Nothing ? JsonTokenKind.None : Fail(JsonFault.EndsTooEarly);
    }

    private JsonTokenKind ReadNew(ReadOnlySpan<byte> chunk, ref int at, bool whole, ref ReadOnlySpan<byte> text)
    {
        for (; at < chunk.Length; at++)
        {
            var next = chunk[at];
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
                case Wanted.Nothing when StopsAfterValue:
                    return JsonTokenKind.None;
                default:
                    return FailWanted();
            }
        }

        return JsonTokenKind.None;
    }

    private JsonTokenKind ReadOn(ReadOnlySpan<byte> chunk, ref int at, bool whole, ref ReadOnlySpan<byte> text) => _inside switch
    {
        Inside.Start => ReadStart(chunk, ref at, whole, ref text),
        Inside.Name => ReadInParts(chunk, ref at, whole: true, ref text),
        Inside.String => ReadInParts(chunk, ref at, whole, ref text),
        Inside.Number => ReadNumber(chunk, ref at, ref text),
        _ => ReadLiteral(chunk, ref at),
    };

    private JsonTokenKind ReadStart(ReadOnlySpan<byte> chunk, ref int at, bool whole, ref ReadOnlySpan<byte> text)
    {
        var mark = "\uFEFF"u8;
        while (_markMatched < mark.Length)
        {
            if (at == chunk.Length)
            {
                return JsonTokenKind.None;
            }

            if (chunk[at] != mark[_markMatched])
            {
                if (_markMatched > 0)
                {
                    return Fail(JsonFault.ValueWanted);
                }

                break;
            }

            at++;
            _markMatched++;
        }

        _inside = Inside.Nothing;
        return ReadNew(chunk, ref at, whole, ref text);
    }

    private JsonTokenKind ReadValue(ReadOnlySpan<byte> chunk, ref int at, bool whole, ref ReadOnlySpan<byte> text)
    {
        // The whole text is no member and no element.
        if (_depth > 0 && ++_values > limits.MaxValues)
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
                _number.Clear();
                return ReadNumber(chunk, ref at, ref text);
            case (byte)'t':
                return StartLiteral(JsonTokenKind.True, chunk, ref at);
            case (byte)'f':
                return StartLiteral(JsonTokenKind.False, chunk, ref at);
            case (byte)'n':
                return StartLiteral(JsonTokenKind.Null, chunk, ref at);
            default:
                return Fail(JsonFault.ValueWanted);
        }
    }

    private JsonTokenKind Open(bool isObject)
    {
        if (_depth == limits.MaxDepth)
        {
            return Fail(JsonFault.Limit($"nested more than {limits.MaxDepth} deep"));
        }

        var bit = 1UL << _depth;
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
        if (JsonStringReader.TryReadPlain(chunk, ref at, ref text))
        {
            return FinishName(text);
        }

        _inside = Inside.Name;
        _strings.Begin();
        return ReadInParts(chunk, ref at, whole: true, ref text);
    }

    private JsonTokenKind ReadString(ReadOnlySpan<byte> chunk, ref int at, bool whole, ref ReadOnlySpan<byte> text)
    {
        if (JsonStringReader.TryReadPlain(chunk, ref at, ref text))
        {
            return FinishString(whole, text);
        }

        _inside = Inside.String;
        _strings.Begin();
        return ReadInParts(chunk, ref at, whole, ref text);
    }

    private JsonTokenKind ReadInParts(ReadOnlySpan<byte> chunk, ref int at, bool whole, ref ReadOnlySpan<byte> text)
    {
        var kind = _strings.Read(chunk, ref at, whole, ref text);
        return kind switch
        {
            JsonTokenKind.String when _inside == Inside.Name => FinishName(text),
            JsonTokenKind.String => FinishString(whole, text),
            JsonTokenKind.Error => Fail(_strings.Fault!),
            _ => kind,
        };
    }

    private JsonTokenKind FinishName(ReadOnlySpan<byte> text)
    {
        if (text.Length > limits.MaxNameBytes)
        {
            return Fail(JsonStringReader.TooLong(limits));
        }

        _inside = Inside.Nothing;
        _wanted = Wanted.Colon;
        return JsonTokenKind.Name;
    }

    private JsonTokenKind FinishString(bool whole, ReadOnlySpan<byte> text)
    {
        if (whole && text.Length > limits.MaxNameBytes)
        {
            return Fail(JsonStringReader.TooLong(limits));
        }

        _inside = Inside.Nothing;
        EndValue();
        return JsonTokenKind.String;
    }

    private JsonTokenKind ReadNumber(ReadOnlySpan<byte> chunk, ref int at, ref ReadOnlySpan<byte> text)
    {
        var end = at;
        while (end < chunk.Length
            && chunk[end] is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.' or (byte)'e' or (byte)'E')
        {
            end++;
        }

        var digits = chunk[at..end];
        if (_number.Length + digits.Length > limits.MaxNumberBytes)
        {
            return Fail(JsonFault.Limit($"a number of more than {limits.MaxNumberBytes} bytes"));
        }

        at = end;
        if (end < chunk.Length && _inside == Inside.Nothing)
        {
            return FinishNumber(digits, ref text);
        }

        _inside = Inside.Number;
        _number.Append(digits);
        return end < chunk.Length ? FinishNumber(_number.Span, ref text) : JsonTokenKind.None;
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
        var word = _literal switch
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

    [MemberNotNull(nameof(Fault))]
    private JsonTokenKind Fail(JsonFault fault)
    {
        Fault = fault;
        return JsonTokenKind.Error;
    }
}
