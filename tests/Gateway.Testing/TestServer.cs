using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Testing;

/// <summary>A real Kestrel on a free loopback port.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestServer(WebApplication app, LogRecorder log)
    {
        _app = app;
        Log = log;
        Address = new Uri(app.Urls.Single());
    }

    public Uri Address { get; }

    /// <summary>What was logged at warning or above.</summary>
    public LogRecorder Log { get; }

    /// <summary>Starts a server: cleartext, or TLS when there is a certificate; on a free port of the loopback address, unless told where.</summary>
    public static async Task<TestServer> StartAsync(
        Action<WebApplication> map,
        HttpProtocols protocols = HttpProtocols.Http2,
        X509Certificate2? certificate = null,
        IPEndPoint? endPoint = null,
        Action<KestrelServerLimits>? limits = null,
        Action<IServiceCollection>? services = null,
        Action<HttpsConnectionAdapterOptions>? tls = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var log = new LogRecorder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            limits?.Invoke(kestrel.Limits);
            kestrel.Listen(endPoint ?? new IPEndPoint(IPAddress.Loopback, 0), listen =>
            {
                listen.Protocols = protocols;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate, https => tls?.Invoke(https));
                }
            });
        });
        services?.Invoke(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new TestServer(app, log);
    }

    public async ValueTask DisposeAsync()
    {
        // Calls that a test left open must not hold the shutdown up.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
