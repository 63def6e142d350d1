using System.Globalization;
using Gateway.Core.Wire;

namespace Gateway.Core.Json;

/// <summary>What is wrong with one value, told without its place. Readers answer null when nothing is.</summary>
internal sealed record JsonFault(JsonErrorKind Kind, string Message)
{
    public static readonly JsonFault EndsTooEarly = Syntax("the JSON text ends too early");
    public static readonly JsonFault TextAfterEnd = Syntax("text after the end of the JSON value");
    public static readonly JsonFault NameWanted = Syntax("expected a member's name in double quotes");
    public static readonly JsonFault ColonWanted = Syntax("expected ':' after a member's name");
    public static readonly JsonFault CommaOrBraceWanted = Syntax("expected ',' or '}'");
    public static readonly JsonFault CommaOrBracketWanted = Syntax("expected ',' or ']'");
    public static readonly JsonFault ValueWanted = Syntax("expected a JSON value");
    public static readonly JsonFault MalformedNumber = Syntax("not a JSON number");
    public static readonly JsonFault UnescapedControl = Syntax("a control character in a string is not escaped");
    public static readonly JsonFault BadEscape = Syntax("not an escape sequence");
    public static readonly JsonFault LoneSurrogate = Syntax("an escape of half a surrogate pair");
    public static readonly JsonFault InvalidUtf8 = Syntax("not UTF-8");

    public static readonly JsonFault NumberWanted = Wrong("expected a number");
    public static readonly JsonFault BoolWanted = Wrong("expected true or false");
    public static readonly JsonFault StringWanted = Wrong("expected a string");
    public static readonly JsonFault EnumWanted = Wrong("expected an enum value's name or number");
    public static readonly JsonFault ObjectWanted = Wrong("expected an object");
    public static readonly JsonFault ArrayWanted = Wrong("expected an array");
    public static readonly JsonFault NullWanted = Wrong("expected null");
    public static readonly JsonFault NullNotAllowed = Wrong("null is not allowed here");

    public static readonly JsonFault NotAnInteger = Bad("not a whole number");
    public static readonly JsonFault NotBase64 = Bad("not base64");
    public static readonly JsonFault NotATimestamp = Bad("not an RFC 3339 timestamp from year 1 to 9999");
    public static readonly JsonFault NotADuration = Bad("not a duration in seconds such as \"1.5s\", up to 315576000000s");
    public static readonly JsonFault NotAFieldMask = Bad("not a comma-separated list of lowerCamelCase paths");
    public static readonly JsonFault NotFinite = new(JsonErrorKind.NotRepresentable, "NaN and Infinity have no place in a JSON value");
    public static readonly JsonFault StringNotUtf8 = new(JsonErrorKind.MalformedWire, "not UTF-8");
    public static readonly JsonFault MalformedWire = new(JsonErrorKind.MalformedWire, "malformed protobuf");

    public static readonly JsonFault GivenTwice = new(JsonErrorKind.GivenTwice, "given twice");
    public static readonly JsonFault OneofGivenTwice = new(JsonErrorKind.GivenTwice, "another member of the same oneof is given too");
    public static readonly JsonFault TypeMissing = Bad("\"@type\" is missing");
    public static readonly JsonFault TypeGivenTwice = new(JsonErrorKind.GivenTwice, "\"@type\" given twice");
    public static readonly JsonFault AnyValueMissing = Bad("\"value\" is missing");

    public static readonly JsonFault MessagesTooDeep =
        Limit($"nested more than {WireLimits.MaxDepth} messages deep, the limit of protobuf; an object of free JSON is three");

    public static JsonFault OutOfRange<T>(T min, T max)
        where T : IFormattable => Bad(string.Create(CultureInfo.InvariantCulture, $"out of range, which is {min} to {max}"));

    public static JsonFault Limit(string message) => new(JsonErrorKind.LimitExceeded, message);

    public static JsonFault Bad(string message) => new(JsonErrorKind.BadValue, message);

    public static JsonFault NotRepresentable(string message) => new(JsonErrorKind.NotRepresentable, message);

    private static JsonFault Syntax(string message) => new(JsonErrorKind.Syntax, message);

    private static JsonFault Wrong(string message) => new(JsonErrorKind.WrongType, message);
}
