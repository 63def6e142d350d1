using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Fuzz.Reference;

/// <summary>Equality of what messages mean: one NaN is another, a <c>Value</c> of no kind and any <c>NullValue</c> are null, and the bytes in an <c>Any</c> are the message that they encode.</summary>
internal static class MessageEquality
{
    public static bool AreEqual(IMessage left, IMessage right) => left.Equals(right) || AreFieldsEqual(left, right);

    private static bool AreFieldsEqual(IMessage left, IMessage right) => left.Descriptor == right.Descriptor && left switch
    {
        Any any => AreAnysEqual(any, (Any)right),
        Value value when value.KindCase is Value.KindOneofCase.None or Value.KindOneofCase.NullValue => ((Value)right).KindCase is Value.KindOneofCase.None or Value.KindOneofCase.NullValue,
        _ => left.Descriptor.Fields.InDeclarationOrder().All(field => AreSet(field, left, right) && AreEqual(field.Accessor.GetValue(left), field.Accessor.GetValue(right))),
    };

    private static bool AreSet(FieldDescriptor field, IMessage left, IMessage right) =>
        !field.HasPresence || field.Accessor.HasValue(left) == field.Accessor.HasValue(right);

    private static bool AreAnysEqual(Any left, Any right) => left.TypeUrl == right.TypeUrl
        && Types.Find(Any.GetTypeName(left.TypeUrl)) is { } type
        && GoogleProtobuf.ReadWire(type, left.Value.ToByteArray()) is { } leftContent
        && GoogleProtobuf.ReadWire(type, right.Value.ToByteArray()) is { } rightContent
        && AreEqual(leftContent, rightContent);

    private static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (IMessage one, IMessage other) => AreEqual(one, other),
        (NullValue, NullValue) => true,
        (IDictionary one, IDictionary other) => one.Count == other.Count && one.Keys.Cast<object>().All(key => other.Contains(key) && AreEqual(one[key], other[key])),
        (IList one, IList other) => one.Count == other.Count && one.Cast<object?>().Zip(other.Cast<object?>()).All(pair => AreEqual(pair.First, pair.Second)),

        // For Equals NaN is itself, and -0 is 0.
        (double one, double other) => one.Equals(other) && (one != 0 || double.IsNegative(one) == double.IsNegative(other)),
        (float one, float other) => one.Equals(other) && (one != 0 || float.IsNegative(one) == float.IsNegative(other)),
        _ => Equals(left, right),
    };
}
