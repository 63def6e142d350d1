using System.Runtime.CompilerServices;
using Gateway.Store.Usage;

namespace Gateway.Api.Usage;

/// <summary>A number for each <see cref="UsageMeasure"/>, in place.</summary>
[InlineArray(Count)]
internal struct MeasureValues
{
    /// <summary>How many measures there are.</summary>
    public const int Count = (int)UsageMeasure.CachedTokens + 1;

    private long _first;

    /// <summary>The measures of an amount.</summary>
    public static MeasureValues Of(in UsageAmounts amounts)
    {
        var values = default(MeasureValues);
        for (var measure = 0; measure < Count; measure++)
        {
            values[measure] = amounts[(UsageMeasure)measure];
        }

        return values;
    }
}
