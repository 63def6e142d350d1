using System.Text.Json;
using Gateway.Core.Json;
using Gateway.Fuzz.Generation;
using Gateway.Fuzz.Reference;
using Gateway.Fuzz.Rules;
using Gateway.Fuzz.Subject;
using Google.Protobuf;

namespace Gateway.Fuzz.Checks;

/// <summary>Any bytes as the JSON text of a message: accepted, refused and understood as Google's parser does, however they are cut.</summary>
internal sealed class JsonCheck(Transcoder transcoder, Tally tally)
{
    /// <summary>Texts up to this length are also fed byte by byte.</summary>
    private const int CutToBytes = 400;

    /// <summary>Null when all is well.</summary>
    /// <param name="input">The text.</param>
    /// <param name="dice">Where it is cut.</param>
    /// <param name="expected">What the text means in ProtoJSON; null when that is for Google's parser alone to say.</param>
    public Finding? Run(Input input, Dice dice, IMessage? expected = null)
    {
        using var document = Grammar.Parse(input.Bytes);
        var protoJson = transcoder.ToWire(Dialect.ProtoJson.Schema.Message(input.Type), input.Bytes);
        var clarifai = transcoder.ToWire(Dialect.Clarifai.Schema.Message(input.Type), input.Bytes);
        tally.WasAccepted = protoJson.Error is null;
        return CheckLegal(input, protoJson, expected)
            ?? Check(Dialect.ProtoJson, input, document, protoJson, dice)
            ?? Check(Dialect.Clarifai, input, document, clarifai, dice)
            ?? CheckLenience(input, protoJson, clarifai);
    }

    private static Finding? CheckLegal(Input input, Transcoded whole, IMessage? expected) => expected is null ? null
        : whole.Error is not null ? Found(Dialect.ProtoJson, $"a legal text is refused: {whole.Error.Message}", input, $"{whole.Error}")
        : MessageEquality.AreEqual(expected, GoogleProtobuf.ReadLegal(input.Type, whole.Bytes)) ? null
        : Found(Dialect.ProtoJson, "a legal text is read as another message", input, whole.ShownWire);

    private Finding? Check(Dialect dialect, Input input, JsonDocument? document, Transcoded whole, Dice dice) =>
        CheckError(dialect, input, whole)
        ?? CheckCuts(dialect, input, whole, dice)
        ?? CheckFollowed(dialect, input, whole, dice)
        ?? (document is null ? CheckNotJson(dialect, input, whole) : CheckGoogle(dialect, input, document, whole));

    private static Finding? CheckError(Dialect dialect, Input input, Transcoded whole)
    {
        var isDocumented = whole.Error is null or { Path: not null, Message.Length: > 0, Kind: not (JsonErrorKind.MalformedWire or JsonErrorKind.NotRepresentable) };
        var isPlaced = whole.Error is null || (whole.Error.Kind == JsonErrorKind.Syntax ? whole.Error.Offset >= 0 && whole.Error.Offset <= input.Bytes.Length : whole.Error.Offset is null);
        return isDocumented && isPlaced ? null : Found(dialect, "an error that reading JSON does not have", input, $"{whole.Error}");
    }

    private Finding? CheckCuts(Dialect dialect, Input input, Transcoded whole, Dice dice)
    {
        var plan = dialect.Schema.Message(input.Type);
        var most = dice.Pick(2, 8, 64, 1_000);
        var cut = transcoder.ToWire(plan, input.Bytes, () => 1 + dice.Below(most));
        var bytes = input.Bytes.Length <= CutToBytes ? transcoder.ToWire(plan, input.Bytes, () => 1) : cut;
        return whole.IsSame(cut) && whole.IsSame(bytes) ? null
            : Found(dialect, "cutting the text changes the result", input, $"whole: {whole.ShownWire}, cut: {cut.ShownWire}, bytes: {bytes.ShownWire}");
    }

    // A message among others of a request is what it is alone, and leaves the next one alone. Line breaks end bare numbers.
    private Finding? CheckFollowed(Dialect dialect, Input input, Transcoded whole, Dice dice)
    {
        var most = dice.Pick(2, 8, 64, 1_000);
        var first = transcoder.FirstToWire(dialect.Schema.Message(input.Type), [.. input.Bytes, .. "\n{}"u8], () => 1 + dice.Below(most), out var left);
        var isOneText = first.Error is null && left.AsSpan().SequenceEqual("{}"u8);
        return isOneText == (whole.Error is null) && (!isOneText || whole.IsSame(first)) ? null
            : Found(dialect, "another text behind it changes the result", input, $"alone: {whole.ShownWire}, followed: {first.ShownWire}, left: {left.Length} bytes");
    }

    private static Finding? CheckNotJson(Dialect dialect, Input input, Transcoded whole) =>
        whole.Error is null ? Found(dialect, "what is not JSON is accepted", input, whole.ShownWire) : null;

    private Finding? CheckGoogle(Dialect dialect, Input input, JsonDocument document, Transcoded whole)
    {
        if (whole.Error is { Kind: JsonErrorKind.LimitExceeded })
        {
            return Grammar.Fits(input.Bytes, JsonLimits.Default.MaxDepth) && !IsTooDeepOnTheWire(dialect, input)
                ? Found(dialect, "a limit is met too early", input, $"{whole.Error}")
                : null;
        }

        if (!dialect.TryRead(input.Type, Grammar.WithoutMark(input.Bytes), out var google) || DifferenceOf(input, whole, google) is not { } difference)
        {
            return null;
        }

        return tally.Explain(JsonRules.Of(difference, whole.Error?.Kind, input.Type, document.RootElement)) ? null
            : Found(dialect, $"{difference} {whole.Error?.Kind}", input, $"{whole.ShownWire}; Google: {(google is null ? "refuses" : GoogleProtobuf.WriteJson(google))}");
    }

    // Arrays of free JSON are two messages each: what is not too deep as JSON may be a message that no reader of protobuf takes.
    private static bool IsTooDeepOnTheWire(Dialect dialect, Input input) =>
        dialect.TryRead(input.Type, Grammar.WithoutMark(input.Bytes), out var google)
        && google is not null
        && !GoogleProtobuf.ReadsWithinItsLimit(input.Type, google.ToByteArray());

    private static Difference? DifferenceOf(Input input, Transcoded whole, IMessage? google) => (whole.Error is null, google) switch
    {
        (true, null) => Difference.OnlyWeAccept,
        (false, not null) => Difference.OnlyGoogleAccepts,
        (true, not null) when !MessageEquality.AreEqual(google, GoogleProtobuf.ReadLegal(input.Type, whole.Bytes)) => Difference.OtherMessage,
        _ => null,
    };

    /// <summary>Clarifai's dialect refuses nothing that ProtoJSON does not.</summary>
    private static Finding? CheckLenience(Input input, Transcoded protoJson, Transcoded clarifai) =>
        protoJson.Error is null && clarifai.Error is not null ? Found(Dialect.Clarifai, "refuses what ProtoJSON does not", input, $"{clarifai.Error}") : null;

    private static Finding Found(Dialect dialect, string what, Input input, string detail) => new($"JSON, {dialect.Name}: {what}", input, detail);
}
