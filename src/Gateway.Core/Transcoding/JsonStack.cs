using Gateway.Core.Json;
using Gateway.Core.Schema;

namespace Gateway.Core.Transcoding;

/// <summary>
/// The objects and arrays that are open, innermost last, with what was given in each. Grows to the depth of the text, no further.
/// </summary>
/// <remarks>
/// Every message that is open has bits in one stack of words:
/// <code>
///   n bits: the field was named | n bits: the field was given a value, not null | one bit for each oneof that has a member
/// </code>
/// </remarks>
internal sealed class JsonStack : IDisposable
{
    private const int BitsPerWord = 64;

    private JsonFrame[] _frames = new JsonFrame[16];
    private ulong[] _bits = new ulong[16];
    private PooledText _keys;
    private int _top;
    private int _bitsEnd;
    private int _rootFields;

    /// <summary>The innermost frame.</summary>
    public ref JsonFrame Top => ref _frames[_top];

    /// <summary>Frames above the root; 1 inside of the whole text's message.</summary>
    public int Depth => _top;

    /// <summary>Starts over with the place of the whole text's value.</summary>
    public void Reset(FieldPlan root)
    {
        (_top, _bitsEnd) = (0, 0);
        _keys.Clear();
        _rootFields = root.Message!.Fields.Count;
        _frames[0] = new JsonFrame { Kind = JsonFrameKind.Root, Target = root };
        OpenBits(root.Message);
        _bitsEnd = 0;
    }

    /// <summary>Opens a message; none of its fields was given yet.</summary>
    public void PushMessage(MessagePlan message, int slots) =>
        Push(new JsonFrame { Kind = JsonFrameKind.Message, Message = message, Slots = (byte)slots, BitsAt = OpenBits(message) });

    /// <summary>Opens a list or a map.</summary>
    public void PushRepeated(FieldPlan field, int slots, int maxCount = 0) => Push(new JsonFrame
    {
        Kind = field.Cardinality == FieldCardinality.Map ? JsonFrameKind.Map : JsonFrameKind.List,
        Field = field,
        Target = field.Element,
        Slots = (byte)slots,
        MaxCount = maxCount,
    });

    /// <summary>Opens an <c>Any</c> of a type that is not known yet.</summary>
    public void PushAny(MessagePlan any, int slots) =>
        Push(new JsonFrame { Kind = JsonFrameKind.Any, Message = any, Slots = (byte)slots });

    /// <summary>Makes the <c>Any</c> on top the message that it holds.</summary>
    public void BecomeMessage(MessagePlan content, int slots)
    {
        ref var top = ref Top;
        (top.Kind, top.Message, top.IsAnyContent, top.BitsAt) = (JsonFrameKind.Message, content, true, OpenBits(content));
        top.Slots += (byte)slots;
    }

    /// <summary>Closes the innermost frame.</summary>
    public void Pop()
    {
        ref var top = ref Top;
        if (top.Kind == JsonFrameKind.Message)
        {
            _bitsEnd = top.BitsAt;
        }

        _keys.Truncate(top.KeyAt);
        _top--;
    }

    /// <summary>Notes the key of the entry that begins, as much of it as an error would show.</summary>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        _keys.Truncate(Top.KeyAt);
        _keys.Append(key[..Math.Min(key.Length, JsonPath.MaxQuoted + 1)]);
    }

    /// <summary>Notes that the innermost message's field was named; false when it had been before.</summary>
    public bool TryName(FieldPlan field) => TrySet(Top.BitsAt, field.Index);

    /// <summary>
    /// Notes that the innermost message's field was given a value; false when another member of its oneof had been before.
    /// </summary>
    public bool TryGive(FieldPlan field)
    {
        ref var top = ref Top;
        var fields = top.Message!.Fields.Count;
        TrySet(top.BitsAt, fields + field.Index);
        return field.Oneof < 0 || TrySet(top.BitsAt, 2 * fields + field.Oneof);
    }

    /// <summary>Whether the innermost message's field was given a value.</summary>
    public bool WasGiven(FieldPlan field) => IsSet(Top.BitsAt, Top.Message!.Fields.Count + field.Index);

    /// <summary>Whether a field of the whole text's message was given a value; also after that has ended.</summary>
    public bool WasGivenInRoot(FieldPlan field) => IsSet(0, _rootFields + field.Index);

    /// <summary>The place that reading has come to, as in <c>inputs[3].data.metadata["key"]</c>.</summary>
    public string Path()
    {
        var path = new JsonPath();
        for (var i = 1; i <= _top; i++)
        {
            ref var frame = ref _frames[i];
            switch (frame.Kind)
            {
                case JsonFrameKind.Message or JsonFrameKind.AnyValue when frame.Target is { } field:
                    path.Member(field.JsonName);
                    break;
                case JsonFrameKind.List when frame.Count > 0:
                    path.Index(frame.Count - 1);
                    break;
                case JsonFrameKind.Map:
                    path.Key(_keys.Span[frame.KeyAt..(i < _top ? _frames[i + 1].KeyAt : _keys.Length)]);
                    break;
            }
        }

        return path.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Free();

    private void Push(in JsonFrame frame)
    {
        if (++_top == _frames.Length)
        {
            Array.Resize(ref _frames, _frames.Length * 2);
        }

        _frames[_top] = frame;
        _frames[_top].KeyAt = _keys.Length;
    }

    private int OpenBits(MessagePlan message)
    {
        var start = _bitsEnd;
        var words = (2 * message.Fields.Count + message.OneofCount + BitsPerWord - 1) / BitsPerWord;
        _bitsEnd += words;
        if (_bitsEnd > _bits.Length)
        {
            Array.Resize(ref _bits, _bitsEnd * 2);
        }

        _bits.AsSpan(start, words).Clear();
        return start;
    }

    private bool TrySet(int start, int bit)
    {
        ref var word = ref _bits[start + bit / BitsPerWord];
        var mask = 1UL << (bit % BitsPerWord);
        var isNew = (word & mask) == 0;
        word |= mask;
        return isNew;
    }

    private bool IsSet(int start, int bit) => (_bits[start + bit / BitsPerWord] & (1UL << (bit % BitsPerWord))) != 0;
}
