using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Core.Methods.Values;

/// <summary>
/// Writes a value as data where its type has its place, token after token as its JSON arrives. Lists and what is like them are never held;
/// messages go on to their transcoder; media in one text and numeric arrays are kept until they end. The first error ends a value; what was
/// written until then is to be thrown away.
/// </summary>
/// <param name="plans">What to write by.</param>
/// <param name="names">The names of the members that were read.</param>
/// <param name="pool">Where values are kept.</param>
internal sealed class ValueToWire(ArgumentPlans plans, JsonNames names, ArrayPool<byte> pool) : IDisposable
{
    /// <summary>The member of a JSON argument's struct that holds a list.</summary>
    public const string ListKey = "_list";

    private readonly LeafToWire _leaves = new(plans.Leaves);
    private readonly JsonToProto _message = new(plans.Limits);
    private readonly WireWriter _kept = new(pool);

    // The whole value, where it goes, and where it stands; and the innermost one that has begun.
    private MethodField _root = null!;
    private WireWriter _output = null!;
    private string _path = "";
    private MethodField _type = null!;

    private Frame[] _frames = new Frame[4];
    private int _depth;

    // The value that has begun and is no frame: what it is made of, how deep in its own text the walk is, and the lengths that end with it.
    private Mode _mode;
    private int _inside;
    private int _from;
    private int _lengths;
    private long _start;

    /// <summary>How the tokens of the innermost value are to be taken.</summary>
    private enum Mode : byte
    {
        /// <summary>None has begun.</summary>
        None,

        /// <summary>A text goes to the wire in parts.</summary>
        Leaf,

        /// <summary>A medium in one text, which is kept.</summary>
        Medium,

        /// <summary>A numeric array, whose text is kept.</summary>
        Array,

        /// <summary>A message, whose text goes to its transcoder.</summary>
        Message,

        /// <summary>JSON, whose text is a message's, and kept besides.</summary>
        Json,
    }

    /// <summary>Whether the value has not ended.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether the next text has to be whole: one that stands for a number.</summary>
    public bool WantsWholeText => _mode == Mode.None && ReadsWholeText(Expected);

    private ref Frame Top => ref _frames[_depth - 1];

    // Null for an item of a tuple that has no more.
    private MethodField? Expected => _depth > 0 ? Top.Next : _root;

    /// <summary>Starts a value.</summary>
    /// <param name="type">What it has to be.</param>
    /// <param name="path">Where it stands, for errors.</param>
    /// <param name="output">Takes the data's fields.</param>
    public void Begin(MethodField type, string path, WireWriter output)
    {
        (_root, _type, _path, _output) = (type, type, path, output);
        (_depth, _mode, _lengths, IsOpen) = (0, Mode.None, 0, true);
        _leaves.Reset(output);
    }

    /// <summary>Takes the value's next token.</summary>
    /// <param name="kind">The token.</param>
    /// <param name="text">Its text.</param>
    /// <param name="chunk">Where it ends.</param>
    /// <param name="at">Where the chunk goes on behind it.</param>
    /// <returns>Why it is no such value; null as long as it is one.</returns>
    public ArgumentError? Take(JsonTokenKind kind, ReadOnlySpan<byte> text, ReadOnlySpan<byte> chunk, int at)
    {
        switch (_mode)
        {
            case Mode.Leaf:
                return EndLeaf(_leaves.WriteOn(kind, text), kind, text);
            case Mode.Medium:
                return TakeMedium(kind, text);
            case Mode.Array or Mode.Message or Mode.Json:
                _inside += Nesting(kind);
                return _inside > 0 ? null : Keep(chunk, at) ?? EndKept();
            default:
                return kind switch
                {
                    _ when _depth > 0 && (Top.Excess > 0 || (Top.Next is null && Top.Type.Row.Form == DataForm.Tuple && !IsEndOf(kind))) =>
                        TakeExcess(kind),
                    JsonTokenKind.Name => TakeName(text),
                    JsonTokenKind.ObjectEnd or JsonTokenKind.ArrayEnd => EndFrame(),
                    _ => TakeItem(kind, text, at),
                };
        }
    }

    /// <summary>Keeps what is needed of a chunk that is used up.</summary>
    /// <returns>Why it is no such value; null as long as it is one.</returns>
    public ArgumentError? Keep(ReadOnlySpan<byte> chunk, int upTo)
    {
        if (_mode < Mode.Array)
        {
            return null;
        }

        var part = chunk[_from..upTo];
        _from = 0;
        if (_mode != Mode.Message)
        {
            _kept.WriteBytes(part);
        }

        return _mode == Mode.Array || _message.Feed(part) ? null : Error(_message.Error!.ToString());
    }

