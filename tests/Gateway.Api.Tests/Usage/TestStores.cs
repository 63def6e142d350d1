using Gateway.Store;
using Gateway.Testing;

namespace Gateway.Api.Tests.Usage;

/// <summary>A store of a test's own, in the one database or the other.</summary>
internal sealed class TestStores : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("usage-").FullName;
    private readonly List<GatewayStore> _open = [];
    private readonly string? _connectionString;

    private TestStores(string? connectionString) => _connectionString = connectionString;

    /// <summary>The settings of a gateway that uses it.</summary>
    public string[] Settings =>
    [
        .. _connectionString is null ? ["--Gateway:Store:Path", DatabaseFile] : (string[])["--Gateway:Store:ConnectionString", _connectionString],
        "--Gateway:Store:MasterKeyFile", KeyFile,
    ];

    private string DatabaseFile => Path.Combine(_folder, "gateway.db");

    private string KeyFile => Path.Combine(_folder, "gateway.key");

    /// <summary>Makes one.</summary>
    /// <param name="isPostgreSql">In PostgreSQL, else in a file of SQLite.</param>
    /// <param name="server">The server; null for the one of all tests.</param>
    public static async Task<TestStores> CreateAsync(bool isPostgreSql, PostgreSqlServer? server = null) =>
        new(isPostgreSql ? await (server ?? await PostgreSqlServer.SharedAsync()).CreateDatabaseAsync() : null);

    /// <summary>Opens it, as one more process would.</summary>
    public async Task<GatewayStore> OpenAsync()
    {
        var connection = new StoreConnection { Path = DatabaseFile, ConnectionString = _connectionString, MasterKeyFile = KeyFile };
        var store = await GatewayStore.OpenAsync(connection, TimeProvider.System, CancellationToken.None);
        _open.Add(store);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _open)
        {
            await store.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
