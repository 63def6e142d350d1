using Gateway.Fuzz.Rules;

namespace Gateway.Fuzz;

/// <summary>Counts what cases were and which rules they met.</summary>
internal sealed class Tally
{
    private readonly long[] _cases = new long[Enum.GetValues<CaseKind>().Length];
    private readonly long[] _accepted = new long[Enum.GetValues<CaseKind>().Length];
    private readonly Dictionary<Rule, long> _rules = [];

    /// <summary>Whether the input of the case at hand was accepted.</summary>
    public bool WasAccepted { get; set; }

    /// <summary>The rules that explained a difference, and how often.</summary>
    public IReadOnlyDictionary<Rule, long> Rules => _rules;

    public long Cases(CaseKind kind) => _cases[(int)kind];

    public long Accepted(CaseKind kind) => _accepted[(int)kind];

    /// <summary>Counts the case at hand.</summary>
    public void Count(CaseKind kind)
    {
        _cases[(int)kind]++;
        _accepted[(int)kind] += WasAccepted ? 1 : 0;
    }

    /// <summary>Counts the rules that explain a difference; false when there are none.</summary>
    public bool Explain(IEnumerable<Rule> rules)
    {
        var any = false;
        foreach (var rule in rules)
        {
            any = true;
            _rules[rule] = _rules.GetValueOrDefault(rule) + 1;
        }

        return any;
    }

    /// <summary>Adds what another has counted.</summary>
    public void Add(Tally other)
    {
        for (var kind = 0; kind < _cases.Length; kind++)
        {
            _cases[kind] += other._cases[kind];
            _accepted[kind] += other._accepted[kind];
        }

        foreach ((var rule, var count) in other._rules)
        {
            _rules[rule] = _rules.GetValueOrDefault(rule) + count;
        }
    }
}
