using Clarifai.Api;
using Gateway.Core.Wire;

namespace Gateway.Api.Usage;

/// <summary>The tokens that outputs of models tell.</summary>
/// <param name="Prompt">Tokens read.</param>
/// <param name="Completion">Tokens written.</param>
/// <param name="Cached">Those of the tokens read that the model had kept.</param>
internal readonly record struct OutputTokens(long Prompt, long Completion, long Cached)
{
    /// <summary>Adds up those of all outputs of an answer.</summary>
    /// <param name="message">The wire bytes; where they are malformed, the reading ends.</param>
    /// <param name="path">The numbers of the fields that lead to the outputs.</param>
    public static OutputTokens Read(ReadOnlySpan<byte> message, ReadOnlySpan<int> path)
    {
        if (path.IsEmpty)
        {
            return ReadOutput(message);
        }

        var wanted = ((uint)path[0] << 3) | (uint)WireType.LengthDelimited;
        var sum = default(OutputTokens);
        var reader = new WireReader(message);
        while (!reader.IsAtEnd && reader.TryReadTag(out var tag))
        {
            if (tag != wanted)
            {
                if (!reader.TrySkip(tag))
                {
                    break;
                }
            }
            else if (reader.TryReadLengthDelimited(out var inner))
            {
                sum = sum.Plus(Read(inner, path[1..]));
            }
            else
            {
                break;
            }
        }

        return sum;
    }

    private static OutputTokens ReadOutput(ReadOnlySpan<byte> output)
    {
        ulong prompt = 0, completion = 0, cached = 0;
        var reader = new WireReader(output);
        while (!reader.IsAtEnd && reader.TryReadTag(out var tag))
        {
            var isRead = tag switch
            {
                Output.PromptTokensFieldNumber << 3 => reader.TryReadVarint(out prompt),
                Output.CompletionTokensFieldNumber << 3 => reader.TryReadVarint(out completion),
                Output.CachedTokensFieldNumber << 3 => reader.TryReadVarint(out cached),
                _ => reader.TrySkip(tag),
            };
            if (!isRead)
            {
                break;
            }
        }

        return new OutputTokens((uint)prompt, (uint)completion, (uint)cached); // uint32, as protobuf cuts them
    }

    private OutputTokens Plus(OutputTokens other) => new(Prompt + other.Prompt, Completion + other.Completion, Cached + other.Cached);
}
