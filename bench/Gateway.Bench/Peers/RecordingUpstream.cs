using System.Buffers;
using Clarifai.Api;
using Gateway.Bench.Workloads;
using Gateway.Grpc;
using Gateway.Grpc.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Bench.Peers;

/// <summary>The gRPC server behind every peer. It answers prepared bytes, and looks closely at requests only while it expects one.</summary>
public sealed class RecordingUpstream : IAsyncDisposable
{
    /// <summary>The runtime's setting, read with the first socket, for handling what a socket has on the thread that sees it first.</summary>
    public const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private readonly WebApplication _app;
    private volatile Workload _workload = Workload.All[0];
    private volatile Workload? _expected;

    private RecordingUpstream(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Says that the request of <see cref="Expect"/> has not come; null when it has.</summary>
    public string? Complaint => _expected is { } workload ? $"the upstream did not get {workload.Name}'s request" : null;

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

    /// <summary>Answers as a workload has it from now on.</summary>
    public void Serve(Workload workload) => _workload = workload;

    /// <summary>
    /// Looks at requests until one is that of the workload in service. Others may come before it: what a load had sent when its time was up, a
    /// peer may still pass on.
    /// </summary>
    public void Expect() => _expected = _workload;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<GrpcStatus> AnswerAsync(GrpcServerCall call)
    {
        Workload workload = _workload;
        using (Payload request = await call.ReadSingleAsync())
        {
            Look(request);
        }

        foreach (byte[] message in workload.ResponseWires)
        {
            await call.WriteAsync(new ReadOnlySequence<byte>(message));
        }

        return new GrpcStatus(GrpcStatusCode.OK, "");
    }

    private void Look(Payload request)
    {
        if (_expected is not { } workload)
        {
            return;
        }

        PostModelOutputsRequest got = PostModelOutputsRequest.Parser.ParseFrom(request.Span);
        got.UserAppId = null;
        if (got.Equals(workload.Request))
        {
            _expected = null;
        }
    }
}
