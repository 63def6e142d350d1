using System.Security.Cryptography;
using System.Text;
using Gateway.Api.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>A gateway with one tenant, whose key is <c>key</c> and whose settings change while it runs.</summary>
internal static class ChangingTenant
{
    private const string Tenant = "Gateway:Tenants:kitchen:";

    public static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public static GatewayHost Start(Uri upstream, params (string Key, string Value)[] settings) => GatewayHost.Start(upstream, [
        (Tenant + "KeySha256", Hash("key")), (Tenant + "Pat", "p"), (Tenant + "UserId", "home"), (Tenant + "AppId", "kitchen"),
        .. settings.Select(setting => (Tenant + setting.Key, (string?)setting.Value)),
    ]);

    /// <summary>The same as an edit of the settings file.</summary>
    public static void Change(GatewayHost gateway, params (string Key, string Value)[] settings)
    {
        var configuration = (IConfigurationRoot)gateway.Services.GetRequiredService<IConfiguration>();
        foreach (var (key, value) in settings)
        {
            configuration[Tenant + key] = value;
        }

        configuration.Reload();
    }
}
