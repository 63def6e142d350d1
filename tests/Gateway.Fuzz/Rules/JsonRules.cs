using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Core.Json;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Rules;

/// <summary>All rules of JSON texts.</summary>
internal static partial class JsonRules
{
    /// <summary>Integers up to this are exact in a double.</summary>
    private const long ExactInDouble = 1L << 53;

    public static IReadOnlyList<JsonRule> All { get; } =
    [
        new("duplicate member", Difference.OnlyGoogleAccepts, JsonErrorKind.GivenTwice,
            "A member that is given twice is refused.",
            "The last one counts, or adds to the list.",
            "conformance: FieldNameDuplicate, FieldNameDuplicateDifferentCasing1",
            HasDuplicate),
        new("-00:00", Difference.OnlyWeAccept, null,
            "The offset -00:00 is UTC.",
            "It is refused.",
            "RFC 3339, section 4.3",
            place => place.Is("google.protobuf.Timestamp") && Text(place).EndsWith("-00:00", StringComparison.Ordinal)),
        new("quoted -0.0 for an unsigned integer", Difference.OnlyWeAccept, null,
            "-0 is 0, whatever digits it has, in quotes as without them.",
            "In quotes and with a point or an exponent, it is out of range.",
            "RFC 8259, section 6; ProtoJSON: either numbers or strings are accepted; conformance: Int32FieldQuotedExponentialValue",
            place => IsInteger(place) && MinusZero().IsMatch(Text(place))),
        new("large bare integer", Difference.OtherMessage | Difference.OnlyWeAccept, null,
            "A bare 64-bit integer is exact.",
            "It is read as a double, which may be beyond the type's range.",
            "conformance: Uint64FieldMaxValueNotQuoted",
            place => BareInteger(place) is { } text && ExactInteger.Of(text) is { } exact && BigInteger.Abs(exact) >= ExactInDouble && ExactInteger.Fits(exact, place.Field!.FieldType)),
        new("bare integer that rounds into its type", Difference.OnlyGoogleAccepts, JsonErrorKind.BadValue,
            "-2^63-1 is out of range, and 1e-400 and 1.00000000000000001 are no integers.",
            "Read as a double they become -2^63, 0 and 1.",
            "conformance: Int64FieldTooSmall, Int64FieldNotInteger",
            place => BareInteger(place) is { } text && !(ExactInteger.Of(text) is { } exact && ExactInteger.Fits(exact, place.Field!.FieldType))),
        new("quoted number that is none in JSON", Difference.OnlyGoogleAccepts, JsonErrorKind.WrongType,
            "In quotes is what would be a number without them, or NaN or an infinity.",
            "\"1.\" and \".5\" are numbers.",
            "RFC 8259, section 6",
            place => (IsInteger(place) || place.IsScalar(FieldType.Float, FieldType.Double)) && Text(place).Length > 0 && !Number().IsMatch(Text(place))),
        new("null for a member of a oneof", Difference.OnlyWeAccept, null,
            "Null leaves a member of a oneof unset, so that another may be given.",
            "It counts as given.",
            "conformance: OneofFieldNullFirst, OneofFieldNullSecond",
            HasNullInOneof),
        new("null as the whole text", Difference.OnlyGoogleAccepts, JsonErrorKind.WrongType,
            "Null is no message.",
            "It is an empty wrapper.",
            "conformance: RejectTopLevelNull",
            place => place.Kind == JsonPlaceKind.Root && place.Value.ValueKind == JsonValueKind.Null),
        new("field mask's capital without a word before", Difference.OtherMessage, null,
            "Each capital is an underscore and its small letter, the first of all and one after another too, so that the path survives the way there and back.",
            "It becomes a small letter without an underscore.",
            "C++: ParseFieldMask in json/internal/parser.cc",
            place => place.Is("google.protobuf.FieldMask") && LoneCapital().IsMatch(Text(place))),
        new("field mask's empty path", Difference.OtherMessage, null,
            "Each comma is between two paths, empty ones too, so that they survive the way there and back.",
            "Empty paths are left out.",
            "ProtoJSON: paths are separated by a comma; so does C++",
            place => place.Is("google.protobuf.FieldMask") && Text(place).Split(',').Any(path => path.Length == 0)),
        new("base64 without padding or URL-safe", Difference.OnlyWeAccept, null,
            "Either alphabet, padded or not.",
            "Only the standard alphabet, padded.",
            "ProtoJSON: either standard or URL-safe base64 with or without padding; conformance: BytesFieldBase64Url",
            place => place.IsScalar(FieldType.Bytes) && Base64().IsMatch(Unbroken(place)) && (Unbroken(place).Length % 4 != 0 || Unbroken(place).AsSpan().IndexOfAny('-', '_') >= 0)),
        new("duration with leading zeros", Difference.OnlyWeAccept, null,
            "Seconds may have zeros in front.",
            "Only one, when there is no other digit.",
            "ProtoJSON bounds the digits of the fraction alone; C++ and Java read them",
            place => place.Is("google.protobuf.Duration") && LeadingZero().IsMatch(Text(place))),
        new("-0 in an Any", Difference.OtherMessage, null,
            "-0 is a value, and no default.",
            "It is left out of the bytes.",
            "proto3: +0 is not serialized, but -0 is considered different and will be",
            IsNegativeZero),
        new("offset beyond 18 hours", Difference.OnlyWeAccept, null,
            "An offset has up to 23 hours and 59 minutes.",
            "It has up to 18 hours.",
            "RFC 3339, section 5.6",
            place => place.Is("google.protobuf.Timestamp") && FarOffset().IsMatch(Text(place))),
        new("number beyond a double that nobody reads", Difference.OnlyWeAccept, null,
            "A number of an unknown member may be of any size.",
            "It is read as a double, and refused.",
            "RFC 8259, section 6, sets no range; the API ignores unknown members",
            place => place.Kind == JsonPlaceKind.Root && HugeNumber().IsMatch(place.Value.GetRawText())),
        new("unknown member in an Any of a well-known type", Difference.OnlyWeAccept, null,
            "Unknown members are let pass wherever they are.",
            "Beside @type and value, no other is.",
            "the API ignores unknown members",
            place => IsAny(place) && place.Value.EnumerateObject().Any(member => !member.NameEquals("@type") && !member.NameEquals("value"))),
        new("Any without a type", Difference.OnlyGoogleAccepts, JsonErrorKind.BadValue,
            "An Any with members has its @type among them.",
            "Without one it is empty, whatever it has.",
            "ProtoJSON: the type's URL is in @type; conformance: AnyWithNoType has no members",
            place => IsAny(place) && !place.Value.TryGetProperty("@type", out _)),
        new("name that an enum does not have", Difference.OnlyGoogleAccepts, null,
            "It is refused, in Clarifai's dialect too, which lets unknown members pass, not values.",
            "Where unknown members are let pass, so is it.",
            "ProtoJSON: unknown fields may be ignored; what a value is to mean is not a field",
            place => place.IsScalar(FieldType.Enum) && place.Kind != JsonPlaceKind.MapKey && place.Value.ValueKind == JsonValueKind.String
                && place.Field!.EnumType.FindValueByName(place.Value.GetString()!) is null),
        new("Any of an Empty in JSON", Difference.OnlyGoogleAccepts | Difference.OnlyWeAccept, JsonErrorKind.UnknownMember,
            "An Empty is a message of no fields, and stands in an Any like others.",
            "It has a value, {}, as a Duration has its text.",
            "ProtoJSON: a value is for types of a special form; so do C++, Java and Python",
            place => IsAny(place) && place.Value.TryGetProperty("@type", out var url) && url.ToString().EndsWith("google.protobuf.Empty", StringComparison.Ordinal)),
        new("NullValue of another number", Difference.OnlyGoogleAccepts, JsonErrorKind.WrongType,
            "A NullValue is null, its name or its one number.",
            "Any number is one.",
            "struct.proto: a singleton whose JSON is null",
            place => place is { Field: { FieldType: FieldType.Enum, EnumType.FullName: "google.protobuf.NullValue" }, Value.ValueKind: JsonValueKind.Number }),
        new("blank in base64", Difference.OnlyGoogleAccepts, JsonErrorKind.BadValue,
            "Blanks and tabs are not of the alphabet and refused; of white space, line breaks alone are read.",
            "All white space is skipped.",
            "RFC 4648, section 3.3; Go's encoding/base64 skips line breaks, because MIME has them",
            place => place.IsScalar(FieldType.Bytes) && Text(place).AsSpan().IndexOfAny(" \t") >= 0),
    ];

