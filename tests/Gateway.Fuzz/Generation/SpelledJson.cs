using System.Globalization;
using System.Text;

namespace Gateway.Fuzz.Generation;

/// <summary>JSON text with random whitespace, and random escapes in its strings.</summary>
internal sealed class SpelledJson(Dice dice)
{
    private readonly StringBuilder _text = new();
    private readonly int _spaces = dice.Pick(0, 0, 3, 12);

    /// <summary>The text so far, as UTF-8.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());

    /// <summary>Adds text as it is.</summary>
    public void Raw(string text) => _text.Append(text);

    public void Object(IList<Action> members)
    {
        if (dice.OneIn(2))
        {
            dice.Shuffle(members);
        }

        _text.Append('{');
        Separated(members);
        _text.Append('}');
    }

    public void Array(IList<Action> elements)
    {
        _text.Append('[');
        Separated(elements);
        _text.Append(']');
    }

    public void Member(string name, Action value)
    {
        String(name);
        Space();
        _text.Append(':');
        Space();
        value();
    }

    public void Space()
    {
        if (_spaces > 0 && dice.OneIn(4))
        {
            for (var count = dice.Below(_spaces); count > 0; count--)
            {
                _text.Append(dice.Pick(' ', '\n', '\r', '\t'));
            }
        }
    }

    public void String(string text)
    {
        var oneIn = dice.Pick(2, 10, 1_000);
        _text.Append('"');
        foreach (var next in text)
        {
            Character(next, dice.OneIn(oneIn));
        }

        _text.Append('"');
    }

    private void Separated(IList<Action> items)
    {
        Space();
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                _text.Append(',');
                Space();
            }

            items[i]();
            Space();
        }
    }

    private void Character(char next, bool escaped)
    {
        // Half of a surrogate pair is only text in UTF-8 together with the other: a pair is escaped as a whole, or by no half.
        if (escaped && !char.IsSurrogate(next) && dice.OneIn(2))
        {
            Unicode(next);
            return;
        }

        var named = "\"\\/\b\f\n\r\t".IndexOf(next, StringComparison.Ordinal);
        if (named >= 0 && (escaped || next != '/'))
        {
            _text.Append('\\').Append("\"\\/bfnrt"[named]);
        }
        else if (next < 0x20 || (char.IsSurrogate(next) && _spaces > 0))
        {
            Unicode(next);
        }
        else
        {
            _text.Append(next);
        }
    }

    private void Unicode(char next) => _text.Append("\\u").Append(((int)next).ToString(dice.Pick("x4", "X4"), CultureInfo.InvariantCulture));
}
