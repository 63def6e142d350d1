using System.Buffers;
using System.IO.Pipelines;
using Gateway.Bench.Upstream;
using Gateway.Bench.Workloads;

namespace Gateway.Bench.Peers;

/// <summary>
/// The floor: the gateway's Kestrel, the official gRPC client on a channel of its own, and nothing between them, nor of the gateway's around that
/// client: no time limits but a deadline, no retries, no balancing. It reads the request's body and forgets it, sends prepared bytes upstream,
/// forgets what comes back, and answers prepared JSON.
/// </summary>
public static class NullGateway
{
    public static async Task RunAsync(string[] args, Uri upstream, Workload workload)
    {
        await using var app = PeerHost.CreateBuilder(args).Build();
        using var client = new RawClient(upstream, workload.IsStream);
        app.MapPost(workload.Path, http => workload.IsStream ? StreamAsync(http, client, workload) : CallAsync(http, client, workload));
        await app.RunAsync();
    }

    private static async Task CallAsync(HttpContext http, RawClient client, Workload workload)
    {
        await SkipBodyAsync(http.Request.BodyReader);
        await client.Call(workload.Wire, PeerHost.CallOptions(http.RequestAborted));
        var json = workload.ResponseJsons[0];
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        http.Response.BodyWriter.Write(json);
        await http.Response.BodyWriter.FlushAsync();
    }

    private static async Task StreamAsync(HttpContext http, RawClient client, Workload workload)
    {
        await SkipBodyAsync(http.Request.BodyReader);
        using var stream = client.Stream(workload.Wire, PeerHost.CallOptions(http.RequestAborted));
        http.Response.ContentType = "text/event-stream";
        var output = http.Response.BodyWriter;
        var count = 0;
        while (await stream.ResponseStream.MoveNext(CancellationToken.None))
        {
            output.Write("data: "u8);
            output.Write(workload.ResponseJsons[count++]);
            output.Write("\n\n"u8);
            await output.FlushAsync();
        }

        output.Write("event: done\ndata: {}\n\n"u8);
        await output.FlushAsync();
    }

    private static async ValueTask SkipBodyAsync(PipeReader body)
    {
        ReadResult read;
        do
        {
            read = await body.ReadAsync();
            body.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }
}
