using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Sandbox.Text;

/// <summary>
/// What of a message may be an argument: what it quotes, its names (capitalised words behind the first of a sentence), its numbers.
/// </summary>
internal sealed partial class MessageFacts
{
    private readonly List<(string Before, string Text)> _texts;
    private readonly List<decimal> _numbers;
    private readonly string _words;

    /// <summary>Reads a message.</summary>
    public MessageFacts(string message)
    {
        Message = message;
        _texts = [.. Quoted().Matches(message).Concat(Names().Matches(message))
            .OrderBy(match => match.Index)
            .Select(match => (match.Groups["before"].Value, match.Groups["text"].Value))];
        _words = Spaced(message);
        _numbers = [.. Numbers().Matches(message).Select(match => decimal.Parse(match.Value, CultureInfo.InvariantCulture))];
    }

    /// <summary>The message itself.</summary>
    public string Message { get; }

    /// <summary>Whether the message has these words in it, in any case.</summary>
    public bool Has(string words) => _words.Contains(Spaced(words), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// A text for a parameter: the one behind the word that the parameter is called, as in "from Oslo"; else the last that was not yet
    /// taken; else the message, when it has none.
    /// </summary>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="fits">Whether a text can be the argument.</param>
    /// <returns>The text; null when none fits.</returns>
    public string? TakeText(string parameter, Predicate<string> fits)
    {
        var at = _texts.FindLastIndex(one => one.Before.Equals(parameter, StringComparison.OrdinalIgnoreCase) && fits(one.Text));
        at = at >= 0 ? at : _texts.FindLastIndex(one => fits(one.Text));
        if (at < 0)
        {
            return fits(Message) ? Message : null;
        }

        var text = _texts[at].Text;
        _texts.RemoveAt(at);
        return text;
    }

    /// <summary>The first number that was not yet taken and can be the argument; null for none.</summary>
    /// <param name="fits">Whether a number can be the argument.</param>
    public decimal? TakeNumber(Predicate<decimal> fits)
    {
        var at = _numbers.FindIndex(fits);
        if (at < 0)
        {
            return null;
        }

        var number = _numbers[at];
        _numbers.RemoveAt(at);
        return number;
    }

    private static string Spaced(string text) => $" {string.Join(' ', Tokenizer.Split(text))} ";

    [GeneratedRegex("""(?<before>\w*)\s*["“«](?<text>[^"“”«»]+)["”»]""", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<before>\w+),? (?<text>\p{Lu}[\w'’-]+( \p{Lu}[\w'’-]+)*)", RegexOptions.NonBacktracking)]
    private static partial Regex Names();

    [GeneratedRegex(@"(?<![\w.])-?\d{1,15}(\.\d{1,6})?")]
    private static partial Regex Numbers();
}
