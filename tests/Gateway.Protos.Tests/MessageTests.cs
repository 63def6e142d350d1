using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Protos.Tests;

/// <summary>Runs the generated code of every message: protoc is newer than the runtime it was generated for.</summary>
public class MessageTests
{
    private static readonly string[] Wrappers = ["google.protobuf.UInt64Value", "google.protobuf.BoolValue", "google.protobuf.Int32Value"];

    public static TheoryData<string> Names => [.. V2.Messages.Select(message => message.FullName)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_WithEveryFieldSet_SurvivesTheWire(string name)
    {
        var descriptor = V2.Messages.Single(message => message.FullName == name);
        var empty = descriptor.Parser.ParseFrom([]);
        var message = Fill(descriptor, depth: 1);

        var read = descriptor.Parser.ParseFrom(message.ToByteArray());

        Assert.Equal(message, read);
        Assert.All(Settable(descriptor), field => Assert.NotEqual(field.Accessor.GetValue(empty), field.Accessor.GetValue(read)));
    }

    private static IMessage Fill(MessageDescriptor descriptor, int depth)
    {
        var message = descriptor.Parser.ParseFrom([]);
        foreach (var field in Settable(descriptor))
        {
            if (field.IsMap)
            {
                var (key, value) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
                ((IDictionary)field.Accessor.GetValue(message)).Add(Value(key, depth), Value(value, depth));
            }
            else if (field.IsRepeated)
            {
                ((IList)field.Accessor.GetValue(message)).Add(Value(field, depth));
            }
            else
            {
                field.Accessor.SetValue(message, Value(field, depth));
            }
        }
        return message;
    }

    // Of a oneof, its last member: setting one clears the others.
    private static IEnumerable<FieldDescriptor> Settable(MessageDescriptor descriptor) =>
        descriptor.Fields.InDeclarationOrder()
            .Where(field => field.ContainingOneof is not { } oneof || oneof.Fields[^1] == field);

    private static object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.String => "text",
        FieldType.Bytes => ByteString.CopyFrom(0, 255),
        FieldType.Bool => true,
        FieldType.Float => 0.5f,
        FieldType.Double => 0.25,
        FieldType.Int32 => -1,
        FieldType.UInt32 => 1u,
        FieldType.Int64 => -1L,
        FieldType.UInt64 => 1UL,
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, field.EnumType.Values[^1].Number),
        FieldType.Message when Wrappers.Contains(field.MessageType.FullName) => Value(field.MessageType.FindFieldByNumber(1), depth),
        FieldType.Message when depth == 0 => field.MessageType.Parser.ParseFrom([]),
        FieldType.Message => Fill(field.MessageType, depth - 1),
        _ => throw new InvalidDataException($"{field.FullName}: {field.FieldType} is no type of this API"),
    };
}
