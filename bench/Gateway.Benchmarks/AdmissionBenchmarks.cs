using BenchmarkDotNet.Attributes;
using Clarifai.Api;
using Gateway.Api.Configuration;
using Gateway.Api.Lifetime;
using Gateway.Api.Tenancy;
using Gateway.Api.Usage;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Benchmarks;

/// <summary>
/// What it costs to find out who calls, among 10,000 keys, and to admit the request within the limits of its tenant and key. On a connection
/// whose last request had the same key, and on one that had another.
/// </summary>
[MemoryDiagnoser]
public class AdmissionBenchmarks : IDisposable
{
    private const int Tenants = 100;
    private const int KeysPerTenant = 100;

    private readonly string[] _headers = new string[Tenants * KeysPerTenant];
    private TenantDirectory _directory = null!;
    private AccessControl _access = null!;
    private RpcAccess _rpc = null!;
    private DefaultHttpContext _known = null!;
    private DefaultHttpContext _unknown = null!;
    private int _next;

    /// <summary>Whether tenants and keys have limits of requests a second.</summary>
    [Params(false, true)]
    public bool Limits { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var settings = new GatewayOptions();
        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            settings.Tenants[$"tenant{tenant}"] = Tenant(tenant);
        }

        var options = Options.Create(settings);
        var schema = ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.Clarifai);
        var accounts = new TenantAccounts(options, new UsageBook(TimeProvider.System), new PredictionPlans(schema), Telemetry.OfNobody(), TimeProvider.System);
        _directory = new TenantDirectory(options, accounts, TimeProvider.System);
        _access = new AccessControl(options, schema, _directory, new Drain(options, TimeProvider.System));
        _rpc = _access.To(schema.Rpc("PostModelOutputs"));
        _known = Request(new ConnectionIdentity());
        _unknown = Request(connection: null);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public bool SameKey() => Admit(_known, _headers[0]);

    [Benchmark]
    public bool AnotherKey() => Admit(_unknown, _headers[_next = (_next + 7919) % _headers.Length]);

    private bool Admit(HttpContext http, string header)
    {
        _access.Identify(http, _rpc, header, out var tenant);
        var account = tenant!.Account!;
        http.Response.Headers.Clear();
        var isAdmitted = account.Enter(http.Response) is null;
        if (isAdmitted)
        {
            account.Leave();
        }

        return isAdmitted;
    }

    private TenantOptions Tenant(int tenant)
    {
        var options = new TenantOptions { Pat = "pat", Limits = Rates() };
        for (var key = 0; key < KeysPerTenant; key++)
        {
            var text = GatewayKey.Create();
            _headers[(tenant * KeysPerTenant) + key] = $"Key {text}";
            options.Keys[$"key{key}"] = new KeyOptions { KeySha256 = KeyHash.Of(text).ToString(), Limits = Rates() };
        }

        return options;
    }

    private RateOptions Rates() => Limits ? new RateOptions { RequestsPerSecond = 1_000_000_000, Concurrency = 1000 } : new RateOptions();

    private static DefaultHttpContext Request(ConnectionIdentity? connection)
    {
        var http = new DefaultHttpContext();
        http.Features.Set(connection);
        http.Features.Set<IHttpResponseFeature>(new StartingResponse());
        return http;
    }

    /// <summary>A response that starts at once: what is done to its headers then is measured, too.</summary>
    private sealed class StartingResponse : HttpResponseFeature
    {
        public override void OnStarting(Func<object, Task> callback, object state) => callback(state).GetAwaiter().GetResult();
    }
}
