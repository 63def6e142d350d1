using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Takes what is peculiar to a <c>google.protobuf.Any</c>: its <c>@type</c>, and the <c>value</c> of types with a JSON form of their own.
/// </summary>
internal sealed class AnyToWire(JsonStack stack)
{
    private WireWriter _output = null!;

    public void Reset(WireWriter output) => _output = output;

    /// <summary>Now that the type is known, the frame of the <c>Any</c> becomes that of what it holds.</summary>
    public JsonFault? OpenContent(ReadOnlySpan<byte> typeUrl)
    {
        ref var top = ref stack.Top;
        if (!top.Message!.Types.TryGet(typeUrl, out var content))
        {
            return JsonFault.Bad($"unknown type {JsonPath.Quote(typeUrl)}");
        }

        _output.WriteTag(AnyFields.TypeUrlTag);
        _output.WriteLengthDelimited(typeUrl);
        if (content.Kind == FieldKind.Message)
        {
            stack.BecomeMessage(content, _output.BeginMessage(content.AsAnyValue));
        }
        else
        {
            (top.Kind, top.Message, top.IsAnyContent) = (JsonFrameKind.AnyValue, content, true);
        }

        return null;
    }

    /// <summary>Takes a name of an <c>Any</c> whose content stands in its <c>value</c>; false when it is neither of the two.</summary>
    public static bool TryTakeMember(ref JsonFrame top, ReadOnlySpan<byte> name, out JsonFault? fault)
    {
        if (TryTakeType(ref top, name, out fault))
        {
            return true;
        }

        if (!name.SequenceEqual(AnyFields.ValueMember))
        {
            return false;
        }

        top.Target = top.Message!.AsAnyValue;
        fault = top.Count++ == 0 ? null : JsonFault.GivenTwice;
        return true;
    }

    /// <summary>Takes an <c>@type</c> once more, which only members that are read again may have; false when the name is another.</summary>
    public static bool TryTakeType(ref JsonFrame top, ReadOnlySpan<byte> name, out JsonFault? fault)
    {
        fault = null;
        if (!top.IsAnyContent || !name.SequenceEqual(AnyFields.TypeMember))
        {
            return false;
        }

        top.Target = null;
        fault = top.IsReplay ? null : JsonFault.TypeGivenTwice;
        return true;
    }
}
