using System.Net;
using System.Text.RegularExpressions;
using Gateway.Api.Tests.Support;
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

    private static (long Before, long After) Resident(string line)
    {
        var bytes = Numbers().Match(line);
        return (long.Parse(bytes.Groups[1].Value), long.Parse(bytes.Groups[2].Value));
    }

    [GeneratedRegex(@"back: (\d+) bytes were resident, (\d+) are")]
    private static partial Regex Numbers();
}
