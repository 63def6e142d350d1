using System.Buffers;
using System.Diagnostics.Metrics;
using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Balancing;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Credentials;
using Gateway.Core.Upstream.Retries;
using Gateway.Testing;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>A client of an upstream, on a clock that the test moves: ejections and waits between attempts run on it, calls on real time.</summary>
internal sealed class UpstreamFixture : IAsyncDisposable
{
    private static readonly ApiSchema Schema = ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.Clarifai);

    private readonly ServiceProvider _services;

    /// <summary>Makes one of groups of addresses; waits are as long as they can be.</summary>
    public UpstreamFixture(IReadOnlyList<IReadOnlyList<Uri>> groups, RetryOptions? retry = null, EjectionOptions? ejection = null, TimeSpan? patience = null)
    {
        _services = Services(Meters);
        var options = new UpstreamClusterOptions
        {
            Groups = groups,
            Retry = retry ?? new RetryOptions(),
            Ejection = ejection ?? new EjectionOptions { Failures = 1 },
            Patience = patience,
            TimeProvider = Clock,
            Random = new FixedRandom(1),
        };
        Cluster = new UpstreamCluster(options, _services.GetRequiredService<UpstreamChannels>(), Log.CreateLogger("upstream"));
        Client = new ClarifaiClientFactory(Cluster).Create(new Pat("token"));
    }

    /// <summary>Makes one of a single group.</summary>
    public UpstreamFixture(params Uri[] addresses)
        : this([addresses])
    {
    }

    public static RpcPlan Unary { get; } = Schema.Rpc("PostModelOutputs");

    public static RpcPlan Workflow { get; } = Schema.Rpc("PostWorkflowResults");

    public static RpcPlan ServerStreaming { get; } = Schema.Rpc("GenerateModelOutputs");

    public static RpcPlan TwoWay { get; } = Schema.Rpc("StreamModelOutputs");

    /// <summary>Options without waits.</summary>
    public static RetryOptions AtOnce { get; } = new() { InitialBackoff = TimeSpan.Zero, MaxBackoff = TimeSpan.Zero };

    public static ReadOnlySequence<byte> Request { get; } = new(new PostModelOutputsRequest { ModelId = "m" }.ToByteArray());

    public ManualTimeProvider Clock { get; } = new();

    public RecordedMeters Meters { get; } = new();

    public LogRecorder Log { get; } = new(LogLevel.Information);

    public UpstreamCluster Cluster { get; }

    public ClarifaiClient Client { get; }

    /// <summary>A client with credentials of its own.</summary>
    public ClarifaiClient ClientWith(ICredentialSource? credentials, ICallMeter? meter = null) =>
        new ClarifaiClientFactory(Cluster).Create(credentials, meter);

    internal UpstreamChannel ChannelTo(Uri address) => _services.GetRequiredService<UpstreamChannels>().Get(address);

    /// <summary>Calls the unary RPC.</summary>
    public Task<UnaryResult<Payload>> CallAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Client.CallAsync(Unary, Request, new UpstreamCall("id", timeout, cancellationToken)).AsTask();

    /// <summary>Opens the stream.</summary>
    public UpstreamStream Stream(UpstreamCall call = default) => Client.Stream(ServerStreaming, Request, call);

    /// <summary>Lets the wait before the next attempt begin, then end.</summary>
    public async Task PassWaitAsync(TimeSpan wait)
    {
        await Clock.NextTimerAsync();
        Clock.Advance(wait);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Meters.Dispose();
    }

    private static ServiceProvider Services(IMeterFactory meters)
    {
        var services = new ServiceCollection();
        services.AddSingleton(meters);
        services.AddSingleton(Schema);
        services.AddUpstreamChannels(_ => new ChannelOptions());
        return services.BuildServiceProvider();
    }
}
