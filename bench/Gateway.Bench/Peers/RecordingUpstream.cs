using System.Buffers;
using Clarifai.Api;
using Gateway.Bench.Workloads;
using Gateway.Grpc;
using Gateway.Grpc.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Bench.Peers;

/// <summary>The gRPC server behind every peer. It answers prepared bytes, and looks closely at one request of each round.</summary>
public sealed class RecordingUpstream : IAsyncDisposable
{
    /// <summary>The runtime's setting, read with the first socket, for handling what a socket has on the thread that sees it first.</summary>
    public const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private readonly WebApplication _app;
    private Workload _workload = Workload.All[0];
    private int _unseen = 1;

    private RecordingUpstream(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Why the request that was looked at is not the workload's; null when it is.</summary>
    public string? Complaint { get; private set; }

    /// <summary>Starts listening, as lean as Kestrel goes: the upstream must not be what peers wait for.</summary>
    public static async Task<RecordingUpstream> StartAsync()
    {
        Environment.SetEnvironmentVariable(InlineCompletions, "1");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(server =>
        {
            server.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2);
            server.Limits.Http2.InitialStreamWindowSize = 1024 * 1024;
            server.Limits.Http2.InitialConnectionWindowSize = 16 * 1024 * 1024;
        });
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        WebApplication app = builder.Build();
        var upstream = new RecordingUpstream(app);
        app.MapGrpc("/clarifai.api.V2/PostModelOutputs", upstream.AnswerAsync);
        app.MapGrpc("/clarifai.api.V2/GenerateModelOutputs", upstream.AnswerAsync);
        await app.StartAsync();
        return upstream;
    }

    /// <summary>Answers as a workload has it from now on, and looks at the next request.</summary>
    public void Serve(Workload workload)
    {
        _workload = workload;
        Complaint = null;
        _unseen = 1;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<GrpcStatus> AnswerAsync(GrpcServerCall call)
    {
        Workload workload = _workload;
        using (Payload request = await call.ReadSingleAsync())
        {
            Look(workload, request);
        }

        foreach (byte[] message in workload.ResponseWires)
        {
            await call.WriteAsync(new ReadOnlySequence<byte>(message));
        }

        return new GrpcStatus(GrpcStatusCode.OK, "");
    }

    private void Look(Workload workload, Payload request)
    {
        if (Interlocked.Exchange(ref _unseen, 0) == 0)
        {
            return;
        }

        PostModelOutputsRequest got = PostModelOutputsRequest.Parser.ParseFrom(request.Span);
        got.UserAppId = null;
        Complaint = got.Equals(workload.Request) ? null : $"the upstream got another request than {workload.Name}'s";
    }
}
