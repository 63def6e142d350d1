using System.Globalization;

namespace Gateway.Bench.Memory;

/// <summary>How much memory a large request takes at each face, for each byte of its own.</summary>
public static class PeakBench
{
    private const int Requests = 5;

    public static async Task RunAsync(TextWriter output)
    {
        await output.WriteLineAsync("| face | MB of the request | MB at the peak | ratio | answer |\n|---|--:|--:|--:|--:|");
        foreach (var face in Face.All)
        {
            // A process for each: what one face has made resident, another would not have to.
            await using var pair = await Sandboxed.StartAsync();
            using var client = new HttpClient();
            await pair.WarmUpAsync(client, face);
            var before = pair.Gateway.Memory;
            long peak = 0;
            var status = 0;
            for (var i = 0; i < Requests; i++)
            {
                pair.Gateway.ForgetPeak();
                using var response = await client.SendAsync(face.Request(pair.Gateway.Address, pair.Http2));
                await response.Content.ReadAsByteArrayAsync();
                status = (int)response.StatusCode;
                peak = Math.Max(peak, pair.Gateway.PeakMemory);
            }

            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"| {face.Name} | {Mega(face.Bytes)} | {Mega(peak - before)} | {(double)(peak - before) / face.Bytes:N2} | {status} |"));
        }
    }

    private static string Mega(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1}");
}
