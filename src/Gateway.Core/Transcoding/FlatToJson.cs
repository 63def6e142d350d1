using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Writes small messages of nothing but numbers and plain text in one go: most of what long answers are made of. They need no frame on the
/// stack, and no look over their fields beforehand, because what is written here can be taken back.
/// </summary>
internal static class FlatToJson
{
    /// <summary>Longer messages are seldom flat.</summary>
    private const int MaxLength = 512;

    /// <summary>Room for a name and a number; text needs its own length more.</summary>
    private const int MemberRoom = JsonLiteral.VectorLength + ScalarToJson.MaxLength;

    /// <summary>
    /// Writes the message. Answers false, and has written nothing, when it holds anything else, is out of order, malformed or too deep, or
    /// the buffer ends before it: all that is for the walker.
    /// </summary>
    public static bool TryWrite(WireStack stack, MessagePlan plan, ReadOnlySpan<byte> message, ref JsonOutput json)
    {
        if (message.Length > MaxLength || !plan.CanBeFlat || !stack.CanNest)
        {
            return false;
        }

        var roomBehind = 1 + plan.ShownFields.Length * MemberRoom;
        var start = json.Mark(1 + roomBehind);
        json.WriteByte((byte)'{');
        var frame = new WireFrame { Message = plan };
        if (!TryWriteMembers(ref frame, message, roomBehind, ref json))
        {
            json.Rewind(start);
            return false;
        }

        MembersToJson.WriteShownBefore(ref frame, int.MaxValue, ref json);
        json.WriteByte((byte)'}');
        return true;
    }

    private static bool TryWriteMembers(ref WireFrame frame, ReadOnlySpan<byte> message, int roomBehind, ref JsonOutput json)
    {
        var reader = new WireReader(message);
        var last = 0;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var tag) || frame.Message!.FlatFieldByTag(tag) is not { } field || field.Number <= last)
            {
                return false;
            }

            last = field.Number;
            ReadOnlySpan<byte> text = default;
            ulong bits = 0;
            var isText = field.Kind == FieldKind.String;
            if (!(isText ? reader.TryReadLengthDelimited(out text) : reader.TryReadBits(field.WireType, out bits))
                || json.Room < MemberRoom + text.Length + roomBehind)
            {
                return false;
            }

            if (field.LeavesOutZero && (isText ? text.Length == 0 : ScalarToJson.IsZero(field.Kind, bits)))
            {
                continue;
            }

            MembersToJson.WriteShownBefore(ref frame, field.Number, ref json);
            MembersToJson.WriteName(ref frame, field, ref json);
            if (!isText)
            {
                ScalarToJson.Write(field, bits, ref json);
            }
            else if (!json.TryWritePlain(text))
            {
                return false;
            }
        }

        return true;
    }
}
