using System.Buffers;
using System.IO.Pipelines;
using Gateway.Bench.Workloads;
using Gateway.Grpc;

namespace Gateway.Bench.Peers;

/// <summary>
/// The floor: the gateway's Kestrel and its gRPC client, and nothing between them. It reads the request's body and forgets it, sends prepared
/// bytes upstream, and answers prepared JSON.
/// </summary>
public static class NullGateway
{
    public static async Task RunAsync(string[] args, Uri upstream, Workload workload)
    {
        await using WebApplication app = PeerHost.Create(args);
        await using var channel = new GrpcChannel(upstream, new GrpcChannelOptions());
        app.MapPost(workload.Path, http => workload.IsStream ? StreamAsync(http, channel, workload) : CallAsync(http, channel, workload));
        await app.RunAsync();
    }

    private static async Task CallAsync(HttpContext http, GrpcChannel channel, Workload workload)
    {
        await SkipBodyAsync(http.Request.BodyReader);
        using UnaryResult result = await channel.UnaryAsync(
            "/clarifai.api.V2/PostModelOutputs", new ReadOnlySequence<byte>(workload.Wire), Options(http));
        if (!result.Status.IsOK)
        {
            http.Response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }

        byte[] json = workload.ResponseJsons[0];
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        http.Response.BodyWriter.Write(json);
        await http.Response.BodyWriter.FlushAsync();
    }

    private static async Task StreamAsync(HttpContext http, GrpcChannel channel, Workload workload)
    {
        await SkipBodyAsync(http.Request.BodyReader);
        await using ServerStream stream = channel.ServerStreaming(
            "/clarifai.api.V2/GenerateModelOutputs", new ReadOnlySequence<byte>(workload.Wire), Options(http));
        http.Response.ContentType = "text/event-stream";
        PipeWriter output = http.Response.BodyWriter;
        int count = 0;
        while (await stream.ReadAsync() is { } message)
        {
            message.Dispose();
            output.Write("data: "u8);
            output.Write(workload.ResponseJsons[count++]);
            output.Write("\n\n"u8);
            await output.FlushAsync();
        }

        output.Write("event: done\ndata: {}\n\n"u8);
        await output.FlushAsync();
    }

    private static CallOptions Options(HttpContext http)
    {
        var headers = new Metadata();
        headers.Add("authorization", PeerHost.Authorization);
        headers.Add("x-request-id", "4f6a1c0b2d3e4f5061728394a5b6c7d8");
        return new CallOptions { Headers = headers, Timeout = PeerHost.Deadline, CancellationToken = http.RequestAborted };
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
