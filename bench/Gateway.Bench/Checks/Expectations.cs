using System.Text.Json;

namespace Gateway.Bench.Checks;

/// <summary>What each figure is expected to be, as a file of this repository says it.</summary>
public sealed class Expectations
{
    /// <summary>The file.</summary>
    public const string File = "bench/expected.json";

    private const int Decimals = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    private readonly Dictionary<string, Expectation> _figures;

    private Expectations(Dictionary<string, Expectation> figures) => _figures = figures;

    public Expectation this[Figure figure] => _figures[figure.Name];

    private static string FilePath => Path.Combine(Repository.Root, File);

    /// <summary>Reads the file.</summary>
    /// <exception cref="UsageException">It cannot be read, or not as <see cref="Parse"/> would have it.</exception>
    public static Expectations Read()
    {
        try
        {
            return Parse(System.IO.File.ReadAllText(FilePath));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{File} cannot be read: {exception.Message}");
        }
    }

    /// <summary>Reads what the file says.</summary>
    /// <exception cref="UsageException">It is malformed, or has not just the figures that are measured.</exception>
    public static Expectations Parse(string json)
    {
        Dictionary<string, Expectation> figures;
        try
        {
            figures = JsonSerializer.Deserialize<Dictionary<string, Expectation>>(json, Json) ?? [];
        }
        catch (JsonException exception)
        {
            var line = exception.LineNumber + 1;
            throw new UsageException($"Line {line} of {File} is not a figure with 'expected' and 'tolerance', which are numbers.");
        }

        string[] names = [.. Figure.All.Select(figure => figure.Name)];
        if (names.Except(figures.Keys).FirstOrDefault() is { } missing)
        {
            throw new UsageException($"{File} lacks the figure '{missing}'.");
        }

        if (figures.Keys.Except(names).FirstOrDefault() is { } unknown)
        {
            throw new UsageException($"{File} has the figure '{unknown}', which nothing measures.");
        }

        if (names.FirstOrDefault(name => figures[name] is not { Expected: > 0, Tolerance: > 0 }) is { } odd)
        {
            throw new UsageException($"{File} has no value or no tolerance above 0 for '{odd}'.");
        }

        return new Expectations(figures);
    }

    /// <summary>The same, but for figures that were measured: those are expected to be what they were. Tolerances stay.</summary>
    public Expectations With(IEnumerable<MeasuredFigure> measured)
    {
        var figures = new Dictionary<string, Expectation>(_figures);
        foreach (var figure in measured)
        {
            var name = figure.Figure.Name;
            figures[name] = figures[name] with { Expected = Math.Round(figure.Typical, Decimals) };
        }

        return new Expectations(figures);
    }

    /// <summary>Writes the file.</summary>
    public void Write() => System.IO.File.WriteAllText(FilePath, JsonSerializer.Serialize(_figures, Json) + "\n");
}
