using System.Runtime.CompilerServices;
using Gateway.Core.Json;
using Gateway.Core.Schema;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Writes what stands around values: names, commas, the brackets of lists and maps, and fields that are shown though empty.
/// </summary>
internal static class MembersToJson
{
    /// <summary>Writes everything that comes in front of one value of a field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BeginValue(WireStack stack, ref WireFrame frame, FieldPlan field, ref JsonOutput json)
    {
        if (frame.Open != field)
        {
            BeginField(stack, ref frame, field, ref json);
        }

        if (field.IsRepeated && frame.Count++ > 0)
        {
            json.WriteByte((byte)',');
        }
    }

    /// <summary>Writes the name of a field, and the bracket of a list or map; what was open before ends.</summary>
    public static void BeginField(WireStack stack, ref WireFrame frame, FieldPlan field, ref JsonOutput json)
    {
        CloseOpen(stack, ref frame, ref json);
        WriteShownBefore(ref frame, field.Number, ref json);
        WriteName(ref frame, field, ref json);
        if (field.IsRepeated)
        {
            OpenBracket(stack, ref frame, field, ref json);
        }
    }

    /// <summary>Opens a list or a map that stands by itself or behind its name.</summary>
    public static void OpenBracket(WireStack stack, ref WireFrame frame, FieldPlan field, ref JsonOutput json)
    {
        json.WriteByte(field.Cardinality == FieldCardinality.Map ? (byte)'{' : (byte)'[');
        frame.Open = field;
        frame.Count = 0;
        stack.Nest();
    }

    /// <summary>Ends the message that the frame is.</summary>
    public static void End(WireStack stack, ref WireFrame frame, ref JsonOutput json)
    {
        CloseOpen(stack, ref frame, ref json);
        if (frame.Kind == WireFrameKind.Message)
        {
            WriteShownBefore(ref frame, int.MaxValue, ref json);
            json.WriteByte((byte)'}');
            stack.Unnest();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CloseOpen(WireStack stack, ref WireFrame frame, ref JsonOutput json)
    {
        if (frame.Open is { } open)
        {
            json.WriteByte(open.Cardinality == FieldCardinality.Map ? (byte)'}' : (byte)']');
            frame.Open = null;
            stack.Unnest();
        }
    }

    /// <summary>Writes the fields below a number that are shown though empty, and were not written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteShownBefore(ref WireFrame frame, int number, ref JsonOutput json)
    {
        var shown = frame.Message!.ShownFields;
        for (; frame.NextShown < shown.Length && shown[frame.NextShown].Number <= number; frame.NextShown++)
        {
            if (shown[frame.NextShown].Number < number)
            {
                WriteEmpty(ref frame, shown[frame.NextShown], ref json);
            }
        }
    }

    /// <summary>Writes a member's name, and the comma in front of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteName(ref WireFrame frame, FieldPlan field, ref JsonOutput json)
    {
        json.Write(frame.HasMembers ? field.NextPrefix : field.FirstPrefix);
        frame.HasMembers = true;
    }

    private static void WriteEmpty(ref WireFrame frame, FieldPlan field, ref JsonOutput json)
    {
        WriteName(ref frame, field, ref json);
        json.Write(field.EmptyValue);
    }
}
