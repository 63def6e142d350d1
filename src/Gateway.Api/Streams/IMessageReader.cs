using System.Buffers;
using Gateway.Api.Errors;

namespace Gateway.Api.Streams;

/// <summary>Turns the texts of a two-way call's request messages into wire bytes, one after another.</summary>
internal interface IMessageReader
{
    /// <summary>The most bytes that the text of one message may have.</summary>
    long MaxBytes { get; }

    /// <summary>The message, valid until the next one begins.</summary>
    ReadOnlySequence<byte> Message { get; }

    /// <summary>Whether the text of the message has come to its end.</summary>
    bool IsAtEnd { get; }

    /// <summary>Starts a message, and forgets the one before.</summary>
    void Begin();

    /// <summary>Takes the next bytes of the message's text.</summary>
    /// <returns>False when the text cannot be read; <see cref="Complete"/> says why.</returns>
    bool Feed(ReadOnlySpan<byte> chunk);

    /// <summary>Takes the next bytes of the message's text, which other messages follow.</summary>
    /// <param name="chunk">The bytes.</param>
    /// <param name="consumed">How many of them are the message's.</param>
    /// <returns>False when the text cannot be read; <see cref="Complete"/> says why.</returns>
    bool FeedValue(ReadOnlySpan<byte> chunk, out int consumed);

    /// <summary>Ends the message.</summary>
    /// <returns>Why it cannot be read or may not be sent; null when it could and may.</returns>
    ApiError? Complete();
}
