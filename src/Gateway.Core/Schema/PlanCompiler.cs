using Clarifai.Api.Utils;
using Clarifai.Auth.Util;
using Gateway.Core.Json;
using Gateway.Core.Wire;
using Google.Protobuf.Reflection;

namespace Gateway.Core.Schema;

/// <summary>Compiles descriptors to plans, each message and enum once.</summary>
internal sealed class PlanCompiler(JsonDialect dialect)
{
    private const int AnyValueNumber = 2;
    private const string Base64Field = "base64";
    private const string NullValueName = "google.protobuf.NullValue";

    private readonly TypeRegistry _types = new();
    private readonly Dictionary<string, MessagePlan> _messages = [];
    private readonly Dictionary<string, EnumPlan> _enums = [];

    /// <summary>Compiles every message of the files and of the files that they import.</summary>
    public IReadOnlyCollection<MessagePlan> Compile(IEnumerable<FileDescriptor> files)
    {
        var seen = new HashSet<string>();
        var left = new Stack<FileDescriptor>(files);
        while (left.TryPop(out var file))
        {
            if (!seen.Add(file.Name))
            {
                continue;
            }

            foreach (var message in file.MessageTypes)
            {
                CompileNested(message);
            }

            foreach (var import in file.Dependencies)
            {
                left.Push(import);
            }
        }

        _types.Complete(_messages.Values);
        return _messages.Values;
    }

    private void CompileNested(MessageDescriptor message)
    {
        Message(message);
        foreach (var nested in message.NestedTypes)
        {
            CompileNested(nested);
        }
    }

    private MessagePlan Message(MessageDescriptor descriptor)
    {
        if (_messages.TryGetValue(descriptor.FullName, out var known))
        {
            return known;
        }

        var plan = new MessagePlan(descriptor, WellKnownKind(descriptor), dialect, _types);
        _messages.Add(descriptor.FullName, plan);
        FieldPlan[] fields = [.. descriptor.Fields.InFieldNumberOrder().Where(IsKnownToJson).Select(Field)];
        plan.Complete(fields, descriptor.RealOneofCount, Standalone(plan, 0, ""), Standalone(plan, AnyValueNumber, "value"));
        return plan;
    }

    private bool IsKnownToJson(FieldDescriptor field) =>
        field.FieldType != FieldType.Group && !(dialect.HidesPrivateFields && Option(field, AccessExtensions.ClPrivateField));

    private FieldPlan Field(FieldDescriptor field, int index)
    {
        var cardinality = CardinalityOf(field);
        var isMap = cardinality == FieldCardinality.Map;
        var element = cardinality switch
        {
            FieldCardinality.Map =>
                Value(field, field.MessageType.FindFieldByNumber(2), new WireTag(2, WireTypeOf(field.MessageType.FindFieldByNumber(2)))),
            FieldCardinality.Packed => Value(field, field, default),
            FieldCardinality.Repeated => Value(field, field, new WireTag(field.FieldNumber, WireTypeOf(field))),
            _ => null,
        };
        return new FieldPlan
        {
            Number = field.FieldNumber,
            ProtoName = field.Name,
            JsonName = dialect.WritesProtoNames ? field.Name : field.JsonName,
            Kind = isMap ? FieldKind.Message : KindOf(field),
            Cardinality = cardinality,
            Message = field.FieldType == FieldType.Message ? Message(field.MessageType) : null,
            Enum = field.FieldType == FieldType.Enum ? Enum(field.EnumType) : null,
            Element = element,
            Key = isMap
                ? Value(field, field.MessageType.FindFieldByNumber(1), new WireTag(1, WireTypeOf(field.MessageType.FindFieldByNumber(1))))
                : null,
            ShowIfEmpty = dialect.ShowsMarkedEmptyFields && CanBeShownEmpty(field) && Option(field, OptionsExtensions.ClShowIfEmpty),
            DefaultFloat = dialect.AppliesDefaultFloats ? DefaultFloat(field) : null,
            ReadsDataUrls = dialect.ReadsDataUrls && field.FieldType == FieldType.Bytes && field.Name == Base64Field,
            Index = index,
            Oneof = field.RealContainingOneof?.Index ?? -1,
            WireType = WireTypeOf(field),
            Tag = new WireTag(field.FieldNumber, cardinality == FieldCardinality.Packed ? WireType.LengthDelimited : WireTypeOf(field)),
        };
    }

