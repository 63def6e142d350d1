using System.Text;
using Gateway.Api.Hosting;
using Microsoft.Extensions.Configuration;
using static Gateway.Api.Tests.Configuration.SettingSurface;

namespace Gateway.Api.Tests.Configuration;

/// <summary>The whole of the configuration: what is no setting, or has another shape, is a fault that names it and does not show its value.</summary>
public sealed class SettingSurfaceTests
{
    // What is found below a text, as the secret below a `Pat`, is as much a value as the text.
    private const string Value = "canary";

    public static TheoryData<string> WithAForm => Paths(setting => setting.Kind == SettingKind.Value);

    public static TheoryData<string> Scalars => Paths(setting => setting.Kind is SettingKind.Value or SettingKind.Text);

    public static TheoryData<string> Sections => Paths(setting => setting.Kind is SettingKind.Section or SettingKind.Names or SettingKind.List);

    public static TheoryData<string> Lists => Paths(setting => setting.Kind is SettingKind.List);

    public static TheoryData<string> Members => Paths(setting => setting.IsMember);

    [Theory]
    [MemberData(nameof(WithAForm))]
    public void Value_OfAnotherForm_IsAFault(string setting)
    {
        IsAFault(setting, (setting, Value));
        IsAFault(setting, (setting, "-"));
        IsAFault(setting, (setting, "99999999999999999999"));
    }

