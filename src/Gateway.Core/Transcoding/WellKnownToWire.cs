using System.Buffers;
using Gateway.Core.Json;
using Gateway.Core.Json.WellKnown;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>Writes the well-known types whose JSON form is one short text. Answers null, or what is wrong with it.</summary>
internal static class WellKnownToWire
{

    public static JsonFault? Write(FieldPlan field, JsonTokenKind token, ReadOnlySpan<byte> text, WireWriter output)
    {
        if (token != JsonTokenKind.String)
        {
            return JsonFault.StringWanted;
        }

        var slots = output.BeginMessage(field);
        var fault = field.Kind switch
        {
            FieldKind.Timestamp =>
                TimestampText.TryRead(text, out var seconds, out var nanos) ? WriteTime(seconds, nanos, output) : JsonFault.NotATimestamp,
            FieldKind.Duration =>
                DurationText.TryRead(text, out var seconds, out var nanos) ? WriteTime(seconds, nanos, output) : JsonFault.NotADuration,
            _ => WriteFieldMask(text, output),
        };
        output.EndMessage(slots);
        return fault;
    }

    /// <summary>The layout that <c>Timestamp</c> and <c>Duration</c> share.</summary>
    private static JsonFault? WriteTime(long seconds, int nanos, WireWriter output)
    {
        if (seconds != 0)
        {
            output.WriteTag(WellKnownTags.Seconds);
            output.WriteVarint((ulong)seconds);
        }

        if (nanos != 0)
        {
            output.WriteTag(WellKnownTags.Nanos);
            output.WriteVarint((ulong)nanos);
        }

        return null;
    }

    private static JsonFault? WriteFieldMask(ReadOnlySpan<byte> text, WireWriter output)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var path = ArrayPool<byte>.Shared.Rent(text.Length * 2);
        JsonFault? fault = null;
        foreach (var range in text.Split((byte)','))
        {
            var length = FieldMaskText.ToSnakeCase(text[range], path);
            if (length < 0)
            {
                fault = JsonFault.NotAFieldMask;
                break;
            }

            output.WriteTag(WellKnownTags.Paths);
            output.WriteLengthDelimited(path.AsSpan(0, length));
        }

        ArrayPool<byte>.Shared.Return(path);
        return fault;
    }
}
