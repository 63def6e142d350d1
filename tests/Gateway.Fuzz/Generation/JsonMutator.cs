using System.Text;

namespace Gateway.Fuzz.Generation;

/// <summary>Breaks JSON texts, by bytes and by values: most results are illegal, and how they are is random.</summary>
internal sealed class JsonMutator(Dice dice)
{
    private static readonly string[] AllPieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", " ", "\n", "\u00a0", "\ufeff", "\0", "//", "/**/", "'", "null", "true", "nul", "-", "e", "0", "9", ".", "\\u", "\\ud83d", ",,", "\"a\":1,", "\"a\"", "{}", "[]",
    ];

    /// <summary>Some changes to a text, one mostly.</summary>
    public byte[] Mutate(byte[] json)
    {
        for (var count = dice.Pick(1, 1, 1, 2, 3); count > 0; count--)
        {
            json = dice.Below(3) == 0 ? MutateBytes(json) : MutateValues(json);
        }

        return json;
    }

    /// <summary>Any pieces of JSON in a row.</summary>
    public byte[] Pieces() => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, dice.Size(5, 40)).Select(_ => dice.OneIn(3) ? OddValues.Any(dice) : dice.Pick<string>(AllPieces))));

    private byte[] MutateBytes(byte[] json)
    {
        var at = dice.Below(json.Length + 1);
        var until = Math.Min(json.Length, at + dice.Size(3, json.Length));
        return dice.Below(7) switch
        {
            0 => json[..at],
            1 => [.. json[..at], .. json[until..]],
            2 => [.. json[..at], .. dice.Bytes(1 + dice.Below(3)), .. json[at..]],
            3 => [.. json[..until], .. json[at..]],
            4 => [.. json[..at], .. Nested(), .. json[at..]],
            5 => Flip(json),
            _ => [.. json[..at], .. Encoding.UTF8.GetBytes(dice.Pick<string>(AllPieces)), .. json[at..]],
        };
    }

    private byte[] Flip(byte[] json)
    {
        byte[] flipped = [.. json];
        if (flipped.Length > 0)
        {
            flipped[dice.Below(flipped.Length)] ^= (byte)(1 << dice.Below(8));
        }

        return flipped;
    }

    private byte[] Nested()
    {
        var depth = dice.Pick(1, 2, 63, 64, 65, 100, 200);
        return Encoding.UTF8.GetBytes(dice.Pick(
            new string('[', depth) + new string(']', depth),
            string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth),
            new string('[', depth)));
    }

    private byte[] MutateValues(byte[] json)
    {
        if (JsonSpan.ReadAll(json) is not { Count: > 0 } tokens)
        {
            return MutateBytes(json);
        }

        var chosen = tokens[dice.Below(tokens.Count)];
        var other = tokens[dice.Below(tokens.Count)];
        var replaced = dice.Below(4) == 0 ? json[other.Start..other.End] : Encoding.UTF8.GetBytes(dice.OneIn(12) ? Encoding.UTF8.GetString(Nested()) : OddValues.Any(dice));
        return chosen.IsName ? MutateMember(json, chosen, other) : [.. json[..chosen.Start], .. replaced, .. json[chosen.End..]];
    }

    /// <summary>Names are renamed, taken from elsewhere, or their member comes twice, the second time with its own value or another.</summary>
    private byte[] MutateMember(byte[] json, JsonSpan name, JsonSpan other) => dice.Below(4) switch
    {
        0 => [.. json[..name.Start], .. "\"unknown\""u8, .. json[name.End..]],
        1 when other.IsName => [.. json[..name.Start], .. json[other.Start..other.End], .. json[name.End..]],
        2 => [.. json[..name.Start], .. json[name.Start..name.End], (byte)':', .. Encoding.UTF8.GetBytes(OddValues.Any(dice)), (byte)',', .. json[name.Start..]],
        _ => [.. json[..name.Start], .. json[name.Start..name.ValueEnd], (byte)',', .. json[name.Start..]],
    };
}