    /// <summary>Takes the value whole, as a file's content.</summary>
    /// <returns>Why it is none; null when it is one.</returns>
    public ArgumentError? TakeFile(ReadOnlySpan<byte> content)
    {
        var row = _type.Row;
        if (row.Form is DataForm.Text or DataForm.TextMessage && !Utf8.IsValid(content))
        {
            return Error("the file is not UTF-8 text");
        }

        if (row.Form is not (DataForm.Text or DataForm.Bytes or DataForm.TextMessage or DataForm.Medium))
        {
            return Misfit("a file");
        }

        Open(row.Fields[0]);
        if (row.Form == DataForm.TextMessage)
        {
            Open(Text.RawFieldNumber);
        }
        else if (row.Form == DataForm.Medium)
        {
            Open(Image.Base64FieldNumber); // all of them have it
        }

        _output.WriteBytes(content);
        return EndValue();
    }

    /// <summary>What is wrong with a value of another type.</summary>
    /// <param name="given">What it is, with an article.</param>
    public ArgumentError Misfit(string given) => Error(_type switch
    {
        { Row.Form: DataForm.Any } => "the gateway does not know its type, and cannot send a value of it",
        { Row.Form: DataForm.List, Items: not [_] } => "the model does not say what the list holds, so that the gateway cannot send one",
        { Row.Form: DataForm.Json } => $"{TypeText.Of(_type)} was expected, which is an object or a list; {given} was given",
        _ => $"{TypeText.Of(_type)} was expected, {given} was given",
    });

    /// <summary>Whether a text that is a value of a type has to be whole: one that stands for a number.</summary>
    /// <param name="type">The type; null for a value that is skipped.</param>
    public static bool ReadsWholeText(MethodField? type) => type?.Row.Form is DataForm.Number or DataForm.Array;

    /// <inheritdoc/>
    public void Dispose()
    {
        _message.Dispose();
        _kept.Dispose();
    }

    // Values

    private ArgumentError? TakeItem(JsonTokenKind kind, ReadOnlySpan<byte> text, int at)
    {
        var type = _type = Expected!;
        if (_depth > 0)
        {
            BeginItem(ref Top);
        }

        var isText = kind is JsonTokenKind.String or JsonTokenKind.StringPart;
        switch (type.Row.Form)
        {
            case DataForm.Text or DataForm.Bytes when isText:
            case DataForm.Whole when kind == JsonTokenKind.Number:
            case DataForm.Number when kind == JsonTokenKind.Number
                || (kind == JsonTokenKind.String && NumberText.ReadNotFinite(text, out _) is null):
            case DataForm.Truth when kind is JsonTokenKind.True or JsonTokenKind.False:
                return TakeLeaf(plans.FieldOf(type.Row), kind, text);
            case DataForm.TextMessage when isText:
                Open(type.Row.Fields[0]);
                return TakeLeaf(plans.Raw, kind, text);
            case DataForm.Medium when isText:
                BeginKept(Mode.Medium);
                return TakeMedium(kind, text);
            case DataForm.Medium or DataForm.TextMessage or DataForm.Listed when kind == JsonTokenKind.ObjectStart:
                return BeginMessage(plans.FieldOf(type.Row), at);
            case DataForm.Array:
                return BeginArray(kind, text, at);
            case DataForm.Json when kind is JsonTokenKind.ObjectStart or JsonTokenKind.ArrayStart:
                return BeginJson(kind, at);
            case DataForm.List when kind == JsonTokenKind.ArrayStart && type.Items is [_]:
            case DataForm.Tuple when kind == JsonTokenKind.ArrayStart:
            case DataForm.Named when kind == JsonTokenKind.ObjectStart:
                Push(type);
                return null;
            default:
                return Misfit(kind, text);
        }
    }

    private ArgumentError? TakeLeaf(FieldPlan field, JsonTokenKind kind, ReadOnlySpan<byte> text) =>
        EndLeaf(_leaves.Write(field, kind, text), kind, text);

    private ArgumentError? EndLeaf(JsonFault? fault, JsonTokenKind kind, ReadOnlySpan<byte> text)
    {
        _mode = _leaves.IsOpen ? Mode.Leaf : Mode.None;
        return fault is not null ? Error(fault, kind, text) : _leaves.IsOpen ? null : EndValue();
    }

