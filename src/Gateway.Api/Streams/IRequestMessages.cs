using System.Buffers;
using Gateway.Api.Errors;

namespace Gateway.Api.Streams;

/// <summary>Where the messages of a two-way call come from: from the client, in whatever way it sends them.</summary>
internal interface IRequestMessages
{
    /// <summary>The message that was read, as wire bytes; valid until the next read.</summary>
    ReadOnlySequence<byte> Message { get; }

    /// <summary>Why there is no further message; null when the request has ended, and as long as there are messages.</summary>
    ApiError? Failure { get; }

    /// <summary>Reads the next message. One read at a time, and none after one that came to an <see cref="Failure"/>.</summary>
    /// <returns>False when there is none.</returns>
    ValueTask<bool> ReadAsync();

    /// <summary>Says that nobody wants further messages: a read under way ends soon. May be called at any time.</summary>
    void StopReading();
}
