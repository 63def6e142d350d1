using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>Says what is wrong with a configured Home Assistant, setting by setting, never by value.</summary>
internal static class HomeAssistantOptionsValidator
{
    private const string At = $"{GatewayOptions.Section}:HomeAssistant";

    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    /// <summary>The faults, one sentence each; empty when it can be used, or there is none.</summary>
    /// <param name="home">The settings.</param>
    /// <param name="tenants">The tenants by name.</param>
    public static IEnumerable<string> Faults(HomeAssistantOptions home, IReadOnlyDictionary<string, TenantOptions> tenants)
    {
        if (home is { Url: "", Token: "", Scans.Count: 0 })
        {
            return [];
        }

        return
        [
            .. AddressFaults(home),
            .. OwnerFaults(home, tenants),
            .. home.Scans.SelectMany(scan => ScanFaults(scan.Key, scan.Value, home, tenants)),
        ];
    }

    private static IEnumerable<string> AddressFaults(HomeAssistantOptions home)
    {
        if (!IsAddress(home.Url))
        {
            yield return $"{At}:Url is http://host:port or https://host, perhaps with a path.";
        }

        if (!TokenText.CanTravel(home.Token))
        {
            yield return $"{At}:Token is a long-lived access token, without spaces and line breaks in it.";
        }
    }

    private static IEnumerable<string> OwnerFaults(HomeAssistantOptions home, IReadOnlyDictionary<string, TenantOptions> tenants)
    {
        var everyone = tenants.Count == 0 && home.Tenant == Tenant.PassThroughName;
        if (!everyone && !Exists(home.Tenant, tenants))
        {
            yield return $"{At}:Tenant names the tenant that may use Home Assistant; it may be left out where a tenant is Keyless, "
                + $"and be {Tenant.PassThroughName} where there are no tenants, for everyone to use it.";
        }
    }

    private static IEnumerable<string> ScanFaults(
        string name, ScanOptions scan, HomeAssistantOptions home, IReadOnlyDictionary<string, TenantOptions> tenants)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            yield return $"{At}:Scans has a scan without a name.";
        }

        if (!CameraId.IsValid(scan.Camera))
        {
            yield return $"{At}:Scans:{name}:Camera is {CameraId.Form}.";
        }

        if (string.IsNullOrWhiteSpace(scan.Workflow))
        {
            yield return $"{At}:Scans:{name}:Workflow is missing.";
        }

        if (!string.IsNullOrEmpty(scan.UserId) && string.IsNullOrEmpty(scan.AppId))
        {
            yield return $"{At}:Scans:{name}:AppId is missing; a UserId needs one.";
        }

        if (scan.ScanInterval < LeastInterval || scan.ScanInterval > LongestInterval)
        {
            yield return $"{At}:Scans:{name}:ScanInterval is 1s to 1d.";
        }

        if (!Exists(scan.Tenant ?? home.Tenant, tenants))
        {
            yield return $"{At}:Scans:{name}:Tenant names a tenant, on whose token it runs; it may be left out where {At}:Tenant "
                + "names one, or a tenant is Keyless.";
        }
    }

    private static bool Exists(string? name, IReadOnlyDictionary<string, TenantOptions> tenants) =>
        name is null ? tenants.Values.Any(tenant => tenant.Keyless is true) : tenants.ContainsKey(name);

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" };
}
