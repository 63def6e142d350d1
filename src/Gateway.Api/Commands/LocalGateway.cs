using System.Net;
using Gateway.Api.Configuration;
using Gateway.Api.Faces.HomeAssistant;
using Gateway.Api.Hosting;
using Gateway.Api.Upstream;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Commands;

/// <summary>
/// The gateway of the local configuration, for one command: it listens at a port of the loopback that is free, writes nothing, and looks
/// through no camera.
/// </summary>
internal sealed class LocalGateway : IAsyncDisposable
{
    private const string AnyKey = "sandbox";

    // Above all others: what the configuration says of where to listen and for whom is for the gateway that serves.
    private static readonly string[] Overrides =
    [
        "--urls=http://127.0.0.1:0", "--Gateway:Grpc:Url=", "--AllowedHosts=127.0.0.1", "--Gateway:Shutdown:Delay=0s",
        "--Gateway:Shutdown:Timeout=1s",
    ];

    // What a gateway does that nobody asked it for.
    private static readonly Type[] LeftOut = [typeof(Banner), typeof(CameraScans)];

    private readonly WebApplication _app;

    private LocalGateway(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>A key that it takes without anybody giving one: the sandbox's; null elsewhere.</summary>
    public string? Key
    {
        get
        {
            var options = _app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value;
            var hasKeysOfItsOwn = options.Tenants.Count > 0 || options.Store.IsInUse;
            return !_app.Services.GetRequiredService<UpstreamTarget>().IsSandbox || hasKeysOfItsOwn ? null
                : options.Sandbox.Keys switch { null => AnyKey, [var first, ..] => first, _ => null };
        }
    }

    /// <summary>Starts one.</summary>
    /// <exception cref="CommandFault">The local configuration cannot be used.</exception>
    public static async Task<LocalGateway> StartAsync(
        string[] settings, Func<string[], Action<WebApplicationBuilder>, WebApplication> build, CancellationToken cancellationToken)
    {
        WebApplication? app = null;
        try
        {
            app = build([.. settings, .. Overrides], Quiet);
            await app.StartAsync(cancellationToken);
            return new LocalGateway(app);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && StartFault.Describe(failure) is not null)
        {
            await (app?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw new CommandFault(StartFault.Describe(failure)!);
        }
    }

    /// <summary>Ends it: a request that was broken off has been told upstream by then.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static void Quiet(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        foreach (var service in builder.Services.Where(service => LeftOut.Contains(service.ImplementationType)).ToList())
        {
            builder.Services.Remove(service);
        }

        // Endpoints of the configuration, with their certificates, would have gone before the address above.
        builder.Services.PostConfigure<KestrelServerOptions>(server =>
        {
            server.ConfigurationLoader = null;
            server.Listen(IPAddress.Loopback, 0);
        });
    }
}
