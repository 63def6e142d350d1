using Gateway.Api.Configuration;
using Gateway.Api.Hosting;
using Gateway.Api.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Tests.Faces.HomeAssistant;

/// <summary>Which settings are refused, and that they are named, but not shown.</summary>
public sealed class HomeAssistantOptionsTests
{
    [Fact]
    public void Everything_Set_IsRead()
    {
        var options = Bind(
            ("HomeAssistant:Timeout", "00:00:03"), ("HomeAssistant:MaxSnapshotBytes", "7"), ("HomeAssistant:MaxBackoff", "01:00:00"),
            ("HomeAssistant:Scans:door:AppId", "a"), ("HomeAssistant:Scans:door:UserId", "u"), ("HomeAssistant:Scans:door:Tenant", "keyed"));

        Assert.Empty(Faults(options));
        var home = options.HomeAssistant;
        Assert.Equal(("http://ha:8123", "token", null), (home.Url, home.Token, home.Tenant));
        Assert.Equal((TimeSpan.FromSeconds(3), 7, TimeSpan.FromHours(1)), (home.Timeout, home.MaxSnapshotBytes, home.MaxBackoff));
        var (name, scan) = Assert.Single(home.Scans);
        Assert.Equal(("door", "camera.front_door", "w", TimeSpan.FromMinutes(1)), (name, scan.Camera, scan.Workflow, scan.ScanInterval));
        Assert.Equal(("a", "u", "keyed"), (scan.AppId, scan.UserId, scan.Tenant));
    }

    [Fact]
    public void Nothing_Set_IsValid() => Assert.Empty(Faults(new GatewayOptions()));

    [Theory]
    [InlineData("HomeAssistant:Url", "", "Url is http://")]
    [InlineData("HomeAssistant:Url", "homeassistant.local:8123", "Url is http://")]
    [InlineData("HomeAssistant:Url", "file:///etc/passwd", "Url is http://")]
    [InlineData("HomeAssistant:Url", "http://me:canary@ha", "Url is http://")]
    [InlineData("HomeAssistant:Url", "http://ha/?x", "Url is http://")]
    [InlineData("HomeAssistant:Token", "", "Token is a long-lived access token")]
    [InlineData("HomeAssistant:Token", "canary\ncanary", "Token is a long-lived access token")]
    [InlineData("HomeAssistant:Tenant", "nobody", "Tenant names the tenant")]
    [InlineData("HomeAssistant:Tenant", "pass-through", "Tenant names the tenant")]
    [InlineData("HomeAssistant:Timeout", "00:00:00", "Timeout is greater than zero.")]
    [InlineData("HomeAssistant:MaxSnapshotBytes", "0", "MaxSnapshotBytes is greater than zero.")]
    [InlineData("HomeAssistant:MaxBackoff", "0s", "MaxBackoff is greater than zero.")]
    [InlineData("HomeAssistant:Scans:door:Camera", "light.kitchen", "Scans:door:Camera is the entity id of a camera")]
    [InlineData("HomeAssistant:Scans:door:Workflow", "", "Scans:door:Workflow is missing.")]
    [InlineData("HomeAssistant:Scans:door:Workflow", " ", "Scans:door:Workflow is missing.")]
    [InlineData("HomeAssistant:Scans:door:UserId", "u", "Scans:door:AppId is missing")]
    [InlineData("HomeAssistant:Scans:door:ScanInterval", "00:00:00", "Scans:door:ScanInterval is 1s to 1d.")]
    [InlineData("HomeAssistant:Scans:door:ScanInterval", "25h", "Scans:door:ScanInterval is 1s to 1d.")]
    [InlineData("HomeAssistant:Scans:door:Tenant", "nobody", "Scans:door:Tenant names a tenant")]
    public void Setting_ThatCannotWork_IsNamed(string setting, string value, string fault)
    {
        var faults = Faults(Bind((setting, value)));

        Assert.Contains(faults, one => one.StartsWith("Gateway:HomeAssistant:" + fault, StringComparison.Ordinal));
        Assert.DoesNotContain(faults, one => one.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public void Owner_ThatNobodyIs_HasToBeNamed()
    {
        Assert.Equal(2, Faults(Bind(("Tenants:keyless:Keyless", ""), ("Tenants:keyless:KeySha256", Home.Hash("a")))).Length);
        Assert.Empty(Faults(Bind(("Tenants:keyless:Keyless", ""), ("Tenants:keyless:KeySha256", Home.Hash("a")), ("HomeAssistant:Tenant", "keyed"))));
    }

    [Fact]
    public void Everyone_MayUseIt_WhenSaidSo_ButScansNeedATenant()
    {
        var options = Bind(("HomeAssistant:Tenant", "pass-through"));
        options.Tenants.Clear();

        Assert.StartsWith("Gateway:HomeAssistant:Scans:door:Tenant", Assert.Single(Faults(options)), StringComparison.Ordinal);
        options.HomeAssistant.Scans.Clear();
        Assert.Empty(Faults(options));
        options.HomeAssistant.Tenant = null;
        Assert.StartsWith("Gateway:HomeAssistant:Tenant", Assert.Single(Faults(options)), StringComparison.Ordinal);
    }

    [Fact]
    public void Gateway_DoesNotStart_WithoutTheToken()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => GatewayHost.Start(null, ("Gateway:HomeAssistant:Url", "http://ha:8123")));

        Assert.Contains("Gateway:HomeAssistant:Token", refused.Message, StringComparison.Ordinal);
    }

    private static string[] Faults(GatewayOptions options) => [.. GatewayOptionsValidator.Faults(options)];

    private static GatewayOptions Bind(params (string Key, string? Value)[] own)
    {
        var settings = new Dictionary<string, string?>
        {
            ["HomeAssistant:Url"] = "http://ha:8123",
            ["HomeAssistant:Token"] = "token",
            ["HomeAssistant:Scans:door:Camera"] = "camera.front_door",
            ["HomeAssistant:Scans:door:Workflow"] = "w",
            ["HomeAssistant:Scans:door:ScanInterval"] = "00:01:00",
            ["Tenants:keyless:Keyless"] = "true",
            ["Tenants:keyless:Pat"] = "pat",
            ["Tenants:keyed:Pat"] = "pat",
            ["Tenants:keyed:KeySha256"] = Home.Hash("b"),
        };
        foreach (var (key, value) in own)
        {
            settings[key] = value;
        }

        GatewaySettings.Faults(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("Gateway:" + setting.Key, setting.Value))).Build(), out var options);
        return options;
    }
}
