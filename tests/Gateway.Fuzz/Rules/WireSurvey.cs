using System.Text;
using System.Text.RegularExpressions;
using Clarifai.Auth.Util;
using Gateway.Core.Wire;
using Gateway.Fuzz.Reference;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Rules;

/// <summary>Finds what is unusual about wire bytes, as far as they can be read at all. Rather too much than too little: rules only explain what differs.</summary>
internal sealed partial class WireSurvey
{
    private const int MaxPath = 2_000;

    private readonly HashSet<string> _wrappers = [];
    private WireTraits _found;

    public static WireTraits Of(MessageDescriptor type, byte[] wire)
    {
        var survey = new WireSurvey();
        survey.Message(type, wire, "");
        return survey._found;
    }

    private void Message(MessageDescriptor type, ReadOnlySpan<byte> bytes, string path)
    {
        var seen = new HashSet<string>();
        var reader = new ReferenceFields(bytes);
        while (reader.TryRead())
        {
            Note(WireTraits.DeepGroups, reader.Groups > WireReader.MaxGroupDepth);
            if (reader.Groups == 0 && reader.WireType is not 4 && type.FindFieldByNumber(reader.Number) is { } field && IsReadAs(field, reader.WireType))
            {
                Field(field, reader.WireType, reader.Value, seen, $"{path}.{field.Name}");
            }
        }

        Note(WireTraits.WideTag, reader.HasWideTag);
        Note(WireTraits.WideLength, reader.HasWideLength);
        Note(WireTraits.WrapperFault, reader.IsMalformed && (Types.IsWrapper(type) || IsWrapper(type.FindFieldByNumber(reader.Number))));
        Note(WireTraits.KindlessValue, type.FullName == "google.protobuf.Value" && seen.Count == 0);
        Note(WireTraits.UnknownWireType, reader.IsMalformed && reader.WireType > 5 && (Types.IsWrapper(type) || type.GetOptions()?.MapEntry == true));
        Note(WireTraits.KindlessValue, type.GetOptions()?.MapEntry == true && !seen.Contains("value"));
        Note(WireTraits.EmptyKey, type.GetOptions()?.MapEntry == true && !seen.Contains("key"));
        if (type.FullName == "google.protobuf.Any")
        {
            AnyContent(bytes, path);
        }
    }

    private void Field(FieldDescriptor field, int wireType, ReadOnlySpan<byte> value, HashSet<string> seen, string path)
    {
        Note(WireTraits.Private, field.GetOptions()?.GetExtension(AccessExtensions.ClPrivateField) == true);
        Note(WireTraits.NegativeZero, field.FieldType is FieldType.Double or FieldType.Float && value.Length > 0 && value[^1] == 0x80 && value[..^1].IndexOfAnyExcept((byte)0) < 0);
        Note(WireTraits.OddNull, field.FieldType == FieldType.Enum && field.EnumType.FullName == "google.protobuf.NullValue" && value is not [0]);
        Note(WireTraits.NotFinite, field.FieldType == FieldType.Double && wireType == 1 && !double.IsFinite(BitConverter.ToDouble(value)));
        Note(WireTraits.Replaced, !field.IsRepeated && !seen.Add(field.RealContainingOneof?.Name ?? field.Name));
        if (field.FieldType == FieldType.String)
        {
            Note(WireTraits.EmptyKey, value.Length == 0 && field.ContainingType.GetOptions()?.MapEntry == true);
            Note(WireTraits.LostPath, field.ContainingType.FullName == "google.protobuf.FieldMask" && LostPath().IsMatch(Encoding.UTF8.GetString(value)));
        }
        else if (field.FieldType == FieldType.Message && path.Length < MaxPath)
        {
            Note(WireTraits.WrapperParts, Types.IsWrapper(field.MessageType) && !field.IsRepeated && !_wrappers.Add(path));
            Note(WireTraits.EntryParts, field.ContainingType.GetOptions()?.MapEntry == true && !seen.Add("message " + field.Name));
            Note(WireTraits.Replaced, field.IsMap && !seen.Add(field.Name + KeyOf(field.MessageType, value)));
            Message(field.MessageType, value, path);
        }
    }

    private void AnyContent(ReadOnlySpan<byte> any, string path)
    {
        var url = "";
        ReadOnlySpan<byte> content = [];
        for (var reader = new ReferenceFields(any); reader.TryRead();)
        {
            url = reader is { Number: 1, WireType: 2, Groups: 0 } ? Encoding.UTF8.GetString(reader.Value) : url;
            content = reader is { Number: 2, WireType: 2, Groups: 0 } ? reader.Value : content;
        }

        Note(WireTraits.TypelessAny, url.Length == 0);
        if (path.Length < MaxPath && Types.Find(url.Split('/')[^1]) is { } type)
        {
            Note(WireTraits.AnyOfEmpty, type.FullName == "google.protobuf.Empty");
            Message(type, content, path);
        }
    }

    /// <summary>The last key of an entry; numbers of several lengths are one.</summary>
    private static string KeyOf(MessageDescriptor entry, ReadOnlySpan<byte> bytes)
    {
        var key = "";
        for (var reader = new ReferenceFields(bytes); reader.TryRead();)
        {
            key = reader is { Number: 1, Groups: 0 } ? Convert.ToHexString(reader.Value) : key;
        }

        return entry.FindFieldByNumber(1).FieldType == FieldType.String ? key : key.TrimEnd('0');
    }

    private static bool IsReadAs(FieldDescriptor field, int wireType) => wireType == Types.WireTypeOf(field) || (wireType == 2 && field.IsRepeated);

    private static bool IsWrapper(FieldDescriptor? field) => field is { FieldType: FieldType.Message } && Types.IsWrapper(field.MessageType);

    private void Note(WireTraits trait, bool isThere) => _found |= isThere ? trait : WireTraits.None;

    [GeneratedRegex("[A-Z,]|_[^a-z]|_$")]
    private static partial Regex LostPath();
}
