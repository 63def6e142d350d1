using Gateway.Api.Errors;

namespace Gateway.Api.Streams;

/// <summary>Where the messages of a stream go: to the client, in whatever way it asked for. One call at a time.</summary>
internal interface IMessageOutput
{
    /// <summary>Gives the response back for an answer of another kind.</summary>
    /// <returns>Whether it could: not when the response has started.</returns>
    ValueTask<bool> TryWithdrawAsync();

    /// <summary>
    /// Writes a record, which may stay here until <see cref="FlushAsync"/>, or the next record; waits for a client that reads slower.
    /// </summary>
    /// <returns>False when its message is malformed: nothing of it was sent, or else the response was aborted.</returns>
    ValueTask<bool> WriteAsync(StreamRecord record);

    /// <summary>Sends the records that are still here: to be called before a wait for the next.</summary>
    ValueTask FlushAsync();

    /// <summary>Passes over a message that shows nothing. It counts: records have the numbers of their messages.</summary>
    void Skip();

    /// <summary>Sends the last record; or, when nothing was sent yet, answers a failure as any other call would.</summary>
    /// <param name="failure">Why the stream failed; null when it ended well.</param>
    ValueTask EndAsync(ApiError? failure);
}
