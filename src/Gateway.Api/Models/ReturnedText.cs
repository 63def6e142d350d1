using Clarifai.Api;
using Gateway.Api.Http;
using Gateway.Core.Wire;

namespace Gateway.Api.Models;

/// <summary>Finds what a transport method returned in the wire bytes of an answer, without parsing the rest.</summary>
internal static class ReturnedText
{
    private static readonly int[] InOutput = [MultiOutputResponse.OutputsFieldNumber];
    private static readonly int[] InPart = [MultiOutputResponse.OutputsFieldNumber, Output.DataFieldNumber, Data.PartsFieldNumber, Part.DataFieldNumber, Data.StringValueFieldNumber];
    private static readonly int[] InData = [MultiOutputResponse.OutputsFieldNumber, Output.DataFieldNumber, Data.StringValueFieldNumber];

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

    /// <summary>Adds the tokens of the output to those counted.</summary>
    /// <param name="message">The answer; where it is malformed, the counting ends.</param>
    /// <param name="tokens">What is counted.</param>
    public static void Count(ReadOnlySpan<byte> message, TokenCounts tokens)
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

        tokens.Add((long)prompt, (long)completion, (long)cached);
    }
}