    private ArgumentError? TakeMedium(JsonTokenKind kind, ReadOnlySpan<byte> text)
    {
        _kept.WriteBytes(text);
        if (kind == JsonTokenKind.StringPart)
        {
            return null;
        }

        Open(_type.Row.Fields[0]);
        return MediumText.TryWrite(_kept.Written, _output)
            ? EndValue()
            : Error($"{TypeText.Of(_type)} was expected: a URL, a data URL, base64, or an object with url or base64");
    }

    private ArgumentError? BeginMessage(FieldPlan field, int at)
    {
        Open(field.Number);
        _start = _output.Length;
        _message.Begin(field.Message!, _output);
        BeginText(Mode.Message, at);
        return null;
    }

    // Models served by Clarifai's SDK up to 11.10.2 look for JSON as text, newer ones for a struct; neither minds the other.
    private ArgumentError? BeginJson(JsonTokenKind kind, int at)
    {
        Open(Data.StructValueFieldNumber);
        if (kind == JsonTokenKind.ArrayStart)
        {
            Open(Struct.FieldsFieldNumber);
            _output.Begin(1); // an entry's key
            _output.WriteBytes(Encoding.UTF8.GetBytes(ListKey));
            _output.EndLength();
            Open(2); // and its value
            Open(Value.ListValueFieldNumber);
        }

        _message.Begin(kind == JsonTokenKind.ArrayStart ? plans.List : plans.Struct, _output);
        BeginText(Mode.Json, at);
        return null;
    }

    private ArgumentError? BeginArray(JsonTokenKind kind, ReadOnlySpan<byte> text, int at)
    {
        if (kind is JsonTokenKind.ObjectStart or JsonTokenKind.ArrayStart)
        {
            BeginText(Mode.Array, at);
            return null;
        }

        BeginKept(Mode.Array);
        WriteScalar(kind, text);
        return EndKept();
    }

    private void WriteScalar(JsonTokenKind kind, ReadOnlySpan<byte> text)
    {
        if (kind == JsonTokenKind.String)
        {
            _kept.WriteBytes(JsonSerializer.SerializeToUtf8Bytes(Encoding.UTF8.GetString(text)));
            return;
        }

        _kept.WriteBytes(kind switch
        {
            JsonTokenKind.True => "true"u8,
            JsonTokenKind.False => "false"u8,
            JsonTokenKind.Null => "null"u8,
            _ => text,
        });
    }

    private void BeginText(Mode mode, int at)
    {
        BeginKept(mode);
        (_inside, _from) = (1, at - 1);
    }

    private void BeginKept(Mode mode)
    {
        _mode = mode;
        _kept.Reset();
    }

    private ArgumentError? EndKept()
    {
        switch (_mode)
        {
            case Mode.Array:
                Open(Data.NdarrayFieldNumber);
                return NumericArray.Write(_kept.Written, _output) is { } wrong ? Error(wrong) : EndValue();
            case Mode.Json:
                _output.End(_lengths);
                _lengths = 0;
                Open(Data.StringValueFieldNumber);
                _kept.Drain(_output);
                return EndValue();
            default:
                return _type.Row.Form == DataForm.Medium && _output.Length == _start
                    ? Error($"{TypeText.Of(_type)} was expected: an object needs the member url or base64")
                    : EndValue();
        }
    }

    private void Open(int field)
    {
        _output.Begin(field);
        _lengths++;
    }

    private ArgumentError? EndValue()
    {
        _output.End(_lengths);
        (_lengths, _mode) = (0, Mode.None);
        IsOpen = _depth > 0;
        if (IsOpen && !Top.IsOwnList)
        {
            _output.EndPart();
        }

        return null;
    }

    // Lists, tuples, named fields

    private void Push(MethodField type)
    {
        if (_depth == _frames.Length)
        {
            System.Array.Resize(ref _frames, _depth * 2);
        }

        _frames[_depth++] = new Frame(type);
    }

    private void BeginItem(ref Frame frame)
    {
        frame.Count++;
        if (frame.IsOwnList)
        {
            return;
        }

        Span<byte> index = stackalloc byte[16];
        var length = 0;
        if (frame.Type.Row.Form == DataForm.Tuple)
        {
            (frame.Count - 1).TryFormat(index, out length, default, CultureInfo.InvariantCulture);
        }

        _output.BeginPart(frame.Type.Row.Form == DataForm.Named ? frame.Next!.Utf8Name : index[..length]);
    }

