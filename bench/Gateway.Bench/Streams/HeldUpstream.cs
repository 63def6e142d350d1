using System.Buffers;
using System.Diagnostics;
using System.Threading.Channels;
using Gateway.Bench.Workloads;
using Gateway.Grpc;
using Gateway.Grpc.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Bench.Streams;

/// <summary>A gRPC server whose streams send one message, and then rest until the bench lets them end.</summary>
public sealed class HeldUpstream : IAsyncDisposable
{
    public const string Path = "/clarifai.api.V2/GenerateModelOutputs";

    private readonly WebApplication _app;
    private readonly Channel<long> _cancellations = Channel.CreateUnbounded<long>();
    private readonly byte[] _message = Workload.Named("W4").ResponseWires[0];
    private TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HeldUpstream(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>When calls were cancelled, as <see cref="Stopwatch.GetTimestamp"/> tells it.</summary>
    public ChannelReader<long> Cancellations => _cancellations.Reader;

    public static async Task<HeldUpstream> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(server =>
            server.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
        WebApplication app = builder.Build();
        var upstream = new HeldUpstream(app);
        app.MapGrpc(Path, upstream.AnswerAsync);
        await app.StartAsync();
        return upstream;
    }

    /// <summary>Ends the streams that are open; later ones rest again.</summary>
    public void EndAll() =>
        Interlocked.Exchange(ref _end, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<GrpcStatus> AnswerAsync(GrpcServerCall call)
    {
        Task end = _end.Task;
        try
        {
            using (await call.ReadSingleAsync())
            {
                await call.WriteAsync(new ReadOnlySequence<byte>(_message));
            }

            await end.WaitAsync(call.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            _cancellations.Writer.TryWrite(Stopwatch.GetTimestamp());
            throw;
        }

        return new GrpcStatus(GrpcStatusCode.OK, "");
    }
}
