using System.Data.Common;
using System.Globalization;
using Gateway.Store.Definitions;
using Gateway.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Gateway.Store.Tests;

/// <summary>A store in a database of its own, in a folder of its own, with as many processes that have it open as a test wants.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    public const string Actor = "tests";

    private readonly List<GatewayStore> _open = [];

    private TestStore(string folder) => Folder = folder;

    public string Folder { get; }

    public string Path => System.IO.Path.Combine(Folder, "gateway.db");

    public string MasterKeyFile => System.IO.Path.Combine(Folder, "gateway.key");

    public string? ConnectionString { get; private init; }

    /// <summary>PostgreSQL's name of the database.</summary>
    public string DatabaseName => ConnectionString!.Split("Database=")[1].Split(';')[0];

    public StoreConnection Connection => new() { Path = Path, ConnectionString = ConnectionString, MasterKeyFile = MasterKeyFile };

    /// <summary>The first that has it open.</summary>
    public GatewayStore Store => _open[0];

    public TenantStore Tenants => Store.Definitions.Tenants;

    public KeyStore Keys => Store.Definitions.Keys;

    public PatStore Pats => Store.Definitions.Pats;

    /// <summary>A database with nothing in it.</summary>
    public static async Task<TestStore> EmptyAsync(Database database, PostgreSqlServer? server = null)
    {
        server ??= database == Database.PostgreSql ? await PostgreSqlServer.SharedAsync() : null;
        return new TestStore(Directory.CreateTempSubdirectory("store-").FullName)
        {
            ConnectionString = server is null ? null : await server.CreateDatabaseAsync(),
        };
    }

    /// <summary>A new store that is open.</summary>
    public static async Task<TestStore> OpenAsync(Database database, PostgreSqlServer? server = null)
    {
        var store = await EmptyAsync(database, server);
        await store.OpenAnotherAsync();
        return store;
    }

    /// <summary>Opens it once more, as another process would.</summary>
    public async Task<GatewayStore> OpenAnotherAsync(StoreConnection? connection = null)
    {
        var store = await GatewayStore.OpenAsync(connection ?? Connection, TimeProvider.System, CancellationToken.None);
        lock (_open)
        {
            _open.Add(store);
        }

        return store;
    }

    /// <summary>A tenant, made for the test.</summary>
    public async Task<StoredTenant> AddTenantAsync(string name = "team", string settings = "{}") =>
        (await Tenants.AddAsync(name, settings, Actor, CancellationToken.None)).Value!;

    /// <summary>Does something to the database that no program of ours would.</summary>
    public Task ExecuteAsync(string statement) => QueryAsync(statement);

    /// <summary>The first column of what a statement answers.</summary>
    public async Task<List<string>> QueryAsync(string statement)
    {
        await using DbConnection connection = ConnectionString is null
            ? new SqliteConnection($"Data Source={Path};Pooling=False")
            : new NpgsqlConnection(ConnectionString + ";Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        List<string> values = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            values.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        }

        return values;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _open)
        {
            await store.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