    private ArgumentError? TakeName(ReadOnlySpan<byte> name)
    {
        ref var top = ref Top;
        top.Named = null;
        foreach (var item in top.Type.Items)
        {
            if (name.SequenceEqual(item.Utf8Name))
            {
                top.Named = item;
                return null;
            }
        }

        return new ArgumentError($"{Path()}.{Encoding.UTF8.GetString(name)}", $"there is no such field in {TypeText.Of(top.Type)}");
    }

    private ArgumentError? EndFrame()
    {
        var ended = Top;
        _depth--;
        if (ended.Type.Row.Form == DataForm.Tuple && ended.Count != ended.Type.Items.Length)
        {
            return Error($"{TypeText.Of(ended.Type)} was expected, a list of {ended.Count} was given");
        }

        // No name came twice, and none that is not among the fields.
        if (ended.Type.Row.Form == DataForm.Named && ended.Count < ended.Type.Items.Length)
        {
            var missing = ended.Type.Items.FirstOrDefault(item => !names.Contains(item.Utf8Name)) ?? ended.Type.Items[^1];
            return new ArgumentError($"{Path()}.{missing.Name}", $"{TypeText.Of(missing)} is missing");
        }

        return EndValue();
    }

    // Items behind the last of a tuple are counted alone.
    private ArgumentError? TakeExcess(JsonTokenKind kind)
    {
        ref var top = ref Top;
        top.Excess += Nesting(kind);
        top.Count += top.Excess == 0 && kind != JsonTokenKind.StringPart ? 1 : 0;
        return null;
    }

    private static int Nesting(JsonTokenKind kind) => kind switch
    {
        JsonTokenKind.ObjectStart or JsonTokenKind.ArrayStart => 1,
        _ => IsEndOf(kind) ? -1 : 0,
    };

    private static bool IsEndOf(JsonTokenKind kind) => kind is JsonTokenKind.ObjectEnd or JsonTokenKind.ArrayEnd;

    // Errors

    // What is of the type's kind, and is none of its values, is told what the values are.
    private ArgumentError Error(JsonFault fault, JsonTokenKind kind, ReadOnlySpan<byte> text) =>
        fault == JsonFault.NotAnInteger || fault == JsonFault.NotBase64 ? Misfit(kind, text)
        : _type.Row.Form is DataForm.Whole or DataForm.Number ? Error($"{Shown(text)} is {fault.Message} for {_type.Row.Name}")
        : Error(fault.Message);

    private ArgumentError Misfit(JsonTokenKind kind, ReadOnlySpan<byte> text) => Misfit(kind switch
    {
        JsonTokenKind.ObjectStart => "an object",
        JsonTokenKind.ArrayStart => "a list",
        JsonTokenKind.String or JsonTokenKind.StringPart when _type.Row.Form == DataForm.Bytes => "a text that is not base64",
        JsonTokenKind.String or JsonTokenKind.StringPart => "a text",
        JsonTokenKind.Number when _type.Row.Form is DataForm.Whole or DataForm.Number => Shown(text),
        JsonTokenKind.Number => "a number",
        JsonTokenKind.Null => "null",
        _ => "a truth value",
    });

    private static string Shown(ReadOnlySpan<byte> number) => Encoding.UTF8.GetString(number[..Math.Min(number.Length, 40)]);

    private ArgumentError Error(string message) => new(Path(), message);

    private string Path()
    {
        var path = new StringBuilder(_path);
        foreach (ref var frame in _frames.AsSpan(0, _depth))
        {
            if (frame.Type.Row.Form != DataForm.Named)
            {
                path.Append(CultureInfo.InvariantCulture, $"[{frame.Count - 1}]");
            }
            else if (frame.Named is { } field)
            {
                path.Append('.').Append(field.Name);
            }
        }

        return path.ToString();
    }

    /// <summary>A list, a tuple or an object of named fields that is open.</summary>
    private struct Frame(MethodField type)
    {
        /// <summary>Its type.</summary>
        public readonly MethodField Type = type;

        /// <summary>The items or members that have begun.</summary>
        public int Count;

        /// <summary>The field that was named last.</summary>
        public MethodField? Named;

        /// <summary>How deep the walk is inside of an item too many.</summary>
        public int Excess;

        /// <summary>Whether the items stand in a field of their own instead of in parts.</summary>
        public readonly bool IsOwnList => Type.Row.Form == DataForm.List && Type.Items[0].Row.Form == DataForm.Listed;

        /// <summary>What the next item is; null when there is to be none.</summary>
        public readonly MethodField? Next => Type.Row.Form switch
        {
            DataForm.List => Type.Items[0],
            DataForm.Tuple => Count < Type.Items.Length ? Type.Items[Count] : null,
            _ => Named,
        };
    }
}
