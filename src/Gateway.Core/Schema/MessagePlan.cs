using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gateway.Core.Json;
using Gateway.Core.Wire;
using Google.Protobuf.Reflection;

namespace Gateway.Core.Schema;

/// <summary>
/// A message type, compiled for both walkers in one dialect. Immutable once its <see cref="ApiSchema"/> is there; shared by all threads.
/// </summary>
public sealed class MessagePlan
{
    /// <summary>Field numbers up to this are found by index, larger ones by search.</summary>
    private const int DirectNumbers = 256;

    /// <summary>Tags of one byte, which most are, have a table of their own.</summary>
    private const int ShortTags = 0x80;

    private FieldPlan[] _fields = [];
    private FieldPlan?[] _byNumber = [];
    private FieldPlan?[] _byShortTag = [];
    private FieldPlan?[] _flatByShortTag = [];
    private NameTable<FieldPlan> _byName = NameTable<FieldPlan>.Empty;

    internal MessagePlan(MessageDescriptor descriptor, FieldKind kind, JsonDialect dialect, TypeRegistry types)
    {
        Descriptor = descriptor;
        Kind = kind;
        Dialect = dialect;
        Types = types;
    }

    /// <summary>What the plan was compiled from.</summary>
    public MessageDescriptor Descriptor { get; }

    /// <summary>The full protobuf name, such as <c>clarifai.api.Input</c>.</summary>
    public string FullName => Descriptor.FullName;

    /// <summary><see cref="FieldKind.Message"/>, or the well-known type that this is.</summary>
    public FieldKind Kind { get; }

    /// <summary>The fields that JSON knows, by number. Private ones are not among them where the dialect hides them.</summary>
    public IReadOnlyList<FieldPlan> Fields => _fields;

    /// <summary>How JSON looks.</summary>
    internal JsonDialect Dialect { get; }

    /// <summary>The message as the whole of a JSON text: without tag and length.</summary>
    internal FieldPlan AsRoot { get; private set; } = null!;

    /// <summary>The message as the <c>value</c> of a <c>google.protobuf.Any</c>.</summary>
    internal FieldPlan AsAnyValue { get; private set; } = null!;

    /// <summary>The types that an <c>Any</c> of the same schema may hold.</summary>
    internal TypeRegistry Types { get; }

    /// <summary>The fields that a text which leaves them out gives a value to.</summary>
    internal FieldPlan[] DefaultFields { get; private set; } = [];

    /// <summary>The fields shown when empty, by number.</summary>
    internal FieldPlan[] ShownFields { get; private set; } = [];

    /// <summary>Whether there are messages of flat fields alone.</summary>
    internal bool CanBeFlat { get; private set; }

    /// <summary>Oneofs that the message declares.</summary>
    internal int OneofCount { get; private set; }

    /// <summary>Finds a field by either of its names.</summary>
    /// <param name="name">The proto name or the JSON name, UTF-8, unescaped.</param>
    /// <param name="field">The field.</param>
    public bool TryGetField(ReadOnlySpan<byte> name, [NotNullWhen(true)] out FieldPlan? field) => _byName.TryGet(name, out field);

    /// <summary>Finds a field by its number; null when the message has none such that JSON knows.</summary>
    /// <param name="number">Any number.</param>
    public FieldPlan? FieldByNumber(int number)
    {
        if ((uint)number < (uint)_byNumber.Length)
        {
            return _byNumber[number];
        }

        return number < DirectNumbers ? null : SearchNumber(number);
    }

    /// <summary>Finds the field of a tag; null when there is none of that number, or its wire type is not one of the field's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal FieldPlan? FieldByTag(uint tag)
    {
        return tag < (uint)_byShortTag.Length ? _byShortTag[tag] : FindByTag(tag);
    }

    /// <summary>Finds the field of a tag when it is flat; null when it is not, or its tag is longer than a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal FieldPlan? FlatFieldByTag(uint tag) => tag < (uint)_flatByShortTag.Length ? _flatByShortTag[tag] : null;

    /// <inheritdoc/>
    public override string ToString() => FullName;

    /// <summary>Fills the plan in; its compiler's last word, because messages refer to one another in circles.</summary>
    internal void Complete(FieldPlan[] fields, int oneofCount, FieldPlan asRoot, FieldPlan asAnyValue)
    {
        _fields = fields;
        OneofCount = oneofCount;
        AsRoot = asRoot;
        AsAnyValue = asAnyValue;
        DefaultFields = [.. fields.Where(f => f.DefaultFloat is not null)];
        ShownFields = [.. fields.Where(f => f.ShowIfEmpty)];
        _byName = NameTable<FieldPlan>.Build(fields.SelectMany(f => NamesOf(f).Select(name => (name, f))));

        FieldPlan[] direct = [.. fields.Where(f => f.Number < DirectNumbers)];
        _byNumber = new FieldPlan?[direct.Length == 0 ? 0 : direct[^1].Number + 1];
        foreach (var field in direct)
        {
            _byNumber[field.Number] = field;
        }

        _byShortTag = [.. Enumerable.Range(0, ShortTags).Select(tag => FindByTag((uint)tag))];
        _flatByShortTag = [.. _byShortTag.Select(field => field is { IsFlat: true } ? field : null)];
        CanBeFlat = ShownFields.All(field => field.IsFlat) && _flatByShortTag.Any(field => field is not null);
    }

    private FieldPlan? FindByTag(uint tag) =>
        FieldByNumber((int)(tag >> 3)) is { } field && field.Accepts((WireType)(tag & 7)) ? field : null;

    private IEnumerable<string> NamesOf(FieldPlan field)
    {
        var descriptor = Descriptor.FindFieldByNumber(field.Number);
        return new[] { descriptor.JsonName, descriptor.Name }.Distinct();
    }

    private FieldPlan? SearchNumber(int number)
    {
        var low = 0;
        var high = _fields.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = _fields[middle].Number;
            if (found == number)
            {
                return _fields[middle];
            }

            (low, high) = found < number ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
