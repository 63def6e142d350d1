using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Writes small messages of numbers, plain text, times and messages like them in one go: most of what long answers are made of. They need
/// no frame on the stack, and no look over their fields beforehand, because what is written here only counts at the end.
/// </summary>
internal static class FlatToJson
{
    /// <summary>Longer messages are seldom flat.</summary>
    private const int MaxLength = 512;

    /// <summary>
    /// How deep messages are written here. One that turns out not to be flat was written in vain at each level, so they must be few.
    /// </summary>
    private const int MaxNesting = 3;

    /// <summary>Room for a name and a number or time; text needs its own length more.</summary>
    private const int MemberRoom = JsonLiteral.VectorLength + ScalarToJson.MaxLength;

    /// <summary>
    /// Writes the message. Answers false, and has written nothing, when it holds anything else, is out of order, malformed or too deep, or
    /// the buffer ends before it: all that is for the walker.
    /// </summary>
    /// <param name="stack">What the message is in.</param>
    /// <param name="plan">The message's plan.</param>
    /// <param name="bytes">Has the message in it; text is read faster where something comes behind it.</param>
    /// <param name="start">Where the message starts.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="isNext">Whether a comma comes in front.</param>
    /// <param name="json">Where the text goes.</param>
    public static bool TryWrite(
        WireStack stack, MessagePlan plan, scoped ReadOnlySpan<byte> bytes, int start, int end, bool isNext, ref JsonOutput json)
    {
        if (end - start > MaxLength)
        {
            return false;
        }

        var comma = isNext ? 1 : 0;
        var target = json.Reserve(comma + MemberRoom);
        target[0] = (byte)',';
        var written = Write(plan, bytes, start, end, target[comma..], Math.Min(stack.NestingLeft, MaxNesting));
        json.Advance(written > 0 ? comma + written : 0);
        return written > 0;
    }

    /// <summary>The length of the text; 0 when the message is not to be written here.</summary>
    private static int Write(MessagePlan plan, ReadOnlySpan<byte> bytes, int start, int end, Span<byte> target, int nesting)
    {
        // Whatever comes, there has to be room for the fields that are shown though empty, and the brace.
        var shown = plan.ShownFields;
        var room = target.Length - shown.Length * MemberRoom - 1;
        if (!plan.CanBeFlat || nesting <= 0 || room <= 0)
        {
            return 0;
        }

        var reader = new WireReader(bytes[..end], start);
        var shownDone = 0;
        var last = 0;
        var at = 0;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var tag) || plan.FlatFieldByTag(tag) is not { } field || field.Number <= last)
            {
                return 0;
            }

            last = field.Number;
            ReadOnlySpan<byte> content = default;
            ulong bits = 0;
            var hasLength = field.WireType == WireType.LengthDelimited;
            if (!(hasLength ? reader.TryReadLengthDelimited(out content) : reader.TryReadBits(field.WireType, out bits))
                || room - at < MemberRoom + content.Length)
            {
                return 0;
            }

            if (field.LeavesOutZero && (hasLength ? content.Length == 0 : ScalarToJson.IsZero(field.Kind, bits)))
            {
                continue;
            }

            at += WriteEmpty(shown, ref shownDone, last, target[at..]);
            at += WriteName(field, target[at..]);
            var contentStart = reader.Position - content.Length;
            var written = !hasLength ? ScalarToJson.Format(field, bits, target[at..])
                : field.Kind == FieldKind.String ? WriteText(bytes[contentStart..], content.Length, target[at..])
                : field.Kind == FieldKind.Timestamp ? WellKnownToJson.WriteTimestamp(content, target[at..])
                : !IsFlat(plan, bytes[..end], reader.Position, last) ? 0
                : Write(field.Message!, bytes, contentStart, reader.Position, target[at..Math.Max(at, room)], nesting - 1);
            if (written == 0)
            {
                return 0;
            }

            at += written;
        }

        // Every member came with a comma in front; the first one's is where the brace belongs.
        at = Math.Max(at + WriteEmpty(shown, ref shownDone, int.MaxValue, target[at..]), 1);
        target[0] = (byte)'{';
        target[at] = (byte)'}';
        return at + 1;
    }

    /// <summary>Whether the fields that follow are flat and in order: a look ahead before much is written in vain.</summary>
    private static bool IsFlat(MessagePlan plan, ReadOnlySpan<byte> message, int position, int last)
    {
        var reader = new WireReader(message, position);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var tag)
                || plan.FlatFieldByTag(tag) is not { } field
                || field.Number <= last
                || !reader.TrySkip(tag))
            {
                return false;
            }

            last = field.Number;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteText(ReadOnlySpan<byte> bytes, int length, Span<byte> target)
    {
        target[0] = (byte)'"';
        var isPlain = JsonText.TryCopyPlain(bytes, length, target[1..]);
        target[length + 1] = (byte)'"';
        return isPlain ? length + 2 : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteName(FieldPlan field, Span<byte> target)
    {
        field.NextPrefix.Vector.CopyTo(target);
        return field.NextPrefix.Length;
    }

    /// <summary>Writes the fields below a number that are shown though empty, and were not written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteEmpty(FieldPlan[] shown, ref int done, int number, Span<byte> target)
    {
        var at = 0;
        for (; done < shown.Length && shown[done].Number <= number; done++)
        {
            if (shown[done].Number < number)
            {
                at += WriteName(shown[done], target[at..]);
                shown[done].EmptyValue.CopyTo(target[at..]);
                at += shown[done].EmptyValue.Length;
            }
        }

        return at;
    }
}
