using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Gateway.Sandbox.Schemas;

/// <summary>
/// A regular expression that strings can be made by: letters and marks, <c>.</c>, <c>\d \w \s</c>, classes such as <c>[a-z_]</c>,
/// groups, <c>|</c>, and how often. Anchors are there at both ends or not at all: what is made is the whole string.
/// </summary>
internal sealed class TextPattern
{
    // Where a pattern leaves open how often, three times at most; and never more than a hundred.
    private const int OpenCount = 3;
    private const int MaxCount = 100;
    private const int MaxNesting = 32;

    private const string Digits = "0123456789";
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";
    private const string Word = Letters + Digits + "_";

    // Characters that mean something which is not made here, when they are not escaped.
    private const string Special = "()[]{}*+?|^$\\";

    private readonly Func<Draft, bool> _make;

    private TextPattern(Func<Draft, bool> make) => _make = make;

    /// <summary>Reads a pattern.</summary>
    /// <returns>False when it is none that strings can be made by.</returns>
    public static bool TryParse(string pattern, [NotNullWhen(true)] out TextPattern? parsed)
    {
        var start = pattern.StartsWith('^') ? 1 : 0;
        var isAnchored = pattern.EndsWith('$') && !pattern.EndsWith("\\$", StringComparison.Ordinal);
        var reader = new Reader(pattern.AsSpan(start, pattern.Length - start - (isAnchored && pattern.Length > start ? 1 : 0)));

        // An anchor belongs to the one alternative that it stands in.
        var make = reader.ReadAlternatives(0);
        var isWhole = make is not null && reader.IsAtEnd && !(reader.HasTopAlternatives && (start > 0 || isAnchored));
        parsed = isWhole ? new TextPattern(make!) : null;
        return isWhole;
    }

    /// <summary>Makes a string.</summary>
    /// <param name="random">The dice.</param>
    /// <param name="limit">The most characters.</param>
    /// <returns>The string; null when it would be longer, or takes too long to make.</returns>
    public string? Make(Random random, int limit)
    {
        var draft = new Draft(random, limit);
        return _make(draft) ? draft.Text.ToString() : null;
    }

    /// <summary>A string in the making.</summary>
    private sealed class Draft(Random random, int limit)
    {
        private const int MaxSteps = 10_000;

        private int _steps;

        public Random Random { get; } = random;

        public StringBuilder Text { get; } = new();

        // Groups may repeat nothing, and that for ever.
        public bool TryStep() => _steps++ < MaxSteps;

        public bool TryAppend(char character)
        {
            Text.Append(character);
            return Text.Length <= limit;
        }
    }

    private ref struct Reader(ReadOnlySpan<char> pattern)
    {
        private ReadOnlySpan<char> _left = pattern;

        public bool HasTopAlternatives { get; private set; }

        public readonly bool IsAtEnd => _left.IsEmpty;

        // Null where the pattern has something else.
        public Func<Draft, bool>? ReadAlternatives(int nesting)
        {
            var alternatives = new List<Func<Draft, bool>>();
            do
            {
                if (nesting > MaxNesting || ReadSequence(nesting) is not { } sequence)
                {
                    return null;
                }

                alternatives.Add(sequence);
            }
            while (Take('|'));
            HasTopAlternatives = alternatives.Count > 1;
            return draft => alternatives[draft.Random.Next(alternatives.Count)](draft);
        }

        private Func<Draft, bool>? ReadSequence(int nesting)
        {
            var parts = new List<Func<Draft, bool>>();
            while (!_left.IsEmpty && _left[0] is not ('|' or ')'))
            {
                if (ReadAtom(nesting) is not { } atom || ReadCount() is not (var least, var most) || least > most || most > MaxCount)
                {
                    return null;
                }

                parts.Add(draft => Enumerable.Range(0, draft.Random.Next(least, most + 1)).All(_ => draft.TryStep() && atom(draft)));
            }

            return draft => parts.TrueForAll(part => part(draft));
        }

        private Func<Draft, bool>? ReadAtom(int nesting)
        {
            if (Take('('))
            {
                if (_left.StartsWith("?:"))
                {
                    _left = _left[2..];
                }

                var group = ReadAlternatives(nesting + 1);
                return group is not null && Take(')') ? group : null;
            }

            return ReadCharacters() is { Length: > 0 } characters
                ? draft => draft.TryAppend(characters[draft.Random.Next(characters.Length)])
                : null;
        }

        private string? ReadCharacters()
        {
            if (Take('['))
            {
                return ReadClass();
            }

            if (Take('\\'))
            {
                return ReadEscaped();
            }

            if (Special.Contains(_left[0], StringComparison.Ordinal))
            {
                return null;
            }

            var character = _left[0];
            _left = _left[1..];
            return character == '.' ? Word : character.ToString();
        }

        private string? ReadEscaped()
        {
            if (_left.IsEmpty)
            {
                return null;
            }

            var escaped = _left[0];
            _left = _left[1..];
            return escaped switch
            {
                'd' => Digits,
                'w' => Word,
                's' => " ",
                _ => char.IsAsciiLetterOrDigit(escaped) ? null : escaped.ToString(),
            };
        }

        private string? ReadClass()
        {
            var characters = new StringBuilder();
            while (!_left.IsEmpty && _left[0] != ']')
            {
                if (_left[0] is '^' or '[' || ReadOfClass() is not { } some)
                {
                    return null;
                }

                if (some.Length == 1 && _left is ['-', not (']' or '\\'), ..])
                {
                    var (first, last) = (some[0], _left[1]);
                    if (last < first || last - first > 255)
                    {
                        return null;
                    }

                    some = string.Concat(Enumerable.Range(first, last - first + 1).Select(code => (char)code));
                    _left = _left[2..];
                }

                characters.Append(some);
            }

            return Take(']') ? characters.ToString() : null;
        }

        private string? ReadOfClass()
        {
            if (Take('\\'))
            {
                return ReadEscaped();
            }

            var character = _left[0];
            _left = _left[1..];
            return character.ToString();
        }

        private (int Least, int Most)? ReadCount()
        {
            if (Take('*'))
            {
                return (0, OpenCount);
            }

            if (Take('+'))
            {
                return (1, OpenCount);
            }

            if (Take('?'))
            {
                return (0, 1);
            }

            if (!Take('{'))
            {
                return (1, 1);
            }

            var end = _left.IndexOf('}');
            if (end < 0)
            {
                return null;
            }

            var inner = _left[..end];
            _left = _left[(end + 1)..];
            var comma = inner.IndexOf(',');
            if (!TryRead(comma < 0 ? inner : inner[..comma], out var least))
            {
                return null;
            }

            return comma < 0 ? (least, least)
                : comma == inner.Length - 1 ? (least, Math.Max(least, OpenCount))
                : TryRead(inner[(comma + 1)..], out var most) ? (least, most) : null;
        }

        private static bool TryRead(ReadOnlySpan<char> digits, out int number) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);

        private bool Take(char character)
        {
            var isThere = _left.StartsWith([character]);
            _left = isThere ? _left[1..] : _left;
            return isThere;
        }
    }
}
