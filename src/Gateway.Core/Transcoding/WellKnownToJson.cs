using Gateway.Core.Json;
using Gateway.Core.Json.WellKnown;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>Writes the well-known types whose JSON form is one short text. Answers null, or why there is no such text.</summary>
internal static class WellKnownToJson
{
    private const int MaxGroupDepth = 64;

    public static JsonFault? WriteTimestamp(ReadOnlySpan<byte> wire, ref JsonOutput json)
    {
        Span<byte> text = stackalloc byte[TimestampText.MaxLength];
        if (!TryReadTime(wire, out var seconds, out var nanos))
        {
            return JsonFault.MalformedWire;
        }

        var length = TimestampText.Write(seconds, nanos, text);
        json.WriteBytes(text[..length]);
        return length == 0 ? JsonFault.NotRepresentable("a timestamp out of range") : null;
    }

    public static JsonFault? WriteDuration(ReadOnlySpan<byte> wire, ref JsonOutput json)
    {
        Span<byte> text = stackalloc byte[DurationText.MaxLength];
        if (!TryReadTime(wire, out var seconds, out var nanos))
        {
            return JsonFault.MalformedWire;
        }

        var length = DurationText.Write(seconds, nanos, text);
        json.WriteBytes(text[..length]);
        return length == 0 ? JsonFault.NotRepresentable("a duration out of range") : null;
    }

    public static JsonFault? WriteFieldMask(ReadOnlySpan<byte> wire, ref JsonOutput json)
    {
        json.WriteByte((byte)'"');
        var isFirst = true;
        var reader = new WireReader(wire);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var tag))
            {
                return JsonFault.MalformedWire;
            }

            if (tag != WellKnownTags.Paths.Value)
            {
                if (!reader.TrySkip(tag, MaxGroupDepth))
                {
                    return JsonFault.MalformedWire;
                }

                continue;
            }

            if (!reader.TryReadLengthDelimited(out var path))
            {
                return JsonFault.MalformedWire;
            }

            json.WriteSeparator(ref isFirst);
            if (!TryWritePath(path, ref json))
            {
                return JsonFault.NotRepresentable("a field mask path that is not lower_snake_case");
            }
        }

        json.WriteByte((byte)'"');
        return null;
    }

    private static bool TryWritePath(ReadOnlySpan<byte> path, ref JsonOutput json)
    {
        var text = path.Length <= 256 ? stackalloc byte[path.Length] : new byte[path.Length];
        var length = FieldMaskText.ToCamelCase(path, text);
        if (length >= 0)
        {
            json.WriteEscaped(text[..length]);
        }

        return length >= 0;
    }

    private static bool TryReadTime(ReadOnlySpan<byte> wire, out long seconds, out int nanos)
    {
        (seconds, nanos) = (0, 0);
        var reader = new WireReader(wire);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var tag))
            {
                return false;
            }

            if (tag == WellKnownTags.Seconds.Value && reader.TryReadVarint(out var whole))
            {
                seconds = (long)whole;
            }
            else if (tag == WellKnownTags.Nanos.Value && reader.TryReadVarint(out var part))
            {
                nanos = (int)part;
            }
            else if (tag == WellKnownTags.Seconds.Value || tag == WellKnownTags.Nanos.Value || !reader.TrySkip(tag, MaxGroupDepth))
            {
                return false;
            }
        }

        return true;
    }
}
