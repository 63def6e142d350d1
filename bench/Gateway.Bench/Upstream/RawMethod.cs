using System.Buffers;
using Grpc.Core;

namespace Gateway.Bench.Upstream;

/// <summary>A method that an upstream serves: bytes in, prepared bytes out.</summary>
/// <param name="Name">Its name in the V2 API.</param>
/// <param name="IsStream">Whether it answers with many messages, else with one.</param>
/// <param name="Answers">Reads the request, whose bytes are there only now, and says what to answer.</param>
public sealed record RawMethod(string Name, bool IsStream, Func<ReadOnlySequence<byte>, IReadOnlyList<byte[]>> Answers)
{
    /// <summary>What a stream waits for before it ends; null for nothing.</summary>
    public Func<ServerCallContext, Task>? Rest { get; init; }
}
