using Gateway.Api.Configuration;
using Gateway.Api.Hosting;
using Microsoft.Extensions.Configuration;

namespace Gateway.Api.Tests.Configuration;

/// <summary>Which addresses are in effect, and which settings are refused.</summary>
public sealed class UpstreamOptionsTests
{
    [Fact]
    public void Address_OrAddresses_AreInEffect()
    {
        Assert.Empty(Bind().InEffect);
        Assert.Equal(["http://a:1/"], InEffect(Bind(("Address", "http://a:1"))));
        Assert.Equal(["http://b:1/", "http://c:1/"], InEffect(Bind(("Addresses:0", "http://b:1"), ("Addresses:1", "http://c:1"))));
    }

    /// <summary>Explicit settings win over what the variable chooses.</summary>
    [Fact]
    public void Addresses_BesideClarifaiPat_AreInEffect()
    {
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["CLARIFAI_PAT"] = "pat", ["Gateway:Upstream:Addresses:0"] = "http://b:1" });
        configuration.AddClarifaiEnvironment();

        Assert.Equal(["http://b:1/"], InEffect(GatewaySettings.Read(configuration).Upstream));
    }

    [Fact]
    public void Everything_Set_IsRead()
    {
        var upstream = Bind(
            ("Address", "http://a:1"),
            ("Failover:0:Address", "http://b:1"),
            ("Failover:1:Addresses:0", "http://c:1"),
            ("Failover:1:Addresses:1", "http://d:1"),
            ("Ejection:Failures", "7"),
            ("Ejection:BaseTime", "00:00:01"),
            ("Ejection:MaxTime", "00:00:09"),
            ("Retry:MaxAttempts", "5"),
            ("Retry:InitialBackoff", "00:00:02"),
            ("Retry:MaxBackoff", "00:00:03"),
            ("Retry:LoadingTimeout", "00:04:00"),
            ("Retry:Budget", "50"));

        Assert.Equal([["http://b:1/"], ["http://c:1/", "http://d:1/"]], upstream.Failover.Select(InEffect));
        Assert.Equal(new() { Failures = 7, BaseTime = TimeSpan.FromSeconds(1), MaxTime = TimeSpan.FromSeconds(9) }, upstream.Ejection);
        Assert.Equal(
            new()
            {
                MaxAttempts = 5,
                InitialBackoff = TimeSpan.FromSeconds(2),
                MaxBackoff = TimeSpan.FromSeconds(3),
                LoadingTimeout = TimeSpan.FromMinutes(4),
                Budget = 50,
            },
            upstream.Retry);
        Assert.Empty(Faults(upstream));
    }

    [Fact]
    public void Defaults_AreValid() => Assert.Empty(Faults(Bind()));

    [Theory]
    [InlineData("Address", "localhost:8000", "Address is http://host:port")]
    [InlineData("Address", "ftp://host", "Address is http://host:port")]
    [InlineData("Address", "http://host/v2", "Address is http://host:port")]
    [InlineData("Address", "relative", "Address is http://host:port")]
    [InlineData("Addresses:1", "http://key@host", "Addresses:1 is http://host:port")]
    [InlineData("Failover:1:Address", "nothing", "Failover:1:Address is http://host:port")]
    [InlineData("Failover:0:Addresses:1", "https://host?query", "Failover:0:Addresses:1 is http://host:port")]
    [InlineData("Failover:1:Addresses:0", "http://f:1", "Failover:0:Addresses:0 and Gateway:Upstream:Failover:1:Addresses:0 are the same.")]
    [InlineData("Failover:2:Address", "", "Failover:2:Address is missing.")]
    [InlineData("Address", "http://b:1", "Address and Gateway:Upstream:Addresses stand in place of each other")]
    [InlineData("Failover:0:Address", "http://b:1", "Failover:0:Address and Gateway:Upstream:Failover:0:Addresses stand in place of each other")]
    [InlineData("Ejection:Failures", "0", "Ejection:Failures is greater than zero.")]
    [InlineData("Ejection:BaseTime", "0s", "Ejection:BaseTime is greater than zero.")]
    [InlineData("Ejection:MaxTime", "00:00:01", "Ejection:MaxTime is at least")]
    [InlineData("Retry:MaxAttempts", "0", "Retry:MaxAttempts is greater than zero.")]
    [InlineData("Retry:InitialBackoff", "0s", "Retry:InitialBackoff is greater than zero.")]
    [InlineData("Retry:MaxBackoff", "00:00:00.01", "Retry:MaxBackoff is at least")]
    [InlineData("Retry:Budget", "0", "Retry:Budget is 1 to 1000.")]
    [InlineData("Retry:Budget", "1001", "Retry:Budget is 1 to 1000.")]
    public void Setting_ThatCannotWork_IsNamed(string setting, string value, string fault)
    {
        var upstream = Bind(
            ("Addresses:0", setting == "Address" && !fault.Contains("Addresses", StringComparison.Ordinal) ? null : "http://a:1"),
            ("Failover:0:Addresses:0", "http://f:1"),
            ("Failover:1:Address", setting.StartsWith("Failover:1:", StringComparison.Ordinal) ? null : "http://g:1"),
            (setting, value));

        Assert.StartsWith("Gateway:Upstream:" + fault, Assert.Single(Faults(upstream)), StringComparison.Ordinal);
    }

    [Fact]
    public void Failover_OfTheSandbox_IsRefused() => Assert.Equal(
        "Gateway:Upstream:Failover needs a Gateway:Upstream:Address.", Assert.Single(Faults(Bind(("Failover:0:Address", "http://a:1")))));

    private static IEnumerable<string> InEffect(AddressGroupOptions group) => group.InEffect.Select(address => address.AbsoluteUri);

    private static IEnumerable<string> Faults(UpstreamOptions upstream) =>
        GatewayOptionsValidator.Faults(new GatewayOptions { Upstream = upstream });

    private static UpstreamOptions Bind(params (string Setting, string? Value)[] settings)
    {
        GatewaySettings.Faults(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Where(setting => setting.Value is not null).ToDictionary(setting => "Gateway:Upstream:" + setting.Setting, setting => setting.Value))
                .Build(),
            out var options);
        return options.Upstream;
    }
}
