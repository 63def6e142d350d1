using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Api.OpenApi;

/// <summary>
/// The names that generators give to methods. Of the paths that do the same, the shortest has the operation's own name; the others say what
/// their path has more: <c>PostModelOutputs</c>, <c>PostUserAppModelOutputs</c>. None has a <c>_</c>, where NSwag would begin another
/// class.
/// </summary>
internal static partial class OperationNames
{
    /// <summary>Orders the routes of one operation by their paths: the first has its name.</summary>
    public static IEnumerable<T> ShortestFirst<T>(IEnumerable<T> routes, Func<T, string> path) =>
        routes.OrderBy(route => path(route).Count('/'.Equals)).ThenBy(route => path(route).Length);

    /// <summary>The name for a path.</summary>
    /// <param name="name">The operation's own, a verb and what it is about.</param>
    /// <param name="shortest">The shortest of its paths.</param>
    /// <param name="path">The path.</param>
    public static string Of(string name, string shortest, string path)
    {
        if (path == shortest)
        {
            return name;
        }

        List<string> words = [.. Words().Matches(name).Select(match => match.Value)];
        var known = WordsOf(shortest).Concat(words).Select(Stem).ToHashSet();
        var place = words.Count > 1 ? 1 : 0;
        var added = 0;
        foreach (var word in WordsOf(path))
        {
            if (words.FindIndex(one => Stem(one) == Stem(word)) is var at and >= 0)
            {
                place = at + 1;
            }
            else if (known.Add(Stem(word)))
            {
                words.Insert(place++, word);
                added++;
            }
        }

        return added > 0 ? string.Concat(words) : name + "At" + Difference(shortest, path);
    }

    // What makes a path another one where it has no more words.
    private static string Difference(string shortest, string path) =>
        string.Concat(path.Split('/').Except(shortest.Split('/')).Select(segment => Capitalize(segment.Trim('{', '}'))));

    // An element's own segment says what it is one of: models/{model_id} is Model.
    private static IEnumerable<string> WordsOf(string path)
    {
        var segments = path.Trim('/').Split('/');
        for (var at = 1; at < segments.Length; at++)
        {
            if (segments[at][0] != '{')
            {
                var isOne = at + 1 < segments.Length && segments[at + 1][0] == '{';
                foreach (var word in segments[at].Split('_', '-'))
                {
                    yield return Capitalize(isOne ? Singular(word) : word);
                }
            }
        }
    }

    private static string Capitalize(string text) =>
        string.Concat(text.Split('_', '-').Select(word => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..]));

    private static string Stem(string word) => Singular(word).ToUpperInvariant();

    private static string Singular(string word) => word switch
    {
        _ when word.EndsWith("ies", StringComparison.Ordinal) => word[..^3] + "y",
        _ when word.EndsWith("ches", StringComparison.Ordinal) => word[..^2],
        _ when word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) && !word.EndsWith("us", StringComparison.Ordinal) =>
            word[..^1],
        _ => word,
    };

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")]
    private static partial Regex Words();
}
