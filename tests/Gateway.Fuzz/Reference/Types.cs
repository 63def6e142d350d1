using Clarifai.Api;
using Gateway.Core.Tests.Protos;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Reference;

/// <summary>Every message type that is fuzzed: all of the V2 API, the well-known ones, and those of <c>everything.proto</c>.</summary>
internal static class Types
{
    /// <summary>One proto file each, all of them proto3.</summary>
    public static IReadOnlyList<FileDescriptor> Files { get; } = WithImports([ServiceReflection.Descriptor, EverythingReflection.Descriptor]);

    /// <summary>All types, by file.</summary>
    public static MessageDescriptor[] All { get; } = [.. Files.SelectMany(file => file.MessageTypes).SelectMany(WithNested)];

    /// <summary>Types that an <c>Any</c> holds in random messages; few, so that each comes up.</summary>
    public static MessageDescriptor[] ForAny { get; } = [.. All.Where(IsForAny)];

    /// <summary>The types that have every kind of field.</summary>
    public static MessageDescriptor[] Dense { get; } = [.. All.Where(type => type.File == EverythingReflection.Descriptor || type.File.Package == "google.protobuf")];

    private static readonly Dictionary<string, MessageDescriptor> ByName = All.ToDictionary(type => type.FullName);

    /// <summary>The type of a name such as <c>clarifai.api.Input</c>.</summary>
    public static MessageDescriptor Named(string fullName) => ByName[fullName];

    /// <summary>The type of a name; null when there is none.</summary>
    public static MessageDescriptor? Find(string fullName) => ByName.GetValueOrDefault(fullName);

    /// <summary>Whether the type is a message around one scalar, such as <c>StringValue</c>.</summary>
    public static bool IsWrapper(MessageDescriptor type) => type.File.Name == "google/protobuf/wrappers.proto";

    /// <summary>Whether JSON shows the type as one short text.</summary>
    public static bool IsWellKnownScalar(MessageDescriptor type) => type.FullName is "google.protobuf.Timestamp" or "google.protobuf.Duration" or "google.protobuf.FieldMask";

    /// <summary>The wire type of one value of the field.</summary>
    public static int WireTypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => 1,
        FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => 5,
        FieldType.String or FieldType.Bytes or FieldType.Message => 2,
        _ => 0,
    };

    private static bool IsForAny(MessageDescriptor type) =>
        type.File.Package == "google.protobuf" || type.FullName is "gateway.tests.Scalars" or "gateway.tests.WellKnown" or "gateway.tests.Odd" or "clarifai.api.Concept";

    private static List<FileDescriptor> WithImports(IEnumerable<FileDescriptor> roots)
    {
        var files = new List<FileDescriptor>();
        var left = new Queue<FileDescriptor>(roots);
        while (left.TryDequeue(out var file))
        {
            foreach (var import in file.Dependencies)
            {
                left.Enqueue(import);
            }

            // Proto2, and no API's payload.
            if (!files.Contains(file) && file.Name != "google/protobuf/descriptor.proto")
            {
                files.Add(file);
            }
        }

        return files;
    }

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor type) =>
        type.GetOptions()?.MapEntry == true ? [] : type.NestedTypes.SelectMany(WithNested).Prepend(type);
}
