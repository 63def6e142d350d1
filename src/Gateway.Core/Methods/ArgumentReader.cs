using System.Buffers;
using System.Text;
using Gateway.Core.Json;
using Gateway.Core.Methods.Values;
using Gateway.Core.Wire;

namespace Gateway.Core.Methods;

/// <summary>
/// Reads the arguments of calls from JSON as it arrives: an object, or a list of objects. They go to the wire as they come; the text is
/// read to its end, as what is wrong with that comes before what is wrong with an argument. Reusable: each text starts with
/// <see cref="Begin"/>. Not thread-safe.
/// </summary>
/// <param name="method">The method to call.</param>
/// <param name="plans">What to write by.</param>
/// <param name="output">Takes the inputs as wire bytes of the request message; good for nothing once there is an error.</param>
/// <param name="pool">Where values are kept that have to be whole.</param>
/// <param name="maxInputs">The most objects that a list may have.</param>
public sealed class ArgumentReader(
    ModelMethod method, ArgumentPlans plans, WireWriter output, ArrayPool<byte> pool, int maxInputs) : IByteSink, IDisposable
{
    private static readonly ArgumentError NoObject = new("", "an object of arguments was expected");

    private readonly JsonTokenizer _tokens = new(plans.Limits);
    private readonly ArgumentSet _set = new(method, plans, output, pool);
    private bool _isLaterItem;
    private bool _isInObject;

    /// <summary>Why the text cannot be read; null as long as it can.</summary>
    public JsonError? Error { get; private set; }

    /// <summary>Why an object, the first of those, is none of arguments; null as long as all are.</summary>
    public ArgumentError? Wrong { get; private set; }

    /// <summary>The place of that object in the list.</summary>
    public int WrongAt { get; private set; }

    /// <summary>Whether that is no object at all.</summary>
    public bool IsNoObject => Wrong == NoObject;

    /// <summary>Whether the text is a list.</summary>
    public bool IsBatch { get; private set; }

    /// <summary>The items of the list that have ended, those behind the most that there may be as well.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the text's value has ended. Only what follows a bare number tells that it has.</summary>
    public bool IsAtEnd => Error is null && _tokens.IsAtEnd;

    private bool IsInList => IsBatch && _tokens.Depth == 1;

    /// <summary>Starts a text, and forgets the one before.</summary>
    /// <param name="isLaterItem">Whether it is an item after the first of a stream, which holds no more than what streams.</param>
    public void Begin(bool isLaterItem = false)
    {
        _tokens.Reset();
        _set.Names.Reset();
        (Error, Wrong, WrongAt, IsBatch, Count) = (null, null, 0, false, 0);
        (_isLaterItem, _isInObject) = (isLaterItem, false);
    }

    /// <summary>A value may be small in the text, and a message of many parts on the wire.</summary>
    public int Weight => 8;

    /// <summary>Takes the next bytes of the text.</summary>
    /// <returns>False when there is an <see cref="Error"/>.</returns>
    public bool Feed(ReadOnlySpan<byte> chunk) => Feed(chunk, stopsAfterValue: false, out _);

    /// <summary>Takes the next bytes of a text that others follow, up to the end of its own value and the white space behind it.</summary>
    /// <param name="chunk">Any number of bytes; not kept.</param>
    /// <param name="consumed">How many of them belong to the text.</param>
    /// <returns>False when there is an <see cref="Error"/>.</returns>
    public bool FeedValue(ReadOnlySpan<byte> chunk, out int consumed) => Feed(chunk, stopsAfterValue: true, out consumed);

    /// <summary>Ends the text.</summary>
    public void Complete()
    {
        if (Error is null && _tokens.Finish(out var text) is not JsonTokenKind.None and var kind)
        {
            Take(kind, text, default, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens.Reset();
        _set.Dispose();
    }

    private bool Feed(ReadOnlySpan<byte> chunk, bool stopsAfterValue, out int consumed)
    {
        _tokens.StopsAfterValue = stopsAfterValue;
        consumed = 0;
        while (Error is null)
        {
            var kind = _tokens.Read(chunk, ref consumed, Wrong is null && _isInObject && _set.WantsWholeText, out var text);
            if (kind == JsonTokenKind.None)
            {
                Note(Wrong is null ? _set.Keep(chunk, consumed) : null);
                break;
            }

            Take(kind, text, chunk, consumed);
        }

        return Error is null;
    }

    private void Take(JsonTokenKind kind, ReadOnlySpan<byte> text, ReadOnlySpan<byte> chunk, int at)
    {
        if (kind == JsonTokenKind.Error)
        {
            Error = JsonError.Of(_tokens.Fault!, _tokens.BytesBefore + at);
            return;
        }

        if (Wrong is null)
        {
            Note(_isInObject ? TakeInObject(kind, text, chunk, at) : TakeOutside(kind));
        }

        Count += IsInList && kind is not (JsonTokenKind.StringPart or JsonTokenKind.ArrayStart) ? 1 : 0;
        Error = _set.Names.Take(kind, text) ? null : new JsonError(JsonErrorKind.GivenTwice, "", JsonNames.GivenTwice);
    }

    private void Note(ArgumentError? error)
    {
        if (error is not null)
        {
            (Wrong, WrongAt) = (error, Count);
        }
    }

    private ArgumentError? TakeOutside(JsonTokenKind kind)
    {
        switch (kind)
        {
            case JsonTokenKind.ArrayStart when !IsBatch:
                IsBatch = true;
                return null;
            case JsonTokenKind.ArrayEnd:
                return null;
            case JsonTokenKind.ObjectStart when !IsBatch || Count < maxInputs:
                _isInObject = true;
                _set.Begin();
                return null;
            default:
                return NoObject;
        }
    }

    private ArgumentError? TakeInObject(JsonTokenKind kind, ReadOnlySpan<byte> text, ReadOnlySpan<byte> chunk, int at)
    {
        if (_set.IsInValue)
        {
            return _set.Take(kind, text, chunk, at);
        }

        switch (kind)
        {
            case JsonTokenKind.Name:
                return _set.Name(Encoding.UTF8.GetString(text));
            case JsonTokenKind.ObjectEnd:
                _isInObject = false;
                return _set.End(_isLaterItem);
            default:
                return _set.Take(kind, text, chunk, at);
        }
    }
}