    [Theory]
    [MemberData(nameof(Scalars))]
    public void Scalar_ThatIsASectionOrAList_IsAFault(string setting)
    {
        // An alias may have colons, so what is below it is another alias.
        if (setting == $"Gateway:OpenAi:Aliases:{AnyName}")
        {
            return;
        }

        IsAFault(setting, ($"{setting}:inner", Value));
        IsAFault(setting, ($"{setting}:0", Value));
        IsAFault(setting, (setting, "1"), ($"{setting}:0", Value));
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Section_ThatIsAScalar_IsAFault(string setting)
    {
        IsAFault(setting, (setting, Value));
        if (All.Single(one => one.Path == setting).Kind != SettingKind.List)
        {
            IsAFault(setting, (setting, ""));
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void List_OfNames_IsAFault(string setting)
    {
        IsAFault(setting, ($"{setting}:first", Value));
        IsAFault(setting, ($"{setting}:00", Value));
        IsAFault(setting, ($"{setting}:-1", Value));
        IsAFault(setting, (setting, null));
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Neighbour_Misspelt_IsAFaultThatNamesWhatWasMeant(string setting)
    {
        var name = setting[(setting.LastIndexOf(':') + 1)..];

        Assert.Equal($"{setting}x is no setting; did you mean {name}?", Assert.Single(Faults(($"{setting}x", Value))));
        IsAFault($"{setting}Canarys", ($"{setting}Canarys:0", Value));
    }

    /// <summary>What is right is read, and to the setting that it is for.</summary>
    [Theory]
    [MemberData(nameof(Scalars))]
    public void Scalar_OfItsForm_IsRead(string path)
    {
        var setting = All.Single(setting => setting.Path == path);
        (string Text, object Value) sample = setting.Type switch
        {
            var type when type == typeof(TimeSpan) => ("7s", TimeSpan.FromSeconds(7)),
            var type when type == typeof(DateTimeOffset) => ("2030-01-31T07:00:00Z", new DateTimeOffset(2030, 1, 31, 7, 0, 0, TimeSpan.Zero)),
            var type when type == typeof(bool) => ("true", true),
            var type when type == typeof(int) => ("7", 7),
            var type when type == typeof(long) => ("7", 7L),
            var type when type == typeof(Uri) => ("http://sample:7", new Uri("http://sample:7")),
            _ => ("sample", "sample"),
        };

        var faults = GatewaySettings.Faults(Configuration((path, sample.Text)), out var options);

        Assert.DoesNotContain(faults, fault => fault.Contains("is no setting", StringComparison.Ordinal));
        Assert.Equal(sample.Value, setting.In(options));
    }

    [Fact]
    public void Surface_HasEveryKindOfSetting() => Assert.Subset(
        All.Select(setting => setting.Path).ToHashSet(),
        new HashSet<string>
        {
            "Gateway:Upstream:Failover:0:Addresses:0", "Gateway:Upstream:Retry:Budget", "Gateway:Tenants:name:Models:0", "Gateway:Tenants:name:Keyless",
            "Gateway:Sandbox:Keys:0", "Gateway:HomeAssistant:Scans:name:ScanInterval", "Gateway:OpenAi:Aliases:name", "Gateway:LogFormat", "Gateway:Proxies:0",
        });

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("1.5s", 1.5)]
    [InlineData("5m", 300)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    [InlineData("24d", 2073600)]
    [InlineData("00:00:30", 30)]
    [InlineData("1.00:00:00.25", 86400.25)]
    public void Time_WithAUnit_IsRead(string text, double seconds)
    {
        Assert.Empty(GatewaySettings.Faults(Configuration(("Gateway:Upstream:UnaryTimeout", text)), out var options));

        Assert.Equal(TimeSpan.FromSeconds(seconds), options.Upstream.UnaryTimeout);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("0")]
    [InlineData("00:30")]
    [InlineData("24:00:00")]
    [InlineData("-1s")]
    [InlineData("-00:00:01")]
    [InlineData("30 s")]
    [InlineData("30S")]
    [InlineData("1e3s")]
    [InlineData("24.00:00:01")]
    [InlineData("25d")]
    [InlineData("99999999999999999999999999d")]
    [InlineData("30s\n")]
    [InlineData("")]
    public void Time_WithoutAUnit_IsAFault(string text) => Assert.Equal(
        "Gateway:Upstream:UnaryTimeout is a time with a unit (ms, s, m, h, d), as in 30s, or as 00:00:30, up to 24 days.",
        Assert.Single(Faults(("Gateway:Upstream:UnaryTimeout", text))));

    /// <summary>JSON's null says that a setting is absent, which not every setting can be.</summary>
    [Theory]
    [InlineData("""{"Streams":{"TotalTimeout":null}}""", null)]
    [InlineData("""{"Upstream":{"Address":null}}""", null)]
    [InlineData("""{"HomeAssistant":{"Tenant":null}}""", null)]
    [InlineData("""{"Limits":{},"Sandbox":null}""", null)]
    [InlineData("""{"Upstream":{"UnaryTimeout":null}}""", "Gateway:Upstream:UnaryTimeout is a time")]
    [InlineData("""{"Grpc":{"Url":null}}""", "Gateway:Grpc:Url is a text.")]
    [InlineData("""{"Proxies":null}""", "Gateway:Proxies is a list")]
    [InlineData("""{"Proxies":{}}""", "Gateway:Proxies is a list")]
    [InlineData("""{"Proxies":[null]}""", "Gateway:Proxies:0 is a text.")]
    [InlineData("""{"Proxies":[""]}""", "Gateway:Proxies:0 is empty.")]
    [InlineData("""{"Proxies":[]}""", null)]
    [InlineData("""{"OpenAi":{"Aliases":{"a":null}}}""", "Gateway:OpenAi:Aliases:a is a text.")]
    [InlineData("""{"OpenAi":{"Aliases":{"":"m"}}}""", "Gateway:OpenAi:Aliases has an alias without a name.")]
    [InlineData("""{"OpenAi":{"Aliases":{" ":"m"}}}""", "Gateway:OpenAi:Aliases has an alias without a name.")]
    [InlineData("""{"OpenAi":{"Aliases":{"a":""}}}""", "Gateway:OpenAi:Aliases:a is https://clarifai.com/user/app/models/id")]
    [InlineData("""{"OpenAi":{"Aliases":{"a":"u/ /models/m"}}}""", "Gateway:OpenAi:Aliases:a is https://clarifai.com/user/app/models/id")]
    [InlineData("""{"Tenants":{"":{"Pat":"canary","Keyless":true}}}""", "Gateway:Tenants has a tenant without a name.")]
    [InlineData("""{"Tenants":{}}""", "Gateway:Tenants has no tenant in it")]
    [InlineData("""{"tenants":null}""", "Gateway:tenants has no tenant in it")]
    [InlineData("""{"Tenants":[]}""", "Gateway:Tenants is a section of names")]
    [InlineData("""{"Tenants":{"a":"canary"}}""", "Gateway:Tenants:a is a section of settings.")]
    [InlineData("""{"Tenants":{"a:b":{"Pat":"canary"}}}""", "Gateway:Tenants:a:b is no setting.")]
    [InlineData("""{"Tenants":{"a\nb":"canary"}}""", "Gateway:Tenants:a?b is a section of settings.")]
    public void Json_NullOrEmpty_IsAbsentOrAFault(string gateway, string? fault)
    {
        var faults = GatewaySettings.Faults(Json(gateway).Build(), out _);

        if (fault is null)
        {
            Assert.Empty(faults);
        }
        else
        {
            Assert.StartsWith(fault, Assert.Single(faults), StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>What one file empties has what another one below it says: which of both was meant, nobody can say.</summary>
    [Theory]
    [InlineData("""{"Proxies":["10.0.0.1"]}""", """{"Proxies":[]}""", "Gateway:Proxies is empty in one place, and has entries in another.")]
    [InlineData("""{"Proxies":[]}""", """{"Proxies":["10.0.0.1"]}""", "Gateway:Proxies is empty in one place, and has entries in another.")]
    [InlineData("""{"Tenants":{"a":{"Pat":"p","Keyless":true}}}""", """{"Tenants":[]}""", "Gateway:Tenants is a section of names, each with what it stands for.")]
    [InlineData("""{"Limits":{"MaxBodyBytes":1}}""", """{"Limits":""}""", "Gateway:Limits is a section of settings.")]
    public void File_ThatEmptiesWhatAnotherSays_IsAFault(string first, string second, string fault) => Assert.Equal(
        fault, Assert.Single(GatewaySettings.Faults(Json(first).AddJsonStream(Stream($$"""{"Gateway":{{second}}}""")).Build(), out _)));

    [Fact]
    public void Faults_OfEverySetting_AreToldAtOnce() => Assert.Equal(
        ["Gateway:Limits:MaxBodyByte is no setting; did you mean MaxBodyBytes?", "Gateway:Upstream:Adress is no setting; did you mean Address?", "Gateway:Zebra is no setting."],
        Faults(("Gateway:Upstream:Adress", "http://canary"), ("Gateway:Limits:MaxBodyByte", "1"), ("Gateway:Zebra", "1")));

    private static void IsAFault(string setting, params (string Key, string? Value)[] settings)
    {
        var fault = Assert.Single(Faults(settings));
        Assert.StartsWith(setting + " is ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain(Value, fault, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Faults(params (string Key, string? Value)[] settings) => GatewaySettings.Faults(Configuration(settings), out _);

    private static IConfigurationRoot Configuration(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build();

    private static IConfigurationBuilder Json(string gateway) => new ConfigurationBuilder().AddJsonStream(Stream($$"""{"Gateway":{{gateway}}}"""));

    private static MemoryStream Stream(string json) => new(Encoding.UTF8.GetBytes(json));

    private static TheoryData<string> Paths(Func<Setting, bool> which) => [.. All.Where(which).Select(setting => setting.Path)];
}
