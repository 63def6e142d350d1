using System.Globalization;

namespace Gateway.Sandbox.Schemas;

/// <summary>Numbers in equal steps.</summary>
/// <param name="Low">The lowest.</param>
/// <param name="High">The highest.</param>
/// <param name="Step">The step; 0 when there is but one number.</param>
internal readonly record struct NumberRange(decimal Low, decimal High, decimal Step)
{
    /// <summary>How far from zero numbers may be.</summary>
    public const decimal Limit = 1_000_000_000_000_000;

    // As many as people count on.
    private const int Drawn = 100;

    /// <summary>The numbers between two ends.</summary>
    /// <param name="low">The lower end; null for none.</param>
    /// <param name="high">The upper end; null for none.</param>
    /// <param name="isLowOut">Whether the lower end itself is out.</param>
    /// <param name="isHighOut">Whether the upper end itself is out.</param>
    /// <param name="step">What they are multiples of; null for none.</param>
    /// <returns>The range; null when there is no number in it.</returns>
    public static NumberRange? Of(decimal? low, decimal? high, bool isLowOut, bool isHighOut, decimal? step)
    {
        var width = step ?? 0.5m;
        var first = Math.Ceiling((low ?? -Limit) / width) * width;
        first += isLowOut && first == low ? width : 0;
        var last = Math.Floor((high ?? Limit) / width) * width;
        last -= isHighOut && last == high ? width : 0;
        if (first <= last)
        {
            return new NumberRange(first, last, width);
        }

        // Ends nearer to each other than a step of our own choice.
        return step is null && low is { } a && high is { } b && (a < b || (a == b && !isLowOut && !isHighOut))
            ? new NumberRange((a + b) / 2, (a + b) / 2, 0)
            : null;
    }

    /// <summary>Whether a number is one of them.</summary>
    public bool Has(decimal number) => number >= Low && number <= High && (Step == 0 || (number - Low) % Step == 0);

    /// <summary>One of the hundred that are nearest to zero, from there up.</summary>
    public decimal Draw(Random random)
    {
        if (Step == 0)
        {
            return Low;
        }

        var from = Low > 0 ? Low : High >= 0 ? 0 : Math.Max(Low, High - (Drawn * Step));
        return from + (Step * random.Next(1 + (int)Math.Min(Drawn, (High - from) / Step)));
    }

    /// <summary>The number as JSON has it.</summary>
    public static string Write(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);
}
