using System.Collections.Concurrent;

namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>Runs attempts side by side, and judges by what the upstream received.</summary>
internal static class MatrixRun
{
    // As many as keep two cores busy.
    private const int AtOnce = 16;

    // As many as tell what is wrong.
    private const int Shown = 50;

    /// <summary>Runs all, and fails with those that went wrong, by name.</summary>
    /// <param name="servers">What they are sent to.</param>
    /// <param name="attempts">At least one of which has to arrive: a gateway that refuses all would pass.</param>
    public static async Task AssertAsync(MatrixServers servers, IReadOnlyCollection<Attempt> attempts)
    {
        var wrong = new ConcurrentBag<string>();
        var done = new ConcurrentBag<(Attempt Attempt, string Id, bool Refused)>();
        await Parallel.ForEachAsync(attempts, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (attempt, _) =>
        {
            var id = servers.NewId();
            try
            {
                done.Add((attempt, id, await attempt.SendAsync(id)));
            }
            catch (Exception exception)
            {
                wrong.Add($"{attempt.Name} as {attempt.Policy.Name}: {exception.GetType().Name}: {exception.Message}");
            }
        });

        // Only now: what comes late has come.
        var arrived = 0;
        foreach (var (attempt, id, refused) in done)
        {
            var calls = servers.Received(id);
            arrived += calls.Count > 0 ? 1 : 0;
            if (FaultOf(attempt, calls, refused) is { } fault)
            {
                wrong.Add($"{attempt.Name} as {attempt.Policy.Name}: {fault}");
            }
        }

        Assert.True(wrong.IsEmpty, $"{wrong.Count} of {attempts.Count} attempts went wrong:\n{string.Join('\n', wrong.Order().Take(Shown))}");
        Assert.InRange(arrived, 1, attempts.Count);
    }

    private static string? FaultOf(Attempt attempt, IReadOnlyCollection<ReceivedCall> calls, bool refused) =>
        calls.Select(call => call.FaultOf(attempt.Policy) is { } fault ? $"{call.Rpc} {fault}" : null).FirstOrDefault(fault => fault is not null)
        ?? attempt.Expected switch
        {
            Arrival.Refused when calls.Count > 0 => "refused, but the upstream was called",
            Arrival.Refused when !refused => "neither refused nor called",
            Arrival.Nothing when calls.Count > 0 => "the upstream was called",
            Arrival.Call or Arrival.BothMessages when calls.Count == 0 => refused ? "refused, and may be called" : "neither refused nor called, and may be called",
            Arrival.BothMessages when calls.All(call => call.Messages < 2) => "the second message did not arrive",
            _ => null,
        };
}
