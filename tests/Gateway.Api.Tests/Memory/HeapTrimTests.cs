using System.Net;
using System.Text.RegularExpressions;
using Gateway.Api.Configuration;
using Gateway.Api.Memory;
using Gateway.Api.Tests.Support;
using Gateway.Core.Wire;
using Gateway.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Memory;

/// <summary>A gateway that idles gives memory back, whatever took it: of calls without a key nothing is read, and so nothing is counted.</summary>
public sealed partial class HeapTrimTests
{
    private const int Calls = 5_000;
    private const string GivenBack = "Memory was given back";

    [Fact]
    public async Task Process_ThatIdlesAfterRefusedCalls_GivesMemoryBack()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => StreamTesting.Response("one"));
        await using var gateway = await GatewayProcess.StartAsync(
            upstream.Address, "--Serilog:MinimumLevel:Override:Gateway.Api.Memory", "Debug", "--Serilog:MinimumLevel:Override:Gateway.Api.Logging", "Warning");
        var (_, rest) = Resident(await gateway.LineAsync(GivenBack)); // the start's
        using var client = new HttpClient { BaseAddress = gateway.Address };

        await Parallel.ForEachAsync(Enumerable.Range(0, Calls), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, end) =>
        {
            using var refused = await client.PostAsync("/v2/models/m/outputs", new StringContent("{}"), end);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        });
        var (before, after) = Resident(await gateway.LineAsync(GivenBack));

        Assert.InRange(before, rest + 1, long.MaxValue);
        Assert.InRange(after, 1, before - 1);
    }

    /// <summary>JSON documents have arrays from the shared pool, which lets go of them at a second collection, half a minute later.</summary>
    [Fact]
    public async Task Memory_ThatWasMuch_IsGivenBackAgainHalfAMinuteLater()
    {
        var clock = new ManualTimeProvider();
        var budget = new ByteBudget(Options.Create(new GatewayOptions()), clock);
        var log = new GivenBackLog();
        using var trim = new HeapTrim(budget, new SegmentPool(TimeProvider.System), new BlockPools(), clock, log);
        await trim.StartAsync(CancellationToken.None);
        await clock.TimerSet.WaitAsync(StreamTesting.Limit);

        budget.Add(32 << 20);
        budget.Return(32 << 20);
        await log.NextAsync(clock);
        await log.NextAsync(clock);

        await trim.StopAsync(CancellationToken.None);
    }

    private static (long Before, long After) Resident(string line)
    {
        var bytes = Numbers().Match(line);
        return (long.Parse(bytes.Groups[1].Value), long.Parse(bytes.Groups[2].Value));
    }

    [GeneratedRegex(@"back: (\d+) bytes were resident, (\d+) are")]
    private static partial Regex Numbers();

    private sealed class GivenBackLog : ILogger<HeapTrim>
    {
        private readonly SemaphoreSlim _lines = new(0);

        // Looks may be fewer than moves of the clock. What is allocated meanwhile makes a process that does not idle, which has its own reason.
        public async Task NextAsync(ManualTimeProvider clock)
        {
            using var limit = new CancellationTokenSource(StreamTesting.Limit);
            while (!await _lines.WaitAsync(TimeSpan.FromMilliseconds(10), limit.Token))
            {
                GC.KeepAlive(new byte[1024 * 1024]);
                clock.Advance(TimeSpan.FromSeconds(2));
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Release();
    }
}
