using System.Text.RegularExpressions;
using Gateway.Api.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Api.Tests.Support;

/// <summary>The real gateway on a real socket, with settings of the test's own.</summary>
internal sealed partial class GatewayHost : WebApplicationFactory<Program>
{
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly Action<IWebHostBuilder> _configure;

    private GatewayHost(IReadOnlyDictionary<string, string?> settings, Action<IWebHostBuilder> configure)
    {
        _settings = settings;
        _configure = configure;
        UseKestrel();
        StartServer();
    }

    /// <summary>Starts a gateway in front of an upstream; null for the built-in sandbox.</summary>
    public static GatewayHost Start(Uri? upstream = null, params (string Key, string? Value)[] settings) => Start(upstream, _ => { }, settings);

    /// <summary>Starts a gateway with a clock of the test's own.</summary>
    public static GatewayHost Start(Uri? upstream, TimeProvider clock, params (string Key, string? Value)[] settings) =>
        Start(upstream, builder => builder.ConfigureTestServices(services => services.AddSingleton(clock)), settings);

    /// <summary>Starts a gateway whose host the test changes.</summary>
    public static GatewayHost Start(Uri? upstream, Action<IWebHostBuilder> configure, params (string Key, string? Value)[] settings)
    {
        var all = settings.ToDictionary(setting => setting.Key, setting => setting.Value);
        if (upstream is not null)
        {
            all["Gateway:Upstream:Address"] = upstream.ToString();
        }

        // Tests do not wait for turns, unless they say so.
        foreach (var tenant in settings.Where(setting => TenantPat().IsMatch(setting.Key)).Select(setting => setting.Key[..^"Pat".Length]))
        {
            all.TryAdd($"{tenant}PatRequestsPerSecond", "1000000");
        }

        all.TryAdd("Gateway:Sandbox:TokenDelay", "00:00:00");
        all.TryAdd("Gateway:Grpc:Url", "http://127.0.0.1:0");
        return new GatewayHost(all, configure);
    }

    /// <summary>Where it speaks HTTP/1.1.</summary>
    public Uri Address
    {
        get
        {
            using var client = CreateClient();
            return client.BaseAddress!;
        }
    }

    /// <summary>Where it speaks HTTP/2 without TLS.</summary>
    public Uri GrpcAddress => new(Services.GetRequiredService<GrpcListener>().Address!);

    /// <summary>A client that sends a key, as most callers do, and does not follow redirects.</summary>
    public HttpClient CreateClientWithKey(string key = "client-key")
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Add("Authorization", $"Key {key}");
        return client;
    }

    [GeneratedRegex("^Gateway:Tenants:[^:]+:Pat$")]
    private static partial Regex TenantPat();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // The factory's own way of choosing a port races against the program, which may have started already.
        builder.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        _configure(builder);
    }
}