    /// <summary>The rules that a text meets, of one difference and error.</summary>
    public static IEnumerable<JsonRule> Of(Difference difference, JsonErrorKind? error, MessageDescriptor type, JsonElement root)
    {
        JsonPlace[] places = [.. JsonPlace.All(type, root)];
        return All.Where(rule => rule.Differences.HasFlag(difference) && (error is null || rule.Error is null || rule.Error == error) && places.Any(rule.Applies));
    }

    private static bool IsInteger(JsonPlace place) => place.IsScalar(
        FieldType.Int32, FieldType.SInt32, FieldType.SFixed32, FieldType.UInt32, FieldType.Fixed32,
        FieldType.Int64, FieldType.SInt64, FieldType.SFixed64, FieldType.UInt64, FieldType.Fixed64);

    /// <summary>A number without quotes that is to be an integer or an enum value; null for anything else.</summary>
    private static string? BareInteger(JsonPlace place) =>
        (IsInteger(place) || place.IsScalar(FieldType.Enum)) && place.Kind != JsonPlaceKind.MapKey && place.Value.ValueKind == JsonValueKind.Number ? place.Value.GetRawText() : null;

    private static bool IsNegativeZero(JsonPlace place) =>
        place.IsScalar(FieldType.Float, FieldType.Double)
        && double.TryParse(place.Value.ToString(), CultureInfo.InvariantCulture, out var number) && number == 0 && double.IsNegative(number);

