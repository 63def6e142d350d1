using System.Globalization;

namespace Gateway.Bench.Memory;

/// <summary>How much memory a large request takes at each face, for each byte of its own.</summary>
public static class PeakBench
{
    private const int Requests = 5;

    public static async Task RunAsync(TextWriter output)
    {
        await output.WriteLineAsync("| face | MB of the request | MB at the peak | ratio | answer |\n|---|--:|--:|--:|--:|");
        foreach (Face face in Face.All)
        {
            // A process for each: what one face has made resident, another would not have to.
            await using Sandboxed pair = await Sandboxed.StartAsync();
            using var client = new HttpClient();
            await WarmUpAsync(client, pair, face);
            long before = pair.Gateway.Memory;
            long peak = 0;
            int status = 0;
            for (int i = 0; i < Requests; i++)
            {
                pair.Gateway.ForgetPeak();
                using HttpResponseMessage response = await client.SendAsync(face.Request(pair.Gateway.Address, pair.Http2));
                await response.Content.ReadAsByteArrayAsync();
                status = (int)response.StatusCode;
                peak = Math.Max(peak, pair.Gateway.PeakMemory);
            }

            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"| {face.Name} | {Mega(face.Bytes)} | {Mega(peak - before)} | {(double)(peak - before) / face.Bytes:N2} | {status} |"));
        }
    }

    // The same face with bytes that it cannot use, so that all code has run but none of the memory was taken.
    private static async Task WarmUpAsync(HttpClient client, Sandboxed pair, Face face)
    {
        for (int i = 0; i < 100; i++)
        {
            using HttpResponseMessage response = await client.SendAsync((face with { Body = [.. face.Body[..Math.Min(face.Body.Length, 200)]] }).Request(pair.Gateway.Address, pair.Http2));
        }
    }

    private static string Mega(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1}");
}
