using System.Collections;
using Clarifai.Auth.Util;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Testing;

/// <summary>
/// Makes messages with every field set: each message type that can be reached is filled wholly once, and with its scalar
/// fields where it comes up again, so that rings of types end. Oneofs take turns over the variants.
/// </summary>
public sealed class EveryField
{
    private readonly HashSet<string> _filled = [];
    private readonly int _variant;
    private int _counter;

    private EveryField(int variant) => _variant = variant;

    /// <summary>Messages that together set every field, each member of a oneof in one of them.</summary>
    public static IEnumerable<IMessage> VariantsOf(MessageDescriptor type)
    {
        var variants = LargestOneof(type, []);
        for (var variant = 0; variant < variants; variant++)
        {
            yield return new EveryField(variant).Fill(type);
        }
    }

    /// <summary>Unsets the fields that are not for outside callers, all the way down.</summary>
    public static void ClearPrivate(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.GetOptions()?.GetExtension(AccessExtensions.ClPrivateField) == true)
            {
                field.Accessor.Clear(message);
            }
            else if (field.FieldType == FieldType.Message)
            {
                foreach (var nested in NestedIn(field.Accessor.GetValue(message)))
                {
                    ClearPrivate(nested);
                }
            }
        }
    }

    private static IEnumerable<IMessage> NestedIn(object? value) => value switch
    {
        IMessage message => [message],
        IDictionary map => map.Values.OfType<IMessage>(),
        IEnumerable list => list.OfType<IMessage>(),
        _ => [],
    };

    private static int LargestOneof(MessageDescriptor type, HashSet<string> seen) => !seen.Add(type.FullName)
        ? 1
        : type.RealOneofsOrNone().Select(oneof => oneof.Fields.Count)
            .Concat(type.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message).Select(field => LargestOneof(field.MessageType, seen)))
            .DefaultIfEmpty(1).Max();

    private IMessage Fill(MessageDescriptor type)
    {
        var message = type.Parser.ParseFrom([]);
        var wholly = _filled.Add(type.FullName);
        foreach (var field in type.Fields.InDeclarationOrder().Where(IsChosen))
        {
            if (wholly || field.FieldType != FieldType.Message)
            {
                Set(message, field);
            }
        }

        return message;
    }

    private bool IsChosen(FieldDescriptor field) =>
        field.RealContainingOneof is not { } oneof || oneof.Fields[_variant % oneof.Fields.Count] == field;

    private void Set(IMessage message, FieldDescriptor field)
    {
        if (field.IsMap)
        {
            var entry = field.MessageType.Fields;
            ((IDictionary)field.Accessor.GetValue(message)).Add(Value(entry[1])!, Value(entry[2]));
        }
        else if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            list.Add(Value(field));
            list.Add(Value(field));
        }
        else
        {
            field.Accessor.SetValue(message, Value(field));
        }
    }

    private object? Value(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => true,
        FieldType.Bytes => ByteString.CopyFrom(0xFF, 0xFB, (byte)++_counter),
        FieldType.Double => ++_counter + 0.1,
        FieldType.Enum => field.EnumType.Values[(1 + _variant) % field.EnumType.Values.Count].Number,
        FieldType.Fixed32 or FieldType.UInt32 => uint.MaxValue - (uint)++_counter,
        FieldType.Fixed64 or FieldType.UInt64 => ulong.MaxValue - (ulong)++_counter,
        FieldType.Float => ++_counter + 0.1f,
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => int.MinValue + ++_counter,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => long.MinValue + ++_counter,
        FieldType.Message => Message(field.MessageType),
        FieldType.String => $"{field.Name} \"{++_counter}\" \\ / ü €",
        _ => throw new NotSupportedException(field.FieldType.ToString()),
    };

    private object Message(MessageDescriptor type) => type.FullName switch
    {
        "google.protobuf.Timestamp" => new Timestamp { Seconds = 1_700_000_000 + ++_counter, Nanos = 123_000_000 },
        "google.protobuf.Duration" => new Duration { Seconds = ++_counter, Nanos = 5_000 },
        "google.protobuf.Struct" => Struct.Parser.ParseJson($$"""{"text":"é","number":{{++_counter}}.5,"list":[null,true,{"deep":[]}]}"""),
        "google.protobuf.Value" => Google.Protobuf.WellKnownTypes.Value.ForNumber(++_counter),
        "google.protobuf.ListValue" => Google.Protobuf.WellKnownTypes.Value.ForList(Google.Protobuf.WellKnownTypes.Value.ForString("x")).ListValue,
        "google.protobuf.UInt64Value" => (ulong)++_counter,
        "google.protobuf.Int64Value" => (long)++_counter,
        "google.protobuf.UInt32Value" => (uint)++_counter,
        "google.protobuf.Int32Value" => ++_counter,
        "google.protobuf.FloatValue" => ++_counter + 0.5f,
        "google.protobuf.DoubleValue" => ++_counter + 0.5,
        "google.protobuf.BoolValue" => true,
        "google.protobuf.StringValue" => "wrapped",
        "google.protobuf.BytesValue" => ByteString.CopyFromUtf8("wrapped"),
        _ => Fill(type),
    };
}

file static class Oneofs
{
    public static IEnumerable<OneofDescriptor> RealOneofsOrNone(this MessageDescriptor type) =>
        type.Oneofs.Where(oneof => !oneof.IsSynthetic);
}