    private static bool IsAny(JsonPlace place) => place.Is("google.protobuf.Any") && place.Value.ValueKind == JsonValueKind.Object;

    /// <summary>The text of a string or of a map's key; empty for anything else.</summary>
    private static string Text(JsonPlace place) => place.Kind == JsonPlaceKind.MapKey ? place.Key
        : place.Value.ValueKind == JsonValueKind.String ? place.Value.GetString()!
        : "";

    /// <summary>The text without its line breaks.</summary>
    private static string Unbroken(JsonPlace place) => Text(place).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);

    private static bool HasDuplicate(JsonPlace place) =>
        place.Value.ValueKind == JsonValueKind.Object && place.Type is { } type && place.Kind != JsonPlaceKind.MapKey
        && place.Value.EnumerateObject().Select(member => FieldOf(type, member)).OfType<FieldDescriptor>().GroupBy(field => field).Any(same => same.Count() > 1);

    private static bool HasNullInOneof(JsonPlace place) =>
        place.Value.ValueKind == JsonValueKind.Object && place.Type is { } type && place.Kind != JsonPlaceKind.MapKey
        && place.Value.EnumerateObject().Any(member => member.Value.ValueKind == JsonValueKind.Null && FieldOf(type, member)?.RealContainingOneof is not null);

    private static FieldDescriptor? FieldOf(MessageDescriptor type, JsonProperty member) =>
        type.Fields.InDeclarationOrder().FirstOrDefault(field => member.NameEquals(field.Name) || member.NameEquals(field.JsonName));

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"[+-](1[89]|2[0-3]):[0-5][0-9]\z")]
    private static partial Regex FarOffset();

    [GeneratedRegex(@"[eE]\+?[0-9]{3,}")]
    private static partial Regex HugeNumber();

    [GeneratedRegex(@"^-0(\.0+|[eE])")]
    private static partial Regex MinusZero();

    [GeneratedRegex(@"^-?0[0-9]")]
    private static partial Regex LeadingZero();

    [GeneratedRegex(@"(^|[^a-z])[A-Z]")]
    private static partial Regex LoneCapital();

    [GeneratedRegex(@"^[A-Za-z0-9+/_-]*={0,2}\z")]
    private static partial Regex Base64();
}
