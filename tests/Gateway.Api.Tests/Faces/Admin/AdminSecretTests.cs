using System.Collections.Concurrent;
using System.Text;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Microsoft.AspNetCore.TestHost;

namespace Gateway.Api.Tests.Faces.Admin;

/// <summary>What is put in through the admin API and the command line comes out nowhere: not by logs, answers, helps, files.</summary>
public sealed class AdminSecretTests
{
    private const string OfTheApi = "canarypatofapi00";
    private const string OfTheCommand = "canarypatofcmd00";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Secrets_AreNowhere(bool onPostgreSql)
    {
        var sent = new ConcurrentBag<string?>();
        await using var upstream = await RecordingUpstream.StartAsync((GrpcServerHandler)(call =>
        {
            sent.Add(call.RequestHeaders.GetValue("authorization"));
            return Task.FromResult(new GrpcStatus(GrpcStatusCode.Internal, "broken on purpose"));
        }));
        using var everything = new EverythingLogged();
        var database = onPostgreSql ? await (await PostgreSqlServer.SharedAsync()).CreateDatabaseAsync() : null;
        await using var admin = await AdminClient.StartAsync(
            upstream: upstream.Address,
            configure: host => host.ConfigureTestServices(services => services.AddRecorder(everything)),
            settings: [.. database is null ? [] : new[] { ("Gateway:Store:ConnectionString", (string?)database) }, .. RecordedLog.Everything]);
        var seen = new StringBuilder();

        // Put in, in every way, and what must not be put in so.
        var key = await admin.AddTenantAsync("acme");
        foreach (var (method, path, body) in new[]
        {
            ("PUT", "/acme/pats/main", $$"""{"token":"{{OfTheApi}}"}"""), ("PUT", "/acme/pats/main", $$"""{"tokn":"{{OfTheApi}}"}"""),
            ("PUT", "/nobody/pats/main", $$"""{"token":"{{OfTheApi}}"}"""), ("PUT", "/acme/pats/main", $$"""{"token":"a b {{OfTheApi}}"}"""),
            ("PUT", "/acme/pats/main", $$"""{"token":"{{OfTheApi}}" """), ("PATCH", "/acme", $$$"""{"settings":{"Pat":"{{{OfTheApi}}}"}}"""),
            ("POST", "/acme/keys", $$"""{"name":"x","expires":"{{key}}"}"""), ("GET", "/acme/pats", null), ("GET", "/acme/keys", null), ("GET", "/acme", null), ("GET", "", null),
        })
        {
            seen.Append((await admin.SendAsync(method, "/admin/v1/tenants" + path, body)).Text);
        }

        var rotated = (string)(await admin.SendAsync("POST", "/admin/v1/tenants/acme/keys/default/rotate", null, ("Idempotency-Key", "i"))).Json["key"]!;
        var place = database is null ? $"--Gateway:Store:Path={admin.Folder}/gateway.db" : $"--Gateway:Store:ConnectionString={database}";
        var master = $"--Gateway:Store:MasterKeyFile={admin.Folder}/master.key";
        foreach (var command in new[] { "pat set acme --name cmd", "pat set acme a --env X", "pat set acme --name -", "pat list acme", "key list acme --json", "pat set --help", "key create --help", "--help", "audit", "tenant list --json", "usage --json" })
        {
            var ran = await GatewayCommand.RunAsync(admin.Folder, GatewayProcess.NoVariables, OfTheCommand, [.. command.Split(' '), place, master]);
            seen.Append(ran.Output).Append(ran.Error);
        }

        var ofTheCommand = (await GatewayCommand.RunAsync(admin.Folder, GatewayProcess.NoVariables, "", "key", "create", "acme", "cmd", place, master)).Lines.Single();
        await Eventually.IsAsync(async () => await admin.StatusOfAsync(rotated) is System.Net.HttpStatusCode.InternalServerError or System.Net.HttpStatusCode.BadGateway);
        seen.Append((await admin.SendAsync("GET", "/admin/v1/audit")).Text).Append((await admin.SendAsync("GET", "/admin/v1/usage")).Text);
        seen.AppendJoin('\n', everything.Lines);
        seen.Append(database is null ? "" : await (await PostgreSqlServer.SharedAsync()).DumpAsync(database.Split("Database=")[1].Split(';')[0]));
        foreach (var file in Directory.GetFiles(admin.Folder))
        {
            seen.Append(Encoding.Latin1.GetString(await ReadAsync(file)));
        }

        // They were there: it went upstream, and the audit log knows of it.
        Assert.Subset(new HashSet<string?> { null, $"Key {OfTheApi}", $"Key {OfTheCommand}" }, sent.ToHashSet());
        Assert.Contains(sent, key => key is not null); // checks of health have none
        var all = seen.ToString();
        Assert.Contains("pat.add", all, StringComparison.Ordinal);
        Assert.Contains("tenant=admin", all, StringComparison.Ordinal);
        Assert.All(
            [OfTheApi, OfTheCommand, key, rotated, ofTheCommand, AdminClient.Key],
            secret => Assert.All(
                [secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('=')[..^1]],
                form => Assert.DoesNotContain(form, all, StringComparison.Ordinal)));
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }
}
