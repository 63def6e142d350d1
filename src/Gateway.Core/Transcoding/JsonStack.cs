using Gateway.Core.Json;
using Gateway.Core.Schema;

namespace Gateway.Core.Transcoding;

/// <summary>The objects and arrays that are open, innermost last, with what was given in each. Grows to the depth of the text, no further.</summary>
internal sealed class JsonStack : IDisposable
{
    private const int BitsPerWord = 64;

    private JsonFrame[] _frames = new JsonFrame[16];
    private ulong[] _seen = new ulong[16];
    private PooledText _keys;
    private int _top;
    private int _seenEnd;

    /// <summary>The innermost frame.</summary>
    public ref JsonFrame Top => ref _frames[_top];

    /// <summary>Frames above the root; 1 inside of the whole text's message.</summary>
    public int Depth => _top;

    /// <summary>Starts over with the place of the whole text's value.</summary>
    public void Reset(FieldPlan root)
    {
        (_top, _seenEnd) = (0, 0);
        _keys.Clear();
        _frames[0] = new JsonFrame { Kind = JsonFrameKind.Root, Target = root };
    }

    /// <summary>Opens a message; none of its fields was given yet.</summary>
    public void PushMessage(MessagePlan message, int slots)
    {
        var words = (message.Fields.Count + message.OneofCount + BitsPerWord - 1) / BitsPerWord;
        var seenAt = _seenEnd;
        _seenEnd += words;
        if (_seenEnd > _seen.Length)
        {
            Array.Resize(ref _seen, _seenEnd * 2);
        }

        _seen.AsSpan(seenAt, words).Clear();
        Push(new JsonFrame { Kind = JsonFrameKind.Message, Message = message, Slots = (byte)slots, SeenAt = seenAt });
    }

    /// <summary>Opens a list or a map of a field.</summary>
    public void Push(JsonFrameKind kind, FieldPlan? field, int slots, int maxCount = 0) =>
        Push(new JsonFrame { Kind = kind, Field = field, Target = field?.Element, Slots = (byte)slots, MaxCount = maxCount });

    /// <summary>Closes the innermost frame.</summary>
    public void Pop()
    {
        ref var top = ref Top;
        if (top.Kind == JsonFrameKind.Message)
        {
            _seenEnd = top.SeenAt;
        }

        _keys.Truncate(top.KeyAt);
        _top--;
    }

    /// <summary>Notes the key of the entry that begins.</summary>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        _keys.Truncate(Top.KeyAt);
        _keys.Append(key);
    }

    /// <summary>Notes that the innermost message's field was given; false when it had been before.</summary>
    public bool MarkGiven(FieldPlan field) => Mark(Top.SeenAt, field.Index);

    /// <summary>Takes the note back: a null gives nothing.</summary>
    public void UnmarkGiven(FieldPlan field) => _seen[Top.SeenAt + field.Index / BitsPerWord] &= ~(1UL << field.Index);

    /// <summary>Notes that a member of a oneof was set; false when another one had been before.</summary>
    public bool MarkOneof(FieldPlan field) => field.Oneof < 0 || Mark(Top.SeenAt, Top.Message!.Fields.Count + field.Oneof);

    /// <summary>Whether the innermost message's field was given.</summary>
    public bool WasGiven(FieldPlan field) => IsMarked(Top.SeenAt, field.Index);

    /// <summary>Whether a field of the whole text's message was given; also after that has ended.</summary>
    public bool WasGivenInRoot(FieldPlan field) => IsMarked(0, field.Index);

    /// <summary>The place that reading has come to, as in <c>inputs[3].data.metadata["key"]</c>.</summary>
    public string Path()
    {
        var path = new JsonPath();
        for (var i = 1; i <= _top; i++)
        {
            ref var frame = ref _frames[i];
            switch (frame.Kind)
            {
                case JsonFrameKind.Message when frame.Target is { } field:
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

    private bool Mark(int seenAt, int bit)
    {
        ref var word = ref _seen[seenAt + bit / BitsPerWord];
        var mask = 1UL << bit;
        var isNew = (word & mask) == 0;
        word |= mask;
        return isNew;
    }

    private bool IsMarked(int seenAt, int bit) => (_seen[seenAt + bit / BitsPerWord] & (1UL << bit)) != 0;
}
