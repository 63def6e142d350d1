using System.Buffers;
using Clarifai.Api;
using Gateway.Bench.Upstream;
using Gateway.Bench.Workloads;

namespace Gateway.Bench.Peers;

/// <summary>The gRPC server behind every peer. It answers prepared bytes, and looks closely at requests only while it expects one.</summary>
public sealed class RecordingUpstream : IAsyncDisposable
{
    /// <summary>The runtime's setting, read with the first socket, for handling what a socket has on the thread that sees it first.</summary>
    public const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private RawServer? _server;
    private volatile Workload _workload = Workload.All[0];
    private volatile Workload? _expected;

    private RecordingUpstream()
    {
    }

    public Uri Address => _server!.Address;

    /// <summary>Says that the request of <see cref="Expect"/> has not come; null when it has.</summary>
    public string? Complaint => _expected is { } workload ? $"the upstream did not get {workload.Name}'s request" : null;

    /// <summary>Starts listening.</summary>
    public static async Task<RecordingUpstream> StartAsync()
    {
        Environment.SetEnvironmentVariable(InlineCompletions, "1");
        var upstream = new RecordingUpstream();
        upstream._server = await RawServer.StartAsync(
            isInline: true,
            new RawMethod("PostModelOutputs", IsStream: false, upstream.Answer),
            new RawMethod("GenerateModelOutputs", IsStream: true, upstream.Answer));
        return upstream;
    }

    /// <summary>Answers as a workload has it from now on.</summary>
    public void Serve(Workload workload) => _workload = workload;

    /// <summary>
    /// Looks at requests until one is that of the workload in service. Others may come before it: what a load had sent when its time was up, a
    /// peer may still pass on.
    /// </summary>
    public void Expect() => _expected = _workload;

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private IReadOnlyList<byte[]> Answer(ReadOnlySequence<byte> request)
    {
        Look(request);
        return _workload.ResponseWires;
    }

    private void Look(in ReadOnlySequence<byte> request)
    {
        if (_expected is not { } workload)
        {
            return;
        }

        var got = PostModelOutputsRequest.Parser.ParseFrom(request);
        got.UserAppId = null;
        if (got.Equals(workload.Request))
        {
            _expected = null;
        }
    }
}
