using System.Buffers;

namespace Gateway.Core.Json;

/// <summary>
/// Reads what stands between two quotes (RFC 8259, section 7) as it arrives, in chunks that may end at any byte, inside of an escape or a
/// code point too. Strings that are wanted whole are gathered; others are handed on in parts, so that a long one is never held.
/// </summary>
internal sealed class JsonStringReader(JsonLimits limits)
{
    /// <summary>
    /// A run of at least this many bytes is handed on in place; shorter ones, between escapes, are gathered into one part.
    /// </summary>
    private const int RunWorthAPart = 256;

    /// <summary>How much is gathered before it is handed on as a part.</summary>
    private const int GatheredPart = 4096;

    private readonly byte[] _cut = new byte[JsonEscape.MaxLength];

    private PooledText _gathered;
    private bool _gatheredTaken;
    private int _cutLength;

    /// <summary>Why <see cref="Read"/> answered <see cref="JsonTokenKind.Error"/>.</summary>
    public JsonFault? Fault { get; private set; }

    /// <summary>What is wrong with a string that is wanted whole and too long for that.</summary>
    public static JsonFault TooLong(JsonLimits limits) => JsonFault.Limit($"a name or text of more than {limits.MaxNameBytes} bytes");

    /// <summary>Gives the memory back.</summary>
    public void Reset()
    {
        _gathered.Free();
        (_gatheredTaken, _cutLength, Fault) = (false, 0, null);
    }

    /// <summary>The common case: a string of printable ASCII that the chunk holds to its closing quote.</summary>
    public static bool TryReadPlain(ReadOnlySpan<byte> chunk, ref int at, ref ReadOnlySpan<byte> text)
    {
        var run = JsonText.PlainRun(chunk[at..]);
        if (at + run == chunk.Length || chunk[at + run] != '"')
        {
            return false;
        }

        text = chunk.Slice(at, run);
        at += run + 1;
        return true;
    }

    /// <summary>Begins a string; the chunk stands behind its opening quote.</summary>
    public void Begin()
    {
        _gathered.Clear();
        _gatheredTaken = false;
    }

    /// <summary>Reads on, in a string that has escapes, wide characters or a chunk's end in it.</summary>
    /// <returns><see cref="JsonTokenKind.String"/> at its end, with its last part; None when the chunk is used up; a part; or an
    /// error.</returns>
    public JsonTokenKind Read(ReadOnlySpan<byte> chunk, ref int at, bool whole, ref ReadOnlySpan<byte> text)
    {
        if (_gatheredTaken)
        {
            Begin();
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

            var rest = chunk[at..];
            var run = JsonText.MeasureRun(rest);
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
            if (whole && _gathered.Length > limits.MaxNameBytes)
            {
                return Fail(TooLong(limits));
            }

            if (run < rest.Length && rest[run] == '"')
            {
                at++;
                text = _gathered.Span;
                return JsonTokenKind.String;
            }

            if (run < rest.Length && !TryReadUnit(rest[run..], ref at))
            {
                // What came before is handed on first, so that the first fault of a text is the same however it is cut.
                return whole || _gathered.Length == 0 ? JsonTokenKind.Error : TakeGathered(ref text);
            }

            if (!whole && _gathered.Length >= GatheredPart)
            {
                return TakeGathered(ref text);
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
        switch (JsonEscape.Read(rest, decoded, out var consumed, out var written, out var fault))
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
        switch (JsonEscape.Read(_cut.AsSpan(0, _cutLength), decoded, out _, out var written, out var fault))
        {
            case OperationStatus.Done:
                _gathered.Append(decoded[..written]);
                _cutLength = 0;
                return true;
            case OperationStatus.NeedMoreData:
                return true;
            default:
                // The unit starts in a chunk before.
                at -= _cutLength;
                Fail(fault!);
                return false;
        }
    }

    private JsonTokenKind Fail(JsonFault fault)
    {
        Fault = fault;
        return JsonTokenKind.Error;
    }
}
