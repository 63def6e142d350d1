using System.Buffers;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Failures;

namespace Gateway.Core.Upstream;

/// <summary>
/// Is told what becomes of one call. One thing at a time is told; nothing comes after <see cref="Complete"/>. None of it may throw.
/// </summary>
public interface IMeteredCall
{
    /// <summary>A message is about to go upstream: the only one of most calls, each of a two-way call's.</summary>
    /// <param name="request">The message; not to be kept.</param>
    /// <returns>Why it may not; it then ends the call. Null when it may.</returns>
    CallRefusal? Ask(in ReadOnlySequence<byte> request);

    /// <summary>A message has come that the client gets: the only one of most calls, each of a stream's.</summary>
    /// <param name="message">The message; not to be kept.</param>
    void Answer(Payload message);

    /// <summary>The call is over. It is told of once for each that began, also when the client left or never read.</summary>
    /// <param name="outcome">How it ended.</param>
    void Complete(in CallOutcome outcome);
}