    /// <summary>One value of a list or map: always written, zero or not.</summary>
    private FieldPlan Value(FieldDescriptor field, FieldDescriptor value, WireTag tag) => new()
    {
        Number = value.FieldNumber,
        ProtoName = field.Name,
        JsonName = dialect.WritesProtoNames ? field.Name : field.JsonName,
        Kind = KindOf(value),
        Cardinality = FieldCardinality.Explicit,
        Message = value.FieldType == FieldType.Message ? Message(value.MessageType) : null,
        Enum = value.FieldType == FieldType.Enum ? Enum(value.EnumType) : null,
        WireType = WireTypeOf(value),
        Tag = tag,
    };

    private static FieldPlan Standalone(MessagePlan message, int number, string name) => new()
    {
        Number = number,
        ProtoName = name,
        JsonName = name,
        Kind = message.Kind,
        Cardinality = FieldCardinality.Explicit,
        Message = message,
        WireType = WireType.LengthDelimited,
        Tag = number == 0 ? default : new WireTag(number, WireType.LengthDelimited),
    };

    private EnumPlan Enum(EnumDescriptor descriptor)
    {
        if (!_enums.TryGetValue(descriptor.FullName, out var plan))
        {
            _enums.Add(descriptor.FullName, plan = new EnumPlan(descriptor, dialect));
        }

        return plan;
    }

    // The descriptor calls repeated strings and messages of proto3 packed, too; only numbers can be.
    private static FieldCardinality CardinalityOf(FieldDescriptor field) => field switch
    {
        { IsMap: true } => FieldCardinality.Map,
        { IsRepeated: true, IsPacked: true } when WireTypeOf(field) != WireType.LengthDelimited => FieldCardinality.Packed,
        { IsRepeated: true } => FieldCardinality.Repeated,
        { HasPresence: true } => FieldCardinality.Explicit,
        _ => FieldCardinality.Implicit,
    };

    private static bool CanBeShownEmpty(FieldDescriptor field) =>
        field.IsRepeated || (field.FieldType != FieldType.Message && field.RealContainingOneof is null);

    private static float? DefaultFloat(FieldDescriptor field) =>
        field.FieldType == FieldType.Float && !field.IsRepeated && Option(field, OptionsExtensions.ClDefaultFloat) is var value and not 0
            ? value
            : null;

    private static T? Option<T>(FieldDescriptor field, Google.Protobuf.Extension<FieldOptions, T> option) =>
        field.GetOptions() is { } options ? options.GetExtension(option) : default;

    private static WireType WireTypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => WireType.Fixed64,
        FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => WireType.Fixed32,
        FieldType.String or FieldType.Bytes or FieldType.Message => WireType.LengthDelimited,
        _ => WireType.Varint,
    };

    private static FieldKind KindOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Double => FieldKind.Double,
        FieldType.Float => FieldKind.Float,
        FieldType.Int64 => FieldKind.Int64,
        FieldType.UInt64 => FieldKind.UInt64,
        FieldType.Int32 => FieldKind.Int32,
        FieldType.Fixed64 => FieldKind.Fixed64,
        FieldType.Fixed32 => FieldKind.Fixed32,
        FieldType.Bool => FieldKind.Bool,
        FieldType.String => FieldKind.String,
        FieldType.Message => WellKnownKind(field.MessageType),
        FieldType.Bytes => FieldKind.Bytes,
        FieldType.UInt32 => FieldKind.UInt32,
        FieldType.SFixed32 => FieldKind.SFixed32,
        FieldType.SFixed64 => FieldKind.SFixed64,
        FieldType.SInt32 => FieldKind.SInt32,
        FieldType.SInt64 => FieldKind.SInt64,
        FieldType.Enum => field.EnumType.FullName == NullValueName ? FieldKind.NullValue : FieldKind.Enum,
        _ => throw new NotSupportedException($"{field.FullName}: proto3 has no {field.FieldType}."),
    };

    private static FieldKind WellKnownKind(MessageDescriptor message) => message.FullName switch
    {
        "google.protobuf.Any" => FieldKind.Any,
        "google.protobuf.Timestamp" => FieldKind.Timestamp,
        "google.protobuf.Duration" => FieldKind.Duration,
        "google.protobuf.FieldMask" => FieldKind.FieldMask,
        "google.protobuf.Struct" => FieldKind.Struct,
        "google.protobuf.Value" => FieldKind.Value,
        "google.protobuf.ListValue" => FieldKind.ListValue,
        "google.protobuf.DoubleValue" or "google.protobuf.FloatValue" or "google.protobuf.Int64Value" or "google.protobuf.UInt64Value"
            or "google.protobuf.Int32Value" or "google.protobuf.UInt32Value" or "google.protobuf.BoolValue" or "google.protobuf.StringValue"
            or "google.protobuf.BytesValue" => FieldKind.Wrapper,
        _ => FieldKind.Message,
    };
}
