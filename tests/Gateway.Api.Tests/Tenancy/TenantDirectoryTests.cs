using System.Security.Cryptography;
using System.Text;
using Gateway.Api.Hosting;
using Gateway.Api.Tenancy;
using Gateway.Api.Tests.Usage;
using Gateway.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>What becomes of the tenants when their configuration changes, and which configurations are refused.</summary>
public sealed class TenantDirectoryTests
{
    private const string Kitchen = "Gateway:Tenants:kitchen";

    [Fact]
    public void Reload_NewKey_ReplacesTheOldOne()
    {
        var (configuration, directory) = Start((Kitchen + ":Pat", "p"), (Kitchen + ":KeySha256", Sha256("old")));

        Change(configuration, (Kitchen + ":KeySha256", Sha256("new")));

        Assert.Null(directory.Current.Find("old"));
        Assert.Equal("kitchen", directory.Current.Find("new")?.Name);
    }

    [Fact]
    public void Reload_Broken_KeepsWhatWas()
    {
        var (configuration, directory) = Start((Kitchen + ":Pat", "p"), (Kitchen + ":KeySha256", Sha256("old")));

        Change(configuration, (Kitchen + ":KeySha256", "not a hash"));

        Assert.NotNull(directory.Current.Find("old"));
    }

    [Fact]
    public void Reload_ToNoTenant_DoesNotOpenTheGateway()
    {
        var log = new LogRecorder();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new(Kitchen + ":Pat", "p"), new(Kitchen + ":KeySha256", Sha256("old"))]);
        var directory = new TenantDirectory(Options.Create(GatewaySettings.Read(configuration)), TestUsage.NewAccounts(), TimeProvider.System);
        using var reload = Follow(configuration, directory, loggers);

        configuration.Sources.Clear(); // a change of settings, after which there is no tenant at all, not even a faulty one

        Assert.False(directory.Current.PassesKeysThrough);
        Assert.NotNull(directory.Current.Find("old"));
        Assert.Contains("Going from tenants to none takes a restart.", Assert.Single(log.Entries), StringComparison.Ordinal);
    }

    /// <summary>What replicas share goes by the token: two paces of one name would be forgotten by turns.</summary>
    [Fact]
    public void Token_OfSeveralTenants_HasOnePace_UntilItIsOneTenantsAlone()
    {
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(
        [
            new(Kitchen + ":Pat", "p"), new(Kitchen + ":Keyless", "true"),
            new("Gateway:Tenants:garden:Pat", "p"), new("Gateway:Tenants:garden:PatRequestsPerSecond", "5"), new("Gateway:Tenants:garden:KeySha256", Sha256("g")),
        ]);
        var accounts = TestUsage.NewAccounts();
        var tenants = GatewaySettings.Read(configuration).Tenants;
        using var directory = new TenantDirectory(Options.Create(GatewaySettings.Read(configuration)), accounts, TimeProvider.System);

        var (name, bucket) = accounts.Buckets.First();
        Assert.Equal([(name, bucket), (name, bucket)], accounts.Buckets);
        var slow = bucket.Rate;

        directory.Replace(tenants.Where(tenant => tenant.Key == "kitchen").ToDictionary());

        Assert.Equal([(name, bucket)], accounts.Buckets);
        Assert.Equal(3 * slow, bucket.Rate, 6);
    }

    [Fact]
    public void Reload_FromNoTenantToOne_ClosesTheGateway()
    {
        var (configuration, directory) = Start();
        Assert.True(directory.Current.PassesKeysThrough);

        Change(configuration, (Kitchen + ":Pat", "p"), (Kitchen + ":KeySha256", Sha256("new")));

        Assert.False(directory.Current.PassesKeysThrough);
    }

    [Theory]
    [InlineData("Gateway:Tenants:a:Pat is missing.", "a:KeySha256", "HASH")]
    [InlineData("Gateway:Tenants:a:Pat is missing.", "a:Pat", " \n", "a:KeySha256", "HASH")]
    [InlineData("Gateway:Tenants:a:KeySha256 is not a SHA-256 in 64 hex digits.", "a:Pat", "p", "a:KeySha256", "abc")]
    [InlineData("Gateway:Tenants:b:Keyless is true, and only one tenant may be without a key; a already is.", "a:Pat", "p", "a:Keyless", "true", "b:Pat", "p", "b:Keyless", "true")]
    [InlineData("Gateway:Tenants:a:KeySha256 is missing; the one tenant that serves requests without a key says so by Gateway:Tenants:a:Keyless, true.", "a:Pat", "p")]
    [InlineData("Gateway:Tenants:a:KeySha256 is missing; the one tenant that serves requests without a key says so by Gateway:Tenants:a:Keyless, true.", "a:Pat", "p", "a:Keyless", "false")]
    [InlineData("Gateway:Tenants:a has a KeySha256 and is Keyless: leave out the one or the other.", "a:Pat", "p", "a:KeySha256", "HASH", "a:Keyless", "true")]
    [InlineData("Gateway:Tenants:b:KeySha256 is also the key of a.", "a:Pat", "p", "a:KeySha256", "HASH", "b:Pat", "p", "b:KeySha256", "HASH")]
    [InlineData("Gateway:Tenants:a:Models:0 is an id or user/app/id, which /versions/version may follow.", "a:Pat", "p", "a:KeySha256", "HASH", "a:Models:0", "user/model")]
    [InlineData("Gateway:Tenants:a:Models:1 is empty.", "a:Pat", "p", "a:KeySha256", "HASH", "a:Models:0", "m", "a:Models:1", "")]
    [InlineData("Gateway:Tenants:a:Workflows:0 is an id or user/app/id, which /versions/version may follow.", "a:Pat", "p", "a:KeySha256", "HASH", "a:Workflows:0", " ")]
    [InlineData("Gateway:Tenants:a:Models:0 is an id or user/app/id, which /versions/version may follow.", "a:Pat", "p", "a:KeySha256", "HASH", "a:Models:0", "user/ /m")]
    [InlineData("Gateway:Tenants has a tenant without a name.", " :Pat", "p", " :KeySha256", "HASH")]
    [InlineData("Gateway:Tenants:a:Rpcs:1 is neither predict, read, write nor account, and not the name of an RPC such as PostModelVersions.",
        "a:Pat", "p", "a:KeySha256", "HASH", "a:Rpcs:0", "GetModel", "a:Rpcs:1", "Predict")]
    [InlineData("Gateway:Tenants:a:Confined needs a UserId to be confined to.", "a:Pat", "p", "a:KeySha256", "HASH", "a:Confined", "true")]
    public void Start_Unusable_SaysWhichSetting(string fault, params string[] settings)
    {
        var pairs = settings.Chunk(2).Select(pair => ("Gateway:Tenants:" + pair[0], (string?)pair[1].Replace("HASH", Sha256("k"), StringComparison.Ordinal)));

        var refused = Assert.Throws<OptionsValidationException>(() => Start([.. pairs]));

        Assert.Equal(fault, Assert.Single(refused.Failures));
    }

    /// <summary>An empty list is a list: it allows nothing.</summary>
    [Theory]
    [InlineData("[]", false)]
    [InlineData("[\"read\"]", false)]
    [InlineData("[\"predict\"]", true)]
    public void Rpcs_Empty_AllowNothing(string rpcs, bool allowed)
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes("""{"Gateway":{"Tenants":{"a":{"Pat":"p","Keyless":true,"Rpcs":RPCS}}}}""".Replace("RPCS", rpcs, StringComparison.Ordinal)));
        var configuration = new ConfigurationBuilder().AddJsonStream(json).Build();
        var directory = new TenantDirectory(Options.Create(GatewaySettings.Read(configuration)), TestUsage.NewAccounts(), TimeProvider.System);
        var rpc = new RpcRule("PostModelOutputs", RpcGroup.Predict, OwnResource.Model, RpcOwner.App);

        Assert.Equal(allowed, directory.Current.Default!.Grants[0].Rpcs.Allow(rpc));
    }

    private static (IConfigurationRoot Configuration, TenantDirectory Directory) Start(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Key, pair => pair.Value)).Build();
        var directory = new TenantDirectory(Options.Create(GatewaySettings.Read(configuration)), TestUsage.NewAccounts(), TimeProvider.System);
        Follow(configuration, directory, NullLoggerFactory.Instance);
        return (configuration, directory);
    }

    private static TenantReload Follow(IConfiguration configuration, TenantDirectory directory, ILoggerFactory loggers)
    {
        var reload = new TenantReload(configuration, directory, loggers.CreateLogger<TenantReload>());
        reload.StartAsync(CancellationToken.None);
        return reload;
    }

    private static void Change(IConfigurationRoot configuration, params (string Key, string? Value)[] settings)
    {
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        configuration.Reload();
    }

    private static string Sha256(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
