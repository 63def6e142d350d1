using System.Diagnostics;
using System.Globalization;

namespace Gateway.Testing;

/// <summary>
/// A PostgreSQL of the tests' own: a new cluster in a temporary folder, reached by a socket there, that ends with the process that started it. As
/// root it runs as the user <c>postgres</c>, since it refuses to be root.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Password = "not-a-secret";
    private const string Keep = "keep";

    // The server is stopped when the pipe to this shell ends: with the tests, however they end. Its data go with it, unless told otherwise.
    private const string Script = """
        set -e
        initdb=$(command -v initdb || ls /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)
        bin=$(dirname "$(readlink -f "$initdb")")
        [ -d data ] || "$bin/initdb" -D data -U gateway -A scram-sha-256 --pwfile=password --no-sync -E UTF8 --locale=C >log 2>&1
        "$bin/postgres" -D data -k "$PWD" -c listen_addresses= -c log_line_prefix="%d " -c fsync=off -c max_connections=300 >>log 2>&1 &
        server=$!
        until "$bin/pg_isready" -q -h "$PWD"; do kill -0 $server; sleep 0.05; done
        echo ready
        read -r end || true
        kill -QUIT $server || true
        wait $server || true
        [ "$end" = keep ] || rm -rf "$PWD"
        """;

    private static readonly Lazy<Task<PostgreSqlServer>> SharedServer = new(StartAsync);

    private readonly string _folder;
    private Process? _process;
    private int _databases;

    private PostgreSqlServer(string folder) => _folder = folder;

    /// <summary>One for all tests of a process, which nobody stops.</summary>
    public static Task<PostgreSqlServer> SharedAsync() => SharedServer.Value;

    /// <summary>Starts a server for a test that stops it.</summary>
    public static async Task<PostgreSqlServer> StartAsync()
    {
        var server = new PostgreSqlServer(Directory.CreateTempSubdirectory("pg-").FullName);
        await File.WriteAllTextAsync(Path.Combine(server._folder, "password"), Password);
        if (Environment.IsPrivilegedProcess)
        {
            await ToolRun.RunAsync("/", "chown", "-R", "postgres", server._folder);
        }

        await server.RestartAsync();
        return server;
    }

    /// <summary>How a database of the server is connected to.</summary>
    public string ConnectionString(string database) =>
        $"Host={_folder};Username=gateway;Password={Password};Database={database};Include Error Detail=false";

    /// <summary>Makes an empty database.</summary>
    /// <returns>How it is connected to.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"store{Interlocked.Increment(ref _databases)}");
        await PsqlAsync("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Runs a statement by psql.</summary>
    /// <returns>The values, a line for each row.</returns>
    public Task<string> PsqlAsync(string database, string statement) =>
        RunAsync("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", Uri(database), "-c", statement);

    /// <summary>All of a database as pg_dump writes it.</summary>
    public Task<string> DumpAsync(string database) => RunAsync("pg_dump", "-d", Uri(database));

    /// <summary>What the server has told so far; each line begins with the database that it is about.</summary>
    public Task<string> ReadLogAsync() => File.ReadAllTextAsync(Path.Combine(_folder, "log"));

    /// <summary>Ends the server at once, as a crash would; its data stay.</summary>
    public async Task StopAsync()
    {
        await _process!.StandardInput.WriteLineAsync(Keep);
        await EndAsync();
    }

    /// <summary>Starts a server that was stopped, with its data.</summary>
    public async Task RestartAsync()
    {
        string[] user = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : ["env"];
        _process = Process.Start(new ProcessStartInfo(user[0], [.. user[1..], "bash", "-c", Script])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        if (await _process.StandardOutput.ReadLineAsync() != "ready")
        {
            throw new InvalidOperationException($"PostgreSQL did not start:\n{await ReadLogAsync()}");
        }
    }

    /// <summary>Ends the server, and removes its data.</summary>
    public async ValueTask DisposeAsync() => await EndAsync();

    private async Task EndAsync()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    private string Uri(string database) => $"host={_folder} user=gateway password={Password} dbname={database}";

    private static Task<string> RunAsync(string program, params string[] arguments) => ToolRun.RunAsync("/", program, arguments);
}
