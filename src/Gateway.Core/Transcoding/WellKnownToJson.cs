using System.Buffers;
using System.Text.Unicode;
using Gateway.Core.Json;
using Gateway.Core.Json.WellKnown;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>Writes the well-known types whose JSON form is one short text. Answers null, or what is wrong with the message.</summary>
internal static class WellKnownToJson
{
    private const int StackPath = 256;

    private static readonly JsonFault TimestampOutOfRange = JsonFault.NotRepresentable("a timestamp before year 1 or after year 9999");
    private static readonly JsonFault DurationOutOfRange = JsonFault.NotRepresentable(
        "a duration of more than 10,000 years, or of two signs");
    private static readonly JsonFault PathNotConvertible = JsonFault.NotRepresentable(
        "a field mask's path that lowerCamelCase cannot express");

    public static JsonFault? Write(FieldKind kind, ReadOnlySpan<byte> message, ref JsonOutput json)
    {
        if (kind == FieldKind.FieldMask)
        {
            return WriteFieldMask(message, ref json);
        }

        if (!TryReadTime(message, out var seconds, out var nanos))
        {
            return JsonFault.MalformedWire;
        }

        var written = kind == FieldKind.Timestamp
            ? TimestampText.Write(seconds, nanos, json.Reserve(TimestampText.MaxLength))
            : DurationText.Write(seconds, nanos, json.Reserve(DurationText.MaxLength));
        json.Advance(written);
        return written > 0 ? null : kind == FieldKind.Timestamp ? TimestampOutOfRange : DurationOutOfRange;
    }

    /// <summary>Writes a timestamp as <see cref="Write"/> does; answers its length, 0 when something is wrong with it.</summary>
    public static int WriteTimestamp(ReadOnlySpan<byte> message, Span<byte> target) =>
        TryReadTime(message, out var seconds, out var nanos) ? TimestampText.Write(seconds, nanos, target) : 0;

    /// <summary>The layout that <c>Timestamp</c> and <c>Duration</c> share.</summary>
    private static bool TryReadTime(ReadOnlySpan<byte> message, out long seconds, out int nanos)
    {
        (seconds, nanos) = (0, 0);
        var reader = new WireReader(message);
        while (!reader.IsAtEnd)
        {
            ulong bits = 0;
            if (!reader.TryReadTag(out var tag) || !(IsTime(tag) ? reader.TryReadVarint(out bits) : reader.TrySkip(tag)))
            {
                return false;
            }

            seconds = tag == WellKnownTags.Seconds.Value ? (long)bits : seconds;
            nanos = tag == WellKnownTags.Nanos.Value ? (int)bits : nanos;
        }

        return true;
    }

    private static bool IsTime(uint tag) => tag == WellKnownTags.Seconds.Value || tag == WellKnownTags.Nanos.Value;

    private static JsonFault? WriteFieldMask(ReadOnlySpan<byte> message, ref JsonOutput json)
    {
        json.WriteByte((byte)'"');
        var first = true;
        var reader = new WireReader(message);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var tag))
            {
                return JsonFault.MalformedWire;
            }

            if (tag != WellKnownTags.Paths.Value)
            {
                if (!reader.TrySkip(tag))
                {
                    return JsonFault.MalformedWire;
                }

                continue;
            }

            if (!reader.TryReadLengthDelimited(out var path))
            {
                return JsonFault.MalformedWire;
            }

            if (!first)
            {
                json.WriteByte((byte)',');
            }

            first = false;
            if (WritePath(path, ref json) is { } fault)
            {
                return fault;
            }
        }

        json.WriteByte((byte)'"');
        return null;
    }

    private static JsonFault? WritePath(ReadOnlySpan<byte> path, ref JsonOutput json)
    {
        if (!Utf8.IsValid(path))
        {
            return JsonFault.StringNotUtf8;
        }

        byte[]? rented = null;
        var camel = path.Length <= StackPath ? stackalloc byte[StackPath] : (rented = ArrayPool<byte>.Shared.Rent(path.Length));
        var length = FieldMaskText.ToCamelCase(path, camel);
        if (length >= 0)
        {
            json.WriteEscaped(camel[..length]);
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return length >= 0 ? null : PathNotConvertible;
    }
}
