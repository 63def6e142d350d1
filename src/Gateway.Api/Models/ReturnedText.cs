using Clarifai.Api;
using Gateway.Api.Http;
using Gateway.Core.Wire;

namespace Gateway.Api.Models;

/// <summary>Finds the text that a method returned in the wire bytes of an answer, without parsing the rest.</summary>
internal static class ReturnedText
{
    private static readonly int[] InOutput = [MultiOutputResponse.OutputsFieldNumber];
    private static readonly int[] InPart =
    [
        MultiOutputResponse.OutputsFieldNumber, Output.DataFieldNumber, Data.PartsFieldNumber, Part.DataFieldNumber,
        Data.StringValueFieldNumber,
    ];
    private static readonly int[] InData = [MultiOutputResponse.OutputsFieldNumber, Output.DataFieldNumber, Data.StringValueFieldNumber];

    // Where one of the type Text may stand, the part first.
    private static readonly int[][] InTexts =
    [
        [
            MultiOutputResponse.OutputsFieldNumber,
            Output.DataFieldNumber,
            Data.PartsFieldNumber,
            Part.DataFieldNumber,
            Data.TextFieldNumber,
            Text.RawFieldNumber,
        ],
        [MultiOutputResponse.OutputsFieldNumber, Output.DataFieldNumber, Data.TextFieldNumber, Text.RawFieldNumber],
        [
            MultiOutputResponse.OutputsFieldNumber,
            Output.DataFieldNumber,
            Data.PartsFieldNumber,
            Part.DataFieldNumber,
            Data.TextFieldNumber,
            Text.UrlFieldNumber,
        ],
        [MultiOutputResponse.OutputsFieldNumber, Output.DataFieldNumber, Data.TextFieldNumber, Text.UrlFieldNumber],
    ];

    /// <summary>Finds the text, which stands in the part that is the result, or in the data itself.</summary>
    /// <param name="message">The answer.</param>
    /// <param name="text">UTF-8, a part of <paramref name="message"/>; empty when there is none.</param>
    /// <returns>False when the answer is malformed.</returns>
    public static bool TryFind(ReadOnlyMemory<byte> message, out ReadOnlyMemory<byte> text)
    {
        var bytes = message.Span;
        ReadOnlySpan<byte> found = default;
        var read = WireLookup.TryFindLast(bytes, InPart, ref found) && (!found.IsEmpty || WireLookup.TryFindLast(bytes, InData, ref found));
        text = read && bytes.Overlaps(found, out var at) ? message.Slice(at, found.Length) : default;
        return read;
    }

    /// <summary>The same where the text may also be one of the type <c>Text</c>.</summary>
    public static bool TryFindAny(ReadOnlyMemory<byte> message, out ReadOnlyMemory<byte> text)
    {
        if (!TryFind(message, out text))
        {
            return false;
        }

        var bytes = message.Span;
        ReadOnlySpan<byte> found = default;
        for (var place = 0; text.IsEmpty && place < InTexts.Length; place++)
        {
            if (!WireLookup.TryFindLast(bytes, InTexts[place], ref found))
            {
                return false;
            }

            text = bytes.Overlaps(found, out var at) ? message.Slice(at, found.Length) : default;
        }

        return true;
    }

    /// <summary>Adds the tokens of the output to those counted.</summary>
    /// <param name="message">The answer; where it is malformed, the counting ends.</param>
    /// <param name="tokens">What is counted.</param>
    public static void Count(ReadOnlySpan<byte> message, TokenCounts tokens)
    {
        var (prompt, completion, cached) = TokensOf(message);
        tokens.Add(prompt, completion, cached);
    }

    /// <summary>The same for a piece of a stream.</summary>
    public static void CountPiece(ReadOnlySpan<byte> message, TokenCounts tokens)
    {
        var (prompt, completion, cached) = TokensOf(message);
        tokens.AddPiece(prompt, completion, cached);
    }

    private static (long Prompt, long Completion, long Cached) TokensOf(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> output = default;
        _ = WireLookup.TryFindLast(message, InOutput, ref output);
        ulong prompt = 0, completion = 0, cached = 0;
        var reader = new WireReader(output);
        while (!reader.IsAtEnd && reader.TryReadTag(out var tag))
        {
            var read = (tag >> 3) switch
            {
                Output.PromptTokensFieldNumber => reader.TryReadVarint(out prompt),
                Output.CompletionTokensFieldNumber => reader.TryReadVarint(out completion),
                Output.CachedTokensFieldNumber => reader.TryReadVarint(out cached),
                _ => reader.TrySkip(tag),
            };
            if (!read)
            {
                break;
            }
        }

        return ((long)prompt, (long)completion, (long)cached);
    }
}
