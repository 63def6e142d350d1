using System.Buffers;
using System.Runtime.CompilerServices;
using Gateway.Core.Json;
using Gateway.Core.Schema;

namespace Gateway.Core.Transcoding;

/// <summary>
/// The messages that are being written, innermost last, and the memory of those that had to be put in order. Grows to the depth of the
/// message, no further.
/// </summary>
internal sealed class WireStack(JsonLimits limits)
{
    private readonly MessageScan _scan = new();
    private readonly MessageNormalizer _normalizer = new();
    private readonly List<byte[]> _normalized = [];

    private WireFrame[] _frames = new WireFrame[16];
    private int _depth;
    private int _deepest;
    private int _nesting;

    /// <summary>The innermost frame.</summary>
    public ref WireFrame Top => ref _frames[_depth - 1];

    /// <summary>Whether nothing is open.</summary>
    public bool IsEmpty => _depth == 0;

    /// <summary>Why the message cannot be written; null as long as it can.</summary>
    public JsonError? Error { get; private set; }

    /// <summary>Forgets everything and gives its memory back.</summary>
    public void Reset()
    {
        FreeNormalized(0);
        Array.Clear(_frames, 0, _deepest); // with those that are taken off: they would keep their message from being collected
        (_depth, _deepest, _nesting, Error) = (0, 0, 0, null);
    }

    /// <summary>
    /// Checks a message's fields and puts them in order if they are not; false, with the error set, when it is malformed.
    /// </summary>
    public bool TryOrder(MessagePlan plan, ref ReadOnlyMemory<byte> message)
    {
        var order = _scan.Scan(plan, message);
        if (order == MessageOrder.Disordered)
        {
            var ordered = ArrayPool<byte>.Shared.Rent(message.Length);
            _normalized.Add(ordered);
            var length = _normalizer.Normalize(plan, message, ordered);
            message = ordered.AsMemory(0, length);
        }

        return order != MessageOrder.Malformed || Fail(JsonFault.MalformedWire);
    }

    /// <summary>How many objects or arrays more may be around what comes.</summary>
    public int NestingLeft => limits.MaxDepth - _nesting;

    /// <summary>Counts one object or array more around what comes; false, with the error set, when they are too many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNest() => _nesting++ < limits.MaxDepth || FailTooDeep();

    /// <summary>Counts one object or array more that only has others inside when those fit.</summary>
    public void Nest() => _nesting++;

    /// <summary>Counts one object or array less.</summary>
    public void Unnest() => _nesting--;

    /// <summary>Puts a message that <see cref="TryOrder"/> has seen on top, in its unordered form or ordered.</summary>
    /// <param name="message">The message; null for a packed run.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="kind">How to take them.</param>
    /// <param name="normalizedBefore">What <see cref="NormalizedCount"/> was before.</param>
    public ref WireFrame Push(MessagePlan? message, ReadOnlyMemory<byte> bytes, WireFrameKind kind, int normalizedBefore)
    {
        if (_depth == _frames.Length)
        {
            Array.Resize(ref _frames, _frames.Length * 2);
        }

        // Field by field: assigning a whole frame copies its references through the collector's barrier, the empty ones too.
        ref var frame = ref _frames[_depth++];
        _deepest = Math.Max(_deepest, _depth);
        frame.Kind = kind;
        frame.HasMembers = false;
        frame.Message = message;
        frame.Bytes = bytes;
        frame.Open = null;
        (frame.At, frame.Count, frame.NextShown, frame.Current, frame.NormalizedBefore) = (0, 0, 0, 0, normalizedBefore);
        return ref frame;
    }

    /// <summary>Messages in memory of their own.</summary>
    public int NormalizedCount => _normalized.Count;

    /// <summary>Takes the innermost frame off.</summary>
    public void Pop()
    {
        ref var frame = ref Top;
        if (_normalized.Count > frame.NormalizedBefore)
        {
            FreeNormalized(frame.NormalizedBefore);
        }

        _depth--;
    }

    /// <summary>Notes an error at the field that is being written. Answers false, for its callers to pass on.</summary>
    public bool Fail(JsonFault fault)
    {
        Error = new JsonError(fault.Kind, Path(), fault.Message);
        return false;
    }

    private bool FailTooDeep() => Fail(JsonFault.Limit($"nested more than {limits.MaxDepth} deep"));

    private void FreeNormalized(int keep)
    {
        for (var i = _normalized.Count - 1; i >= keep; i--)
        {
            ArrayPool<byte>.Shared.Return(_normalized[i]);
            _normalized.RemoveAt(i);
        }
    }

    private string Path()
    {
        var path = new JsonPath();
        for (var i = 0; i < _depth; i++)
        {
            ref var frame = ref _frames[i];
            if (frame.Kind == WireFrameKind.Message && frame.Message!.FieldByNumber(frame.Current) is { } field)
            {
                path.Member(field.JsonName);
            }

            if (frame.Open is { Cardinality: not FieldCardinality.Map } && frame.Kind != WireFrameKind.PackedRun)
            {
                path.Index(frame.Count - 1);
            }
        }

        return path.ToString();
    }
}
