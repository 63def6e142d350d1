using System.Collections.Frozen;
using Gateway.Api.Configuration;
using Gateway.Api.Faces.Rest;
using Gateway.Api.Lifetime;
using Gateway.Api.Streams;
using Gateway.Api.Streams.Resumption;
using Gateway.Api.Tenancy;
using Gateway.Api.Upstream;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Upstream;
using Gateway.Core.Wire;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Pipeline;

/// <summary>What all call handlers share.</summary>
internal sealed class CallServices
{
    // As many as calls at the same time, not as processors: a reader is out until its call is answered. One holds about 2 KB at rest.
    private const int MaxAtRest = 1024;

    private readonly FrozenDictionary<RpcPlan, RpcAccess> _access;

    /// <summary>Collects the services and makes the pools.</summary>
    public CallServices(IOptions<GatewayOptions> options, ApiSchema schema, TenantDirectory tenants, UpstreamTarget upstream, SegmentPool segments, ResumableStreams resumables, Drain drain, TimeProvider time, ILoggerFactory loggers)
    {
        Limits = options.Value.Limits;
        Streams = options.Value.Streams;
        Resumables = resumables;
        Drain = drain;
        Time = time;
        UnaryTimeout = options.Value.Upstream.UnaryTimeout;
        Tenants = tenants;
        var pages = new PageOrigins(options.Value.Cors);
        var names = new NameTables();
        _access = schema.Rpcs.ToFrozenDictionary(rpc => rpc, rpc => RpcAccess.To(rpc, names, pages));
        Upstream = upstream;
        Segments = segments;
        Logger = loggers.CreateLogger("Gateway.Api.Pipeline");
        JsonLimits = new JsonLimits
        {
            MaxDepth = Limits.MaxJsonDepth,
            MaxStringBytes = Limits.MaxStringBytes,
            MaxValues = Limits.MaxJsonMembers,
        };
        Requests = Pool(() => new RequestReader(this), request => request.Reset());
        Responses = Pool(() => new ResponseWriter(JsonLimits), response => response.Reset());
    }

    /// <summary>What a request may ask for.</summary>
    public LimitOptions Limits { get; }

    /// <summary>The same for JSON.</summary>
    public JsonLimits JsonLimits { get; }

    /// <summary>How long streams may take.</summary>
    public StreamOptions Streams { get; }

    /// <summary>The streams that clients may come back for.</summary>
    public ResumableStreams Resumables { get; }

    /// <summary>Whether the gateway shuts down.</summary>
    public Drain Drain { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>How long a unary call may take.</summary>
    public TimeSpan UnaryTimeout { get; }

    /// <summary>Who may call.</summary>
    public TenantDirectory Tenants { get; }

    /// <summary>Where calls go.</summary>
    public UpstreamTarget Upstream { get; }

    /// <summary>The memory of long requests.</summary>
    public SegmentPool Segments { get; }

    /// <summary>The handlers' log.</summary>
    public ILogger Logger { get; }

    /// <summary>Readers at rest; they hold no segment of a request.</summary>
    public ObjectPool<RequestReader> Requests { get; }

    /// <summary>Writers at rest.</summary>
    public ObjectPool<ResponseWriter> Responses { get; }

    /// <summary>Who may call an RPC.</summary>
    public RpcAccess AccessTo(RpcPlan rpc) => _access[rpc];

    /// <summary>Keeps an eye on a call that may last.</summary>
    /// <param name="access">Who may make it.</param>
    /// <param name="tenant">Who makes it.</param>
    /// <returns>The call, to be disposed; it is over when the gateway's time is, too.</returns>
    public LiveCall Watch(RpcAccess access, Tenant tenant) => Tenants.Watch(access, tenant, Drain.Expired);

    /// <summary>How many inputs one call of an RPC may have; null for RPCs that take none.</summary>
    public ElementLimit? InputLimitOf(RpcPlan rpc) => rpc.Request.FullName switch
    {
        "clarifai.api.PostModelOutputsRequest" => new ElementLimit(Inputs(rpc), Limits.MaxModelInputs),
        "clarifai.api.PostWorkflowResultsRequest" => new ElementLimit(Inputs(rpc), Limits.MaxWorkflowInputs),
        _ => null,
    };

    /// <summary>A call whose answer is a stream, under the limits that streams have.</summary>
    public UpstreamCall AsStream(UpstreamCall call) => call with
    {
        Timeout = RequestTimeout.Shorter(Streams.TotalTimeout, call.Timeout),
        FirstMessageTimeout = Streams.FirstMessageTimeout,
        IdleTimeout = Streams.IdleTimeout,
    };

    private static FieldPlan Inputs(RpcPlan rpc) => rpc.Request.Fields.Single(field => field.ProtoName == "inputs");

    private static DefaultObjectPool<T> Pool<T>(Func<T> create, Action<T> reset)
        where T : class => new(new PoolPolicy<T>(create, reset), MaxAtRest);

    private sealed class PoolPolicy<T>(Func<T> create, Action<T> reset) : PooledObjectPolicy<T>
        where T : class
    {
        public override T Create() => create();

        public override bool Return(T obj)
        {
            reset(obj);
            return true;
        }
    }
}
