using System.Globalization;

namespace Gateway.Fuzz;

/// <summary>The program's options.</summary>
/// <param name="Cases">How many random cases to run.</param>
/// <param name="Seed">What all of them follow from.</param>
/// <param name="Kinds">After how many kinds of faults to stop.</param>
/// <param name="Case">The one random case to run; null for all.</param>
/// <param name="Type">With <paramref name="Form"/> and <paramref name="Text"/>, the one input to check; null for random ones.</param>
/// <param name="Form">The form of the input.</param>
/// <param name="Text">The input.</param>
internal sealed record Options(long Cases = 1_000_000, ulong Seed = 1, int Kinds = 10, long? Case = null, string? Type = null, string? Form = null, string? Text = null)
{
    public const string Usage = """
        usage: Gateway.Fuzz [--cases N = 1000000] [--seed N = 1] [--kinds N = 10]   the corpus, then random cases; stops after N kinds of faults
               Gateway.Fuzz --seed N --case NUMBER                                  one random case
               Gateway.Fuzz configuration [--cases N] [--seed N] [--kinds N]        random configurations
               Gateway.Fuzz configuration --seed N --case NUMBER                    one of them
               Gateway.Fuzz http [--cases N] [--seed N] [--kinds N]                 random requests against a running gateway
               Gateway.Fuzz http --seed N --case NUMBER                             one of them
               Gateway.Fuzz --type NAME --json TEXT | --json-hex HEX | --wire HEX   one input
        """;

    /// <summary>Null when the arguments are not understood.</summary>
    public static Options? Parse(string[] arguments)
    {
        var options = new Options();
        for (var i = 0; i + 1 < arguments.Length && options is not null; i += 2)
        {
            options = options.With(arguments[i], arguments[i + 1]);
        }

        return arguments.Length % 2 == 0 ? options : null;
    }

    private Options? With(string name, string value) => name switch
    {
        "--cases" => Number(value) is { } cases ? this with { Cases = cases } : null,
        "--seed" => Number(value) is { } seed ? this with { Seed = (ulong)seed } : null,
        "--kinds" => Number(value) is { } kinds ? this with { Kinds = (int)Math.Min(kinds, int.MaxValue) } : null,
        "--case" => Number(value) is { } number ? this with { Case = number } : null,
        "--type" => this with { Type = value },
        "--" + Input.JsonForm or "--" + Input.JsonHexForm or "--" + Input.WireForm => this with { Form = name[2..], Text = value },
        _ => null,
    };

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
