using System.Buffers;
using System.Text;
using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Methods.Values;
using Gateway.Core.Wire;

namespace Gateway.Core.Methods;

/// <summary>
/// Writes the arguments of one call, or of one item that a caller streams, as the input that a model takes. Reusable: each input starts
/// with
/// <see cref="Begin"/>. The first error ends an input; what was written until then is to be thrown away.
/// </summary>
public sealed class ArgumentSet : IByteSink, IDisposable
{
    /// <summary>The metadata that says which method an input is for.</summary>
    public const string MethodNameKey = "_method_name";

    // Few types come near it: lists of arrays that are one digit each, and long tuples of such numbers.
    private const int MaxGrowth = 8;
    private const int MaxSmall = 1024 * 1024;

    private readonly ModelMethod _method;
    private readonly WireWriter _output;
    private readonly ArrayPool<byte> _pool;
    private readonly JsonTokenizer _tokens;
    private readonly ValueToWire _value;
    private readonly HashSet<string> _given = [];

    // Lists whose items come one by one, with anything in between.
    private readonly Dictionary<MethodField, ItemList> _lists = [];

    // The argument that was named last; where its value goes, and in a part or not.
    private MethodField _field = null!;
    private WireWriter _target;
    private bool _isInPart;
    private ArgumentError? _error;
    private long _start;
    private long _read;

    /// <summary>Prepares to write.</summary>
    /// <param name="method">The method to call.</param>
    /// <param name="plans">What to write by.</param>
    /// <param name="output">Takes the inputs as wire bytes of the request message.</param>
    /// <param name="pool">Where values are kept that have to be whole.</param>
    public ArgumentSet(ModelMethod method, ArgumentPlans plans, WireWriter output, ArrayPool<byte> pool)
    {
        (_method, _output, _target, _pool) = (method, output, output, pool);
        _tokens = new JsonTokenizer(plans.Limits);
        _value = new ValueToWire(plans, Names, pool);
    }

    /// <summary>The names of the members that were read.</summary>
    internal JsonNames Names { get; } = new();

    /// <summary>Whether an argument has begun and not ended.</summary>
    internal bool IsInValue => _value.IsOpen;

    /// <summary>Whether the next text has to be whole.</summary>
    internal bool WantsWholeText => _value.IsOpen ? _value.WantsWholeText : ValueToWire.ReadsWholeText(_field);

    /// <summary>Starts an input.</summary>
    public void Begin()
    {
        _given.Clear();
        (_start, _read) = (_output.Length, 0);
        _output.Begin(PostModelOutputsRequest.InputsFieldNumber);
        _output.Begin(Input.DataFieldNumber);
        _output.WriteBytes(_method.Metadata.Span);
    }

    /// <summary>Adds an argument as JSON; null is as good as none.</summary>
    /// <param name="name">The argument.</param>
    /// <param name="json">Its value.</param>
    /// <returns>Why it is none; null when it is one.</returns>
    public ArgumentError? Add(string name, ReadOnlySpan<byte> json)
    {
        if (Name(name) is { } unknown)
        {
            return unknown;
        }

        BeginText();
        Feed(json);
        return EndText();
    }

    /// <summary>
    /// Adds an argument as a form field, texts bare and anything else as JSON; a list may come as several fields of one name.
    /// </summary>
    /// <param name="name">The argument.</param>
    /// <param name="text">Its text, which is given back as it is read.</param>
    /// <returns>Why it is none; null when it is one.</returns>
    public ArgumentError? AddText(string name, WireWriter text)
    {
        var start = text.Written.FirstSpan;
        return Name(name) ?? (ItemOf(_field) is { } item && !start.StartsWith("["u8)
            ? BeginItem(item) ?? TakeText(item, text)
            : BeginArgument() ?? TakeText(_field, text));
    }

    /// <summary>Adds an argument as a file; a list may come as several files of one name.</summary>
    /// <param name="name">The argument.</param>
    /// <param name="content">The file's content.</param>
    /// <returns>Why it is none; null when it is one.</returns>
    public ArgumentError? AddFile(string name, ReadOnlySpan<byte> content)
    {
        if ((Name(name) ?? (ItemOf(_field) is { } item ? BeginItem(item) : BeginArgument())) is { } wrong)
        {
            return wrong;
        }

        return _value.TakeFile(content) ?? EndValue();
    }

    /// <summary>Ends an input.</summary>
    /// <param name="isLaterItem">Whether it is an item after the first of a stream, which holds no more than what streams.</param>
    /// <returns>Which required argument is not there; null when all are.</returns>
    public ArgumentError? End(bool isLaterItem = false)
    {
        var missing = _method.Arguments.FirstOrDefault(
            argument => argument.IsRequired && (argument.IsStreamed || !isLaterItem) && !_given.Contains(argument.Name));
        if (missing is not null)
        {
            return new ArgumentError(missing.Name, $"{TypeText.Of(missing)} is missing");
        }

        foreach (var (field, list) in _lists)
        {
            _output.BeginPart(field.Utf8Name);
            list.Wire.Drain(_output);
            _output.EndPart();
        }

        _lists.Clear();
        _output.End(2);
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var list in _lists.Values)
        {
            list.Wire.Dispose();
        }

