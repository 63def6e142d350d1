using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Store;
using Gateway.Store.Definitions;
using Gateway.Testing;
using Microsoft.AspNetCore.TestHost;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Stored;

/// <summary>Tenants of the store: who they are, and how soon a gateway that runs knows of a change.</summary>
public sealed class StoredTenantTests : IAsyncLifetime
{
    private const string Outputs = "/v2/models/m/outputs";

    private readonly ConcurrentQueue<string?> _credentials = new();
    private RecordingUpstream? _upstream;

    public static TheoryData<string> Databases => ["SQLite", "PostgreSQL"];

    public async Task InitializeAsync() => _upstream = await RecordingUpstream.StartAsync(call =>
    {
        _credentials.Enqueue(call.Headers.GetValue("authorization"));
        return new MultiOutputResponse { Status = new Status { Code = StatusCode.Success, ReqId = "upstream" } };
    });

    public async Task DisposeAsync() => await _upstream!.DisposeAsync();

    [Theory]
    [MemberData(nameof(Databases))]
    [ProvesSetting("Gateway:Store:Path")]
    [ProvesSetting("Gateway:Store:ConnectionString")]
    [ProvesSetting("Gateway:Store:MasterKeyFile")]
    public async Task Tenant_OfTheStore_IsServedWithItsToken(string database)
    {
        await using var fixture = await StoreAsync(database);
        var tenant = await fixture.AddTenantAsync("kitchen", pat: "kitchens-pat");
        var (key, _) = await fixture.AddKeyAsync(tenant, "ci", """{"Scopes":["predict"]}""");
        await using var gateway = fixture.Start(_upstream!.Address);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, key));
        Assert.Equal("Key kitchens-pat", Assert.Single(_credentials));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(gateway, key, "/v2/models", "GET"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(gateway, "somebody's own key"));
    }

    [Fact]
    public async Task Tenant_ThatTheConfigurationHasToo_IsToldOf()
    {
        await using var fixture = await StoreFixture.SqliteAsync();
        await fixture.AddTenantAsync("kitchen");
        await fixture.AddTenantAsync("garden");
        var log = new LogRecorder();

        await using var gateway = GatewayHost.Start(
            _upstream!.Address,
            host => host.ConfigureTestServices(services => services.AddRecorder(log)),
            [.. fixture.Settings, ("Gateway:Tenants:kitchen:Pat", "p"), ("Gateway:Tenants:kitchen:Keyless", "true")]);

        Assert.Contains(
            "Tenant kitchen is in the configuration and in the store: the configuration's counts,",
            Assert.Single(log.Entries, entry => entry.Contains("StoredTenants", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Change_WhileTheGatewayRuns_CountsSoon(string database)
    {
        await using var fixture = await StoreAsync(database);
        await using var gateway = fixture.Start(_upstream!.Address);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(gateway, "nobody's"));

        var tenant = await fixture.AddTenantAsync("kitchen");
        var (key, stored) = await fixture.AddKeyAsync(tenant, "ci");
        await EventuallyAsync(gateway, key, HttpStatusCode.OK);

        await fixture.ChangeAsync(tenant, """{"Rpcs":["read"]}""");
        await EventuallyAsync(gateway, key, HttpStatusCode.Forbidden);

        await fixture.RevokeAsync(tenant, stored);
        await EventuallyAsync(gateway, key, HttpStatusCode.Unauthorized);
    }

    /// <summary>No request fails while a key and a token are replaced, and none is made with the old token for long.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Rotation_UnderLoad_FailsNoRequest(string database)
    {
        await using var fixture = await StoreAsync(database);
        var tenant = await fixture.AddTenantAsync("kitchen", """{"PatRequestsPerSecond":100000}""", "old-pat");
        var (key, stored) = await fixture.AddKeyAsync(tenant, "ci");
        await using var gateway = fixture.Start(_upstream!.Address);
        using var stop = new CancellationTokenSource();
        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();
        var current = key;
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                statuses.AddOrUpdate(await SendAsync(gateway, Volatile.Read(ref current)), 1, (_, count) => count + 1);
            }
        })).ToArray();

        await fixture.SetPatAsync(tenant, "new-pat");
        var replacement = await fixture.RotateAsync(tenant, stored, TimeSpan.FromHours(1));
        await EventuallyAsync(gateway, replacement, HttpStatusCode.OK);
        Volatile.Write(ref current, replacement);
        await Eventually.IsAsync(() => _credentials.LastOrDefault() == "Key new-pat");
        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, key)); // the old one overlaps
        await stop.CancelAsync();
        await Task.WhenAll(load);

        Assert.Equal([HttpStatusCode.OK], statuses.Keys);
    }

    /// <summary>A store without tenants, as after a first start, is no reason to send anybody's key upstream.</summary>
    [Fact]
    public async Task Store_WithoutTenants_LetsNobodyThrough()
    {
        await using var fixture = await StoreFixture.SqliteAsync();
        await using var gateway = fixture.Start(_upstream!.Address);

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(gateway, "my-own"));
        Assert.Empty(_credentials);
    }

    [Fact]
    public async Task Tenants_OfConfigurationAndStore_AreBothServed_AndTheConfigurationsWin()
    {
        await using var fixture = await StoreFixture.SqliteAsync();
        var both = await fixture.AddTenantAsync("both", pat: "stores");
        var (shadowed, _) = await fixture.AddKeyAsync(both, "ci");
        var (key, _) = await fixture.AddKeyAsync(await fixture.AddTenantAsync("stored", pat: "stored"), "ci");
        await using var gateway = fixture.Start(
            _upstream!.Address,
            ("Gateway:Tenants:both:KeySha256", Tenancy.ChangingTenant.Hash("configured-key")),
            ("Gateway:Tenants:both:Pat", "configured"));

        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, key));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, "configured-key"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(gateway, shadowed));
        Assert.Equal(["Key stored", "Key configured"], _credentials);
    }

    /// <summary>Settings that this program does not know may be those that keep somebody out.</summary>
    [Fact]
    public async Task Tenant_WithSettingsThatCannotBeRead_IsLeftOut()
    {
        await using var fixture = await StoreFixture.SqliteAsync();
        var (key, _) = await fixture.AddKeyAsync(await fixture.AddTenantAsync("kitchen", """{"AllowedHours":"9-17"}"""), "ci");
        var (other, _) = await fixture.AddKeyAsync(await fixture.AddTenantAsync("other"), "ci");
        await using var gateway = fixture.Start(_upstream!.Address);

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(gateway, key));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, other));
    }

    [Theory]
    [InlineData("serve", HttpStatusCode.OK)]
    [InlineData("refuse", HttpStatusCode.ServiceUnavailable)]
    [ProvesSetting("Gateway:Store:WhenDown")]
    public async Task StoreThatIsDown_ServesOrRefusesItsTenants_AndIsFollowedAgain(string whenDown, HttpStatusCode status)
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var fixture = await StoreFixture.PostgreSqlAsync(server);
        var tenant = await fixture.AddTenantAsync("kitchen");
        var (key, stored) = await fixture.AddKeyAsync(tenant, "ci");
        await using var gateway = fixture.Start(_upstream!.Address, ("Gateway:Store:WhenDown", whenDown));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, key));

        await server.StopAsync();
        await EventuallyAsync(gateway, "nobody's", HttpStatusCode.ServiceUnavailable); // it may be somebody's
        Assert.Equal(status, await SendAsync(gateway, key));

        await server.RestartAsync();
        await EventuallyAsync(gateway, "nobody's", HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, key));
        await Eventually.IsAsync(() => TryRevokeAsync(fixture, tenant, stored));
        await EventuallyAsync(gateway, key, HttpStatusCode.Unauthorized);
    }

    // The first connection of a pool may be one that the server's end broke.
    private static async Task<bool> TryRevokeAsync(StoreFixture fixture, StoredTenant tenant, StoredKey key)
    {
        try
        {
            await fixture.RevokeAsync(tenant, key);
            return true;
        }
        catch (StoreException)
        {
            return false;
        }
    }

    private static Task<StoreFixture> StoreAsync(string database) =>
        database == "SQLite" ? StoreFixture.SqliteAsync() : StoreFixture.PostgreSqlAsync();

    private static Task EventuallyAsync(GatewayHost gateway, string key, HttpStatusCode status) =>
        Eventually.IsAsync(async () => await SendAsync(gateway, key) == status);

    private static async Task<HttpStatusCode> SendAsync(GatewayHost gateway, string key, string path = Outputs, string method = "POST")
    {
        using var client = gateway.CreateClientWithKey(key);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = method == "GET" ? null : new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
