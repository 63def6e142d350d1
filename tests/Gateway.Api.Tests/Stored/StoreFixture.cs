using Gateway.Api.Configuration;
using Gateway.Api.Hosting;
using Gateway.Api.Tenancy;
using Gateway.Api.Tests.Support;
using Gateway.Store;
using Gateway.Store.Definitions;
using Gateway.Testing;
using Microsoft.Extensions.Configuration;

namespace Gateway.Api.Tests.Stored;

/// <summary>A store of a test's own, as an operator has it: beside the gateways that use it.</summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    private const string Actor = "test";

    private readonly string _folder;
    private readonly string? _connectionString;

    private StoreFixture(string folder, string? connectionString)
    {
        _folder = folder;
        _connectionString = connectionString;
    }

    /// <summary>The store.</summary>
    public GatewayStore Store { get; private set; } = null!;

    /// <summary>Where the store is, in settings.</summary>
    public IEnumerable<(string Key, string? Value)> Settings =>
    [
        _connectionString is null
            ? ("Gateway:Store:Path", Path.Combine(_folder, "gateway.db"))
            : ("Gateway:Store:ConnectionString", _connectionString),
        ("Gateway:Store:MasterKeyFile", Path.Combine(_folder, "master.key")),
    ];

    /// <summary>The same, read.</summary>
    public GatewayOptions Options => GatewaySettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(Settings.ToDictionary(setting => setting.Key, setting => setting.Value))
        .Build());

    /// <summary>A store in a file.</summary>
    public static Task<StoreFixture> SqliteAsync() => CreateAsync(null);

    /// <summary>A store on the tests' PostgreSQL, or on one of the test's own.</summary>
    public static async Task<StoreFixture> PostgreSqlAsync(PostgreSqlServer? server = null) =>
        await CreateAsync(await (server ?? await PostgreSqlServer.SharedAsync()).CreateDatabaseAsync());

    /// <summary>A gateway on the store.</summary>
    public GatewayHost Start(Uri? upstream, params (string Key, string? Value)[] settings) =>
        GatewayHost.Start(upstream, [.. Settings, .. settings]);

    /// <summary>Makes a tenant with a token.</summary>
    public async Task<StoredTenant> AddTenantAsync(string name, string settings = "{}", string pat = "the-pat")
    {
        var tenant = (await Store.Definitions.Tenants.AddAsync(name, settings, Actor, CancellationToken.None)).Value!;
        await Store.Definitions.Pats.SetAsync(tenant.Id, "main", new SecretText(pat), null, Actor, CancellationToken.None);
        return tenant;
    }

    /// <summary>Makes a key of a tenant.</summary>
    public async Task<(string Key, StoredKey Stored)> AddKeyAsync(StoredTenant tenant, string name, string settings = "{}")
    {
        var key = GatewayKey.Create();
        var added = await Store.Definitions.Keys.AddAsync(tenant.Id, name, New(key, settings), Actor, CancellationToken.None);
        return (key, added.Value!);
    }

    /// <summary>Puts another key in the place of one, which works on for a while.</summary>
    public async Task<string> RotateAsync(StoredTenant tenant, StoredKey old, TimeSpan overlap)
    {
        var key = GatewayKey.Create();
        var rotated = await Store.Definitions.Keys.RotateAsync(
            tenant.Id, old.Id, null, New(key, old.Settings), TimeProvider.System.GetUtcNow() + overlap, Actor, CancellationToken.None);
        Assert.True(rotated.IsDone);
        return key;
    }

    /// <summary>Revokes a key.</summary>
    public Task RevokeAsync(StoredTenant tenant, StoredKey key) =>
        Store.Definitions.Keys.RevokeAsync(tenant.Id, key.Id, Actor, CancellationToken.None);

    /// <summary>Replaces a tenant's token.</summary>
    public Task SetPatAsync(StoredTenant tenant, string pat) =>
        Store.Definitions.Pats.SetAsync(tenant.Id, "main", new SecretText(pat), null, Actor, CancellationToken.None);

    /// <summary>Changes a tenant's settings.</summary>
    public Task ChangeAsync(StoredTenant tenant, string settings) =>
        Store.Definitions.Tenants.ChangeAsync(tenant.Id, null, null, settings, Actor, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static NewKey New(string key, string settings) => new(KeyHash.Of(key).ToString(), key[..8], settings, null);

    private static async Task<StoreFixture> CreateAsync(string? connectionString)
    {
        var fixture = new StoreFixture(Directory.CreateTempSubdirectory("store-").FullName, connectionString);
        var connection = new StoreConnection
        {
            Path = Path.Combine(fixture._folder, "gateway.db"),
            ConnectionString = connectionString,
            MasterKeyFile = Path.Combine(fixture._folder, "master.key"),
        };
        fixture.Store = await GatewayStore.OpenAsync(connection, TimeProvider.System, CancellationToken.None);
        return fixture;
    }
}
