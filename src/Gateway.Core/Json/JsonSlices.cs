using System.Buffers;
using System.Text.Json;

namespace Gateway.Core.Json;

/// <summary>Parts of JSON text that was checked, as they stand in it.</summary>
public static class JsonSlices
{
    // Whoever checked the text has a limit of at most as much.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    /// <summary>Finds an object in an object of the text's, which is an object as well.</summary>
    /// <param name="text">The text.</param>
    /// <param name="outer">The member of the text's own object.</param>
    /// <param name="inner">The member in that one.</param>
    /// <returns>The object; null when there is none.</returns>
    public static ReadOnlySequence<byte>? Find(ReadOnlySequence<byte> text, ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner)
    {
        var reader = new Utf8JsonReader(text, Options);
        reader.Read();
        return TryEnter(ref reader, outer) && TryEnter(ref reader, inner) ? ValueAt(ref reader, text) : null;
    }

    /// <summary>Splits a list.</summary>
    /// <param name="text">The text.</param>
    /// <param name="max">How many items are wanted.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>As many items; null when the text is no list.</returns>
    public static List<ReadOnlySequence<byte>>? Split(ReadOnlySequence<byte> text, int max, out int count)
    {
        count = 0;
        var reader = new Utf8JsonReader(text, Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return null;
        }

        var items = new List<ReadOnlySequence<byte>>();
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            var item = ValueAt(ref reader, text);
            if (count < max)
            {
                items.Add(item);
            }
        }

        return items;
    }

    /// <summary>The text of the value that a reader stands at, which it is behind of afterwards.</summary>
    internal static ReadOnlySequence<byte> ValueAt(ref Utf8JsonReader reader, ReadOnlySequence<byte> text)
    {
        var start = reader.TokenStartIndex;
        reader.Skip();
        return text.Slice(start, reader.BytesConsumed - start);
    }

    // Goes on to the value of a member that is an object, from the start of the object that has it.
    private static bool TryEnter(ref Utf8JsonReader reader, ReadOnlySpan<byte> member)
    {
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = reader.ValueTextEquals(member);
            reader.Read();
            if (isWanted)
            {
                return reader.TokenType == JsonTokenType.StartObject;
            }

            reader.Skip();
        }

        return false;
    }
}
