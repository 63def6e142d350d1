using System.Security.Cryptography;
using System.Text;
using Gateway.Api.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Api.Tests.Faces.HomeAssistant;

/// <summary>A gateway on the sandbox with a Home Assistant, one tenant that lives there (key <c>home-key</c>) and one that does not (<c>other-key</c>).</summary>
internal static class Home
{
    public const string Predict = "/home-assistant/predict";
    public const string Body = """{"app_id":"main","workflow_id":"detect-crop-classify","entity_id":"camera.front_door"}""";
    public const string EventHeader = "X-Home-Assistant-Event";

    /// <summary>The settings, of which the test's own win; null for none.</summary>
    public static (string, string?)[] Settings(Uri home, params (string Key, string? Value)[] own)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Gateway:HomeAssistant:Url"] = home.ToString(),
            ["Gateway:HomeAssistant:Token"] = FakeHomeAssistant.Token,
            ["Gateway:HomeAssistant:Tenant"] = "home",
            ["Gateway:Tenants:home:KeySha256"] = Hash("home-key"),
            ["Gateway:Tenants:home:Pat"] = "canary-pat",
            ["Gateway:Tenants:home:UserId"] = "us",
            ["Gateway:Tenants:other:KeySha256"] = Hash("other-key"),
            ["Gateway:Tenants:other:Pat"] = "canary-other-pat",
        };
        foreach (var (key, value) in own)
        {
            settings[key] = value;
        }

        return [.. settings.Where(setting => setting.Value is not null).Select(setting => (setting.Key, setting.Value))];
    }

    public static GatewayHost Start(FakeHomeAssistant home, params (string, string?)[] more) => GatewayHost.Start(null, Settings(home.Address, more));

    /// <summary>Starts a gateway with a clock and a log of the test's own.</summary>
    public static GatewayHost Start(Uri? upstream, TimeProvider clock, ILoggerProvider log, params (string, string?)[] settings) =>
        GatewayHost.Start(upstream, host => With(host, clock, log), settings);

    /// <summary>Gives a host a clock and a log, and chance that is none.</summary>
    public static void With(IWebHostBuilder host, TimeProvider clock, ILoggerProvider log) =>
        host.ConfigureTestServices(services => services.AddSingleton(clock).AddSingleton<Random>(new Half()).AddRecorder(log));

    public static Task<Answer> AskAsync(GatewayHost gateway, string body = Body, string key = "home-key") =>
        Answer.OfAsync(gateway.CreateClientWithKey(key), "POST", Predict, body);

    public static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
