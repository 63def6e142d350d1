using System.Text;
using System.Text.Json;
using Gateway.Core.Json;
using Gateway.Fuzz.Generation;
using Gateway.Fuzz.Reference;
using Gateway.Fuzz.Subject;

namespace Gateway.Fuzz.Checks;

/// <summary>With limits that most messages meet, a message is either the same as ever or refused for a limit, which it meets, however it is cut.</summary>
internal sealed class LimitCheck : IDisposable
{
    private static readonly JsonLimits Narrow = new() { MaxDepth = 3, MaxStringBytes = 24, MaxValues = 16, MaxNumberBytes = 8, MaxNameBytes = 20, MaxAnyBytes = 100 };

    private readonly Transcoder _wide = new(JsonLimits.Default);
    private readonly Transcoder _narrow = new(Narrow);

    /// <summary>Null when all is well.</summary>
    public Finding? Run(Input input, Dice dice)
    {
        var plan = Dialect.ProtoJson.Schema.Message(input.Type);
        var most = dice.Pick(1, 3, 50);
        (var wide, var narrow, var cut) = input.IsJson
            ? (_wide.ToWire(plan, input.Bytes), _narrow.ToWire(plan, input.Bytes), _narrow.ToWire(plan, input.Bytes, () => 1 + dice.Below(most)))
            : (_wide.ToJson(plan, input.Bytes), _narrow.ToJson(plan, input.Bytes), _narrow.ToJson(plan, input.Bytes, 1 + dice.Below(most)));
        var fault = Compare(wide, narrow, cut)
            ?? (input.IsJson ? CheckText(input.Bytes, narrow) : wide.Error is null ? CheckDepth(wide.Bytes, narrow) : null);
        return fault is null ? null : new Finding($"narrow limits: {fault}", input, $"{wide.Error}, narrow: {narrow.Error}, cut: {cut.Error}");
    }

    public void Dispose()
    {
        _wide.Dispose();
        _narrow.Dispose();
    }

    /// <summary>Which of two faults is met first may depend on the cuts; whether there is one may not.</summary>
    private static string? Compare(Transcoded wide, Transcoded narrow, Transcoded cut) =>
        !IsLimited(narrow) && !narrow.IsSame(wide) ? "neither the same nor refused"
        : !IsLimited(cut) && !cut.IsSame(wide) ? "neither the same nor refused, when cut"
        : narrow.Error is null != cut.Error is null ? "cutting the input changes the result"
        : null;

    private static bool IsLimited(Transcoded result) => result.Error?.Kind == JsonErrorKind.LimitExceeded;

    /// <summary>What is accepted is within the limits that all values have, and what is far within all of them is not refused for one.</summary>
    private static string? CheckText(byte[] json, Transcoded narrow)
    {
        using var document = Grammar.Parse(json);
        if (document is null)
        {
            return null;
        }

        var values = 0;
        var fits = Fits(document.RootElement, ref values) && Grammar.Fits(json, Narrow.MaxDepth) && values <= Narrow.MaxValues + 1;
        return narrow.Error is null && !fits ? "a limit is not met"
            : IsLimited(narrow) && fits && values < Narrow.MaxValues && json.Length <= Narrow.MaxAnyBytes && !HasLongText(document.RootElement) ? "a limit is met too early"
            : null;
    }

    /// <summary>What is written may have a list of scalars one deeper than the limit.</summary>
    private static string? CheckDepth(byte[] text, Transcoded narrow) => IsLimited(narrow)
        ? Grammar.Fits(text, Narrow.MaxDepth) ? "the depth is met too early" : null
        : Grammar.Fits(text, Narrow.MaxDepth + 1) ? null : "the depth is not met";

    /// <summary>Counts the values, and tells whether their names and numbers are short enough.</summary>
    private static bool Fits(JsonElement value, ref int values)
    {
        values++;
        var fits = value.ValueKind != JsonValueKind.Number || value.GetRawText().Length <= Narrow.MaxNumberBytes;
        foreach (var member in value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default)
        {
            fits &= Encoding.UTF8.GetByteCount(member.Name) <= Narrow.MaxNameBytes & Fits(member.Value, ref values);
        }

        foreach (var element in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default)
        {
            fits &= Fits(element, ref values);
        }

        return fits;
    }

    private static bool HasLongText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Encoding.UTF8.GetByteCount(value.GetString()!) > Math.Min(Narrow.MaxNameBytes, Narrow.MaxStringBytes),
        JsonValueKind.Object => value.EnumerateObject().Any(member => HasLongText(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HasLongText),
        _ => false,
    };
}
