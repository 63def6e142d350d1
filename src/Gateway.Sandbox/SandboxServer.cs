using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Gateway.Sandbox.Fetching;
using Gateway.Sandbox.Models;
using Gateway.Sandbox.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Sandbox;

/// <summary>
/// A local upstream: part of <c>clarifai.api.V2</c> over cleartext HTTP/2 on a free port of the loopback interface, answered by small real
/// models.
/// </summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private const string Name = "Gateway.Sandbox";

    private readonly WebApplication _app;
    private readonly ImageFetcher _fetcher;

    private SandboxServer(WebApplication app, ImageFetcher fetcher)
    {
        _app = app;
        _fetcher = fetcher;
    }

    /// <summary>Where it listens, <c>http://127.0.0.1:port</c>.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts a sandbox; the caller disposes it.</summary>
    /// <param name="options">What it accepts and fetches.</param>
    /// <param name="time">The clock of its answers and of the pauses in its streams.</param>
    /// <param name="logging">Where it logs; stays the caller's.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<SandboxServer> StartAsync(
        SandboxOptions options, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken = default)
    {
        // The empty builder reads no configuration: the URLs and settings around are those of the gateway.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logging);
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        builder.Services.AddSingleton<IMeterFactory, OwnMeters>();
        builder.Services.AddSingleton(new ActivitySource(Name));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null; // how large a request may be is said once, by the gateway
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });

        var fetcher = new ImageFetcher(options, time);
        AddService(builder.Services, options, fetcher, time);
        var server = new SandboxServer(builder.Build(), fetcher);
        server._app.MapGrpcService<SandboxService>();
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Stops the server and ends the calls that still run.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _fetcher.Dispose();
    }

    private static void AddService(IServiceCollection services, SandboxOptions options, ImageFetcher fetcher, TimeProvider time)
    {
        services.AddGrpc(grpc =>
        {
            // What the API's own limits are is the gateway's to say.
            grpc.MaxReceiveMessageSize = null;
            grpc.MaxSendMessageSize = null;
            grpc.Interceptors.Add<AnswerInterceptor>();
        });

        var catalog = new SandboxCatalog(options.TokenDelay, time);
        var resources = new ResourceMessages(time.GetUtcNow());
        var outputs = new OutputMessages(resources, time);
        services.AddSingleton(new AnswerInterceptor(new KeyCheck(options.Keys)));
        services.AddSingleton(new SandboxService(
            new InferenceRpcs(catalog, new ModelRunner(fetcher), outputs),
            new ModelRpcs(catalog, resources),
            new WorkflowRpcs(catalog, fetcher, resources, outputs),
            new AccountRpcs(resources)));
    }

    /// <summary>
    /// Has the server measure under names of its own: who collects what the gateway's server measures would else count each prediction
    /// twice.
    /// </summary>
    private sealed class OwnMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(new MeterOptions($"{Name}.{options.Name}") { Version = options.Version });

        public void Dispose()
        {
            // Its meters are nobody's.
        }
    }

    /// <summary>Leaves signals such as Ctrl+C to the process: the sandbox lives until it is disposed.</summary>
    private sealed class CallerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
