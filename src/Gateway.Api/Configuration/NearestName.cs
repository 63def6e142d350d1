namespace Gateway.Api.Configuration;

/// <summary>Finds what somebody meant who misspelt a name.</summary>
internal static class NearestName
{
    // One letter in three may be wrong; beyond that, a guess would mislead.
    private const int LettersPerMistake = 3;

    /// <summary>The nearest of the names; null when none is near.</summary>
    public static string? To(string misspelt, IEnumerable<string> names) =>
        names.MinBy(name => Distance(misspelt, name)) is { } nearest && Distance(misspelt, nearest) <= nearest.Length / LettersPerMistake
            ? nearest
            : null;

    // Levenshtein's: the fewest letters to add, drop or change, whatever their case.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        foreach (var (i, letter) in from.Index())
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < to.Length; j++)
            {
                var change = diagonal + (char.ToUpperInvariant(letter) == char.ToUpperInvariant(to[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(change, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