        _tokens.Reset();
        _value.Dispose();
        Names.Dispose();
    }

    /// <summary>Names the argument whose value follows.</summary>
    /// <returns>Why there is none; null when there is one.</returns>
    internal ArgumentError? Name(string name)
    {
        if (_method.FindArgument(name) is { } field)
        {
            _field = field;
            return null;
        }

        var known = _method.Arguments.Length == 0 ? "none" : string.Join(", ", _method.Arguments.Select(argument => argument.Name));
        return new ArgumentError(name, $"{_method.Name} has no such argument; it has {known}");
    }

    /// <summary>Takes the next token of the argument's value.</summary>
    /// <param name="kind">The token.</param>
    /// <param name="text">Its text.</param>
    /// <param name="chunk">Where it ends.</param>
    /// <param name="at">Where the chunk goes on behind it.</param>
    /// <returns>Why it is no such value; null as long as it is one.</returns>
    internal ArgumentError? Take(JsonTokenKind kind, ReadOnlySpan<byte> text, ReadOnlySpan<byte> chunk, int at)
    {
        if (!_value.IsOpen && kind == JsonTokenKind.Null)
        {
            return null;
        }

        return (_value.IsOpen ? null : BeginArgument()) ?? _value.Take(kind, text, chunk, at) ?? (_value.IsOpen ? null : EndValue());
    }

    /// <summary>Keeps what is needed of a chunk that is used up.</summary>
    /// <returns>Why the argument is none; null as long as it is one.</returns>
    internal ArgumentError? Keep(ReadOnlySpan<byte> chunk, int upTo)
    {
        _read += upTo;
        return _output.Length - _start > MaxGrowth * _read + MaxSmall
            ? new ArgumentError(_field.Name, $"its values take more than {MaxGrowth} times the bytes of their JSON")
            : _value.Keep(chunk, upTo);
    }

    /// <inheritdoc/>
    bool IByteSink.Feed(ReadOnlySpan<byte> chunk) => Feed(chunk);

    private static MethodField? ItemOf(MethodField field) => field.Row.Form == DataForm.List && field.Items is [var item] ? item : null;

    private ArgumentError? BeginArgument()
    {
        if (!_given.Add(_field.Name))
        {
            return GivenTwice();
        }

        (_target, _isInPart) = (_output, true);
        _target.BeginPart(_field.Utf8Name);
        _value.Begin(_field, _field.Name, _target);
        return null;
    }

    private ArgumentError? BeginItem(MethodField item)
    {
        if (!_lists.TryGetValue(_field, out var list))
        {
            if (!_given.Add(_field.Name))
            {
                return GivenTwice();
            }

            _lists.Add(_field, list = new ItemList(new WireWriter(_pool)));
        }

        (_target, _isInPart) = (list.Wire, item.Row.Form != DataForm.Listed);
        if (_isInPart)
        {
            _target.BeginPart(default);
        }

        _value.Begin(item, _isInPart ? $"{_field.Name}[{list.Count++}]" : _field.Name, _target);
        return null;
    }

    private ArgumentError? EndValue()
    {
        if (_isInPart)
        {
            _target.EndPart();
        }

        return null;
    }

    private ArgumentError GivenTwice() => new(_field.Name, "it was given twice");

    private ArgumentError? TakeText(MethodField type, WireWriter text)
    {
        var isBare = type.Row.Form is DataForm.Text or DataForm.TextMessage or DataForm.Bytes
            || (type.Row.Form == DataForm.Medium && !text.Written.FirstSpan.StartsWith("{"u8));
        if (isBare)
        {
            // What is not UTF-8 is replaced.
            return Take(JsonTokenKind.String, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text.Written)), default, 0);
        }

        BeginText();
        text.Drain(this);
        var error = EndText();
        return _tokens.Fault is { Kind: JsonErrorKind.Syntax } ? _value.Misfit("a text that is not JSON") : error;
    }

    private void BeginText()
    {
        _tokens.Reset();
        Names.Reset();
        _error = null;
    }

    private bool Feed(ReadOnlySpan<byte> chunk)
    {
        for (var at = 0; _error is null;)
        {
            var kind = _tokens.Read(chunk, ref at, WantsWholeText, out var text);
            if (kind == JsonTokenKind.None)
            {
                _error = Keep(chunk, at);
                break;
            }

            TakeChecked(kind, text, chunk, at);
        }

        return _error is null;
    }

    private ArgumentError? EndText()
    {
        if (_error is null && _tokens.Finish(out var text) is not JsonTokenKind.None and var kind)
        {
            TakeChecked(kind, text, default, 0);
        }

        return _error;
    }

    private void TakeChecked(JsonTokenKind kind, ReadOnlySpan<byte> text, ReadOnlySpan<byte> chunk, int at) =>
        _error = kind == JsonTokenKind.Error ? new ArgumentError(_field.Name, _tokens.Fault!.Message)
            : Take(kind, text, chunk, at) ?? (Names.Take(kind, text) ? null : new ArgumentError(_field.Name, JsonNames.GivenTwice));

    private sealed record ItemList(WireWriter Wire)
    {
        public int Count { get; set; }
    }
}
