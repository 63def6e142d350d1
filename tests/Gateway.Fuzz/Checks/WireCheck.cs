using System.Text;
using System.Text.Json;
using Gateway.Core.Json;
using Gateway.Fuzz.Generation;
using Gateway.Fuzz.Reference;
using Gateway.Fuzz.Rules;
using Gateway.Fuzz.Subject;
using Google.Protobuf;

namespace Gateway.Fuzz.Checks;

/// <summary>Any bytes as the wire bytes of a message: accepted, refused and written as Google's parser and formatter do, in however many turns.</summary>
internal sealed class WireCheck(Transcoder transcoder, Tally tally)
{
    /// <summary>Null when all is well.</summary>
    public Finding? Run(Input input, Dice dice)
    {
        var google = GoogleProtobuf.ReadWire(input.Type, input.Bytes);
        return Check(Dialect.ProtoJson, input, google, dice) ?? Check(Dialect.Clarifai, input, google, dice);
    }

    private Finding? Check(Dialect dialect, Input input, IMessage? google, Dice dice)
    {
        var whole = transcoder.ToJson(dialect.Schema.Message(input.Type), input.Bytes);
        tally.WasAccepted = whole.Error is null;
        return CheckError(dialect, input, whole)
            ?? CheckTurns(dialect, input, whole, dice)
            ?? CheckGoogle(dialect, input, whole, google)
            ?? CheckBack(dialect, input, whole);
    }

    private static Finding? CheckError(Dialect dialect, Input input, Transcoded whole)
    {
        var isDocumented = whole.Error is null
            or { Path: not null, Message.Length: > 0, Offset: null, Kind: JsonErrorKind.MalformedWire or JsonErrorKind.NotRepresentable or JsonErrorKind.LimitExceeded };
        return isDocumented ? null : Found(dialect, "an error that reading wire bytes does not have", input, $"{whole.Error}");
    }

    private Finding? CheckTurns(Dialect dialect, Input input, Transcoded whole, Dice dice)
    {
        var turns = transcoder.ToJson(dialect.Schema.Message(input.Type), input.Bytes, 1 + dice.Below(dice.Pick(1, 16, 500)));
        return whole.IsSame(turns) ? null
            : Found(dialect, "the number of turns changes the result", input, $"whole: {whole.ShownJson}, turns: {turns.ShownJson}");
    }

    private Finding? CheckGoogle(Dialect dialect, Input input, Transcoded whole, IMessage? google)
    {
        var text = google is null ? null : dialect.Write(google);
        Difference? difference = (whole.Error, google) switch
        {
            (null, null) => Difference.OnlyWeAccept,
            (null, not null) when !Means(dialect, input, whole, google, text) => Difference.OtherMessage,
            (null, not null) => text is null ? Difference.OnlyWeAccept : null,
            (not null, not null) when text is null => null,
            ({ Kind: JsonErrorKind.LimitExceeded }, not null) when IsDeep(text!) => null,
            (not null, not null) => Difference.OnlyGoogleAccepts,
            _ => null,
        };
        return difference is not { } found || tally.Explain(WireRules.Of(found, whole.Error?.Kind, input.Type, input.Bytes)) ? null
            : Found(dialect, $"{found} {whole.Error?.Kind}", input, $"{whole.ShownJson}; Google: {text ?? (google is null ? "refuses" : "cannot write it")}");
    }

    /// <summary>Whether our text is Google's; if Google cannot write it, whether it is its message for our own parser.</summary>
    private bool Means(Dialect dialect, Input input, Transcoded whole, IMessage google, string? text)
    {
        if (text is null)
        {
            var back = transcoder.ToWire(dialect.Schema.Message(input.Type), whole.Bytes);
            return dialect != Dialect.ProtoJson || (back.Error is null && MessageEquality.AreEqual(google, GoogleProtobuf.ReadLegal(input.Type, back.Bytes)));
        }

        using var ours = Grammar.Parse(whole.Bytes);
        using var theirs = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Grammar.AnyDepth });
        return ours is not null && JsonElement.DeepEquals(ours.RootElement, theirs.RootElement);
    }

    /// <summary>A dialect reads its own text back, unless a list of scalars, or one that is shown empty, made it deeper than texts may be.</summary>
    private Finding? CheckBack(Dialect dialect, Input input, Transcoded whole)
    {
        if (whole.Error is not null)
        {
            return null;
        }

        var plan = dialect.Schema.Message(input.Type);
        var back = transcoder.ToWire(plan, whole.Bytes);
        var again = transcoder.ToJson(plan, back.Bytes);
        var isTooDeep = back.Error is { Kind: JsonErrorKind.LimitExceeded } && IsDeep(whole.ShownJson);
        return isTooDeep || (back.Error is null && whole.IsSame(again)) || tally.Explain(WireRules.Of(Difference.NotReadBack, null, input.Type, input.Bytes)) ? null
            : Found(dialect, "does not read its own text", input, $"{whole.ShownJson}; {back.ShownWire}; {again.ShownJson}");
    }

    private static bool IsDeep(string text) => !Grammar.Fits(Encoding.UTF8.GetBytes(text), JsonLimits.Default.MaxDepth);

    private static Finding Found(Dialect dialect, string what, Input input, string detail) => new($"wire, {dialect.Name}: {what}", input, detail);
}
