using System.Buffers;
using System.Text.Json;
using Gateway.Core.Wire;

namespace Gateway.Core.Json;

/// <summary>
/// Reads JSON text whole, as it arrives, under the limits that all JSON here has; for values whose type only code knows. Reusable: each
/// text starts with <see cref="Begin"/>. Not thread-safe.
/// </summary>
/// <param name="limits">What a text may hold.</param>
/// <param name="pool">Where the text is kept.</param>
public sealed class JsonTextReader(JsonLimits limits, ArrayPool<byte> pool) : IByteSink, IDisposable
{
    private static readonly JsonError GivenTwice = new(JsonErrorKind.GivenTwice, "", JsonNames.GivenTwice);

    private readonly JsonTokenizer _tokens = new(limits);
    private readonly WireWriter _text = new(pool);

    private readonly JsonNames _names = new();

    // The text was checked as it came.
    private readonly JsonDocumentOptions _options = new() { MaxDepth = limits.MaxDepth };

    private byte[]? _whole;

    /// <summary>Why the text cannot be read; null as long as it can.</summary>
    public JsonError? Error { get; private set; }

    /// <summary>What has come of the text, valid until more comes.</summary>
    public ReadOnlySequence<byte> Text => _text.Written;

    /// <summary>Whether the text's value has ended. Only what follows a bare number tells that it has.</summary>
    public bool IsAtEnd => Error is null && _tokens.IsAtEnd;

    /// <summary>The text is kept whole; then every token has its entry, and every value becomes a part of a message.</summary>
    public int Weight => 8;

    /// <summary>Starts a text, and forgets the one before.</summary>
    public void Begin()
    {
        _tokens.Reset();
        _names.Reset();
        _text.Reset();
        FreeWhole();
        Error = null;
    }

    /// <summary>Takes the next bytes of the text.</summary>
    /// <returns>False when there is an <see cref="Error"/>.</returns>
    public bool Feed(ReadOnlySpan<byte> chunk) => Feed(chunk, stopsAfterValue: false, out _);

    /// <summary>Takes the next bytes of a text that others follow, up to the end of its own value and the white space behind it.</summary>
    /// <param name="chunk">Any number of bytes; not kept.</param>
    /// <param name="consumed">How many of them belong to the text.</param>
    /// <returns>False when there is an <see cref="Error"/>.</returns>
    public bool FeedValue(ReadOnlySpan<byte> chunk, out int consumed) => Feed(chunk, stopsAfterValue: true, out consumed);

    /// <summary>Ends the text.</summary>
    /// <returns>The value, to be disposed before the next text begins; null when there is an <see cref="Error"/>.</returns>
    public JsonDocument? Complete()
    {
        if (CompleteText() is not { } text)
        {
            return null;
        }

        if (text.IsSingleSegment)
        {
            return JsonDocument.Parse(text.First, _options);
        }

        // A document is of one piece; it would make that itself, and rent it where large arrays stay.
        var length = (int)text.Length;
        _whole = LargeArrays.Pool.Rent(length);
        text.CopyTo(_whole);
        _text.Reset();
        return JsonDocument.Parse(_whole.AsMemory(0, length), _options);
    }

    /// <summary>Ends the text.</summary>
    /// <returns>The text itself, valid until the next one begins; null when there is an <see cref="Error"/>.</returns>
    public ReadOnlySequence<byte>? CompleteText()
    {
        if (Error is null && _tokens.Finish(out _) == JsonTokenKind.Error)
        {
            Error = JsonError.Of(_tokens.Fault!, _tokens.BytesBefore);
        }

        return Error is null ? _text.Written.Slice(_tokens.MarkLength) : null;
    }

    /// <summary>Parses a part of the text, or what was made of one.</summary>
    public JsonElement Parse(ReadOnlySpan<byte> part) => JsonElement.Parse(part, _options);

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens.Reset();
        _names.Dispose();
        _text.Dispose();
        FreeWhole();
    }

    private void FreeWhole()
    {
        if (_whole is not null)
        {
            LargeArrays.Pool.Return(_whole);
            _whole = null;
        }
    }

    private bool Feed(ReadOnlySpan<byte> chunk, bool stopsAfterValue, out int consumed)
    {
        _tokens.StopsAfterValue = stopsAfterValue;
        consumed = 0;
        while (Error is null)
        {
            var kind = _tokens.Read(chunk, ref consumed, whole: false, out var name);
            if (kind == JsonTokenKind.None)
            {
                break;
            }

            Error = kind == JsonTokenKind.Error ? JsonError.Of(_tokens.Fault!, _tokens.BytesBefore + consumed)
                : _names.Take(kind, name) ? null
                : GivenTwice;
        }

        _text.WriteBytes(chunk[..consumed]);
        return Error is null;
    }
}
