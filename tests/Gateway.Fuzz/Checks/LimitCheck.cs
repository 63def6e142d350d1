using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Fuzz.Generation;
using Gateway.Fuzz.Reference;
using Gateway.Fuzz.Subject;

namespace Gateway.Fuzz.Checks;

/// <summary>With limits that most messages meet, a message is either the same as ever or refused for a limit, however it is cut.</summary>
internal sealed class LimitCheck : IDisposable
{
    private static readonly JsonLimits Narrow = new() { MaxDepth = 3, MaxStringBytes = 24, MaxValues = 16, MaxNumberBytes = 8, MaxNameBytes = 20, MaxAnyBytes = 100 };

    private readonly Transcoder _wide = new(JsonLimits.Default);
    private readonly Transcoder _narrow = new(Narrow);

    /// <summary>Null when all is well.</summary>
    public Finding? Run(Input input, Dice dice)
    {
        MessagePlan plan = Dialect.Clarifai.Schema.Message(input.Type);
        int most = dice.Pick(1, 3, 50);
        (Transcoded wide, Transcoded narrow, Transcoded cut) = input.IsJson
            ? (_wide.ToWire(plan, input.Bytes), _narrow.ToWire(plan, input.Bytes), _narrow.ToWire(plan, input.Bytes, () => 1 + dice.Below(most)))
            : (_wide.ToJson(plan, input.Bytes), _narrow.ToJson(plan, input.Bytes), _narrow.ToJson(plan, input.Bytes, 1 + dice.Below(most)));

        // Which of two faults is met first may depend on the cuts; whether there is one may not.
        return IsSameOrLimited(narrow) && IsSameOrLimited(cut) && narrow.Error is null == cut.Error is null ? null
            : new Finding("narrow limits: neither the same nor refused for a limit", input, $"{Shown(wide)}, narrow: {Shown(narrow)}, cut: {Shown(cut)}");

        bool IsSameOrLimited(Transcoded result) => result.Error?.Kind == JsonErrorKind.LimitExceeded || result.IsSame(wide);
        string Shown(Transcoded result) => input.IsJson ? result.ShownWire : result.ShownJson;
    }

    public void Dispose()
    {
        _wide.Dispose();
        _narrow.Dispose();
    }
}
