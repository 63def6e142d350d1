using Gateway.Core.Json;

namespace Gateway.Core.Transcoding;

/// <summary>
/// The text of a <c>google.protobuf.Any</c> whose first member is not its <c>@type</c>: kept, within a limit, until it ends, and then read
/// again. <c>{"value": "1s", "@type": "type.googleapis.com/google.protobuf.Duration"}</c> is as good as the other way round.
/// </summary>
internal sealed class AnyCapture : IDisposable
{
    private readonly JsonLimits _limits;
    private readonly int _depth;
    private PooledText _text;
    private bool _typeFollows;
    private int _from;

    /// <summary>Begins after the first member's name.</summary>
    /// <param name="depth">The tokenizer's depth inside of the object.</param>
    /// <param name="name">The name.</param>
    /// <param name="from">Where the chunk goes on after it.</param>
    /// <param name="limits">How much may be kept.</param>
    public AnyCapture(int depth, ReadOnlySpan<byte> name, int from, JsonLimits limits)
    {
        (_depth, _from, _limits) = (depth, from, limits);
        KeepName(name);
    }

    /// <summary>Whether the next string is the <c>@type</c>, which has to be whole.</summary>
    public bool WantsWholeText => _typeFollows;

    /// <summary>The <c>@type</c>; null as long as there is none.</summary>
    public byte[]? TypeUrl { get; private set; }

    /// <summary>The whole object, once it ended.</summary>
    public ReadOnlySpan<byte> Text => _text.Span;

    /// <summary>Keeps the chunk up to where it was read. What comes next comes from the next chunk.</summary>
    public JsonFault? Keep(ReadOnlySpan<byte> chunk, int upTo)
    {
        var more = chunk[_from..upTo];
        _from = 0;
        if (_text.Length + more.Length > _limits.MaxAnyBytes)
        {
            return JsonFault.Limit($"a google.protobuf.Any of more than {_limits.MaxAnyBytes} bytes whose \"@type\" does not come first");
        }

        _text.Append(more);
        return null;
    }

    /// <summary>Looks at the next token; <paramref name="ended"/> tells that it was the object's end.</summary>
    public JsonFault? Look(JsonTokenKind token, ReadOnlySpan<byte> text, int tokenDepth, out bool ended)
    {
        ended = token == JsonTokenKind.ObjectEnd && tokenDepth < _depth;
        if (token == JsonTokenKind.Name)
        {
            _typeFollows = tokenDepth == _depth && text.SequenceEqual(AnyFields.TypeMember);
            return _typeFollows && TypeUrl is not null ? JsonFault.TypeGivenTwice : null;
        }

        if (!_typeFollows)
        {
            return null;
        }

        _typeFollows = false;
        TypeUrl = token == JsonTokenKind.String ? text.ToArray() : null;
        return TypeUrl is null ? JsonFault.StringWanted : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Free();

    private void KeepName(ReadOnlySpan<byte> name)
    {
        Span<byte> escape = stackalloc byte[JsonText.MaxEscape];
        _text.Append("{\""u8);
        while (name.Length > 0)
        {
            var run = JsonText.RunToEscape(name);
            _text.Append(name[..run]);
            name = name[run..];
            if (name.Length > 0)
            {
                _text.Append(escape[..JsonText.Escape(name[0], escape)]);
                name = name[1..];
            }
        }

        _text.Append("\""u8);
    }
}
