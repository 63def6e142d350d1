using System.Text.Json;

namespace Gateway.Fuzz.Generation;

/// <summary>A name, or a value from its first byte to its last; a name also knows where its value ends.</summary>
internal sealed record JsonSpan(bool IsName, int Start, int End)
{
    public int ValueEnd { get; private set; } = End;

    /// <summary>All names and values of a text, as far as it is JSON.</summary>
    public static List<JsonSpan> ReadAll(byte[] json)
    {
        var tokens = new List<JsonSpan>();
        var open = new Stack<int>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 10_000 });
        try
        {
            JsonSpan? name = null;
            while (reader.Read())
            {
                (var start, var end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push(start);
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        tokens.Add(new JsonSpan(false, open.Pop(), end));
                        break;
                    case JsonTokenType.PropertyName:
                        name = new JsonSpan(true, start, start + reader.ValueSpan.Length + 2);
                        tokens.Add(name);
                        continue;
                    default:
                        tokens.Add(new JsonSpan(false, start, end));
                        if (name is not null)
                        {
                            name.ValueEnd = end;
                        }

                        break;
                }

                name = null;
            }
        }
        catch (JsonException)
        {
            // What was read until then will do.
        }

        return [.. tokens.Where(token => token.ValueEnd > token.Start && (!token.IsName || token.ValueEnd > token.End))];
    }
}
