using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Reference;

/// <summary>What Google.Protobuf makes of a text or of wire bytes; null where it refuses.</summary>
internal static class GoogleProtobuf
{
    /// <summary>Deeper than any text of a case, so that only our own limit is met.</summary>
    private const int RecursionLimit = 10_000;

    private static readonly TypeRegistry Registry = TypeRegistry.FromFiles(Types.Files);
    private static readonly JsonParser.Settings Reading = JsonParser.Settings.Default.WithTypeRegistry(Registry).WithRecursionLimit(RecursionLimit);
    private static readonly JsonParser Parser = new(Reading);
    private static readonly JsonParser LenientParser = new(Reading.WithIgnoreUnknownFields(true));
    private static readonly JsonFormatter.Settings Writing = JsonFormatter.Settings.Default.WithTypeRegistry(Registry);
    private static readonly JsonFormatter Formatter = new(Writing);
    private static readonly JsonFormatter ClarifaiFormatter = new(Writing.WithPreserveProtoFieldNames(true).WithFormatEnumsAsIntegers(true));
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The message of a text.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="json">The text.</param>
    /// <param name="lenient">Whether unknown members are let pass.</param>
    public static IMessage? ReadJson(MessageDescriptor type, ReadOnlySpan<byte> json, bool lenient = false)
    {
        try
        {
            return (lenient ? LenientParser : Parser).Parse(Strict.GetString(json), type);
        }
        catch (Exception refused) when (refused is IOException or InvalidOperationException or FormatException
            or ArgumentException or OverflowException or NullReferenceException or InvalidCastException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The message, unknown fields left out.</summary>
    public static IMessage? ReadWire(MessageDescriptor type, byte[] wire)
    {
        try
        {
            // Fields that are left out are not checked as well.
            _ = ReadAll(type.Parser, wire);
            return ReadAll(type.Parser.WithDiscardUnknownFields(true), wire);
        }
        catch (Exception refused) when (refused is InvalidProtocolBufferException or InvalidOperationException or IndexOutOfRangeException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The message of wire bytes that are legal, or else we have a bug.</summary>
    public static IMessage ReadLegal(MessageDescriptor type, byte[] wire) => ReadAll(type.Parser, wire);

    /// <summary>Whether messages are nested no deeper than the parser reads by default, as the upstream's does.</summary>
    public static bool ReadsWithinItsLimit(MessageDescriptor type, byte[] wire)
    {
        try
        {
            _ = type.Parser.ParseFrom(wire);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static IMessage ReadAll(MessageParser parser, byte[] wire)
    {
        try
        {
            return parser.ParseFrom(wire);
        }
        catch (InvalidProtocolBufferException refused) when (refused.Message.Contains("levels of nesting", StringComparison.Ordinal))
        {
            // Google's limit is 100 messages; a Struct of half as many levels, each with its entry and its value, is beyond it.
            using var stream = new MemoryStream(wire, writable: false);
            using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, RecursionLimit);
            var message = parser.ParseFrom(input);

            // From such an input, Google reads up to the end of a group that has no start, and calls that a message.
            return ReferenceFields.AreReadable(wire) ? message : throw new InvalidOperationException("The end of a group is not the end of a message.");
        }
    }

    /// <summary>The text of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="clarifai">Whether with proto names and enum numbers.</param>
    public static string? WriteJson(IMessage message, bool clarifai = false)
    {
        try
        {
            return (clarifai ? ClarifaiFormatter : Formatter).Format(message);
        }
        catch (Exception refused) when (refused is InvalidOperationException or InvalidProtocolBufferException or ArgumentException)
        {
            return null;
        }
    }
}
