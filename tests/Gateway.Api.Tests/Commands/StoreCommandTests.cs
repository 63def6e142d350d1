using System.Net;
using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Commands;

/// <summary>The commands that work on the store: each a process, in a folder of its own, on either database.</summary>
public sealed class StoreCommandTests : IDisposable
{
    private static readonly string Samples = Path.Combine(Repository.Root, "samples");

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-store").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The README's own lines, as they stand there.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Readme_FromAnEmptyFolder_MakesATenantAndPredicts(bool onPostgreSql)
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder, "samples"), Samples);
        var commands = await ToolRun.RunAsync(Repository.Root, "bash", "tests/readme-block", "1", "Tenants");
        var program = Path.Combine(AppContext.BaseDirectory, "Gateway.Api.dll");
        var shell = GatewayCommand.Start("bash", "-euc", $"gateway() {{ dotnet '{program}' \"$@\"; }}; export -f gateway; {commands}");
        shell.WorkingDirectory = _folder;
        foreach (var (name, value) in await PlaceAsync(onPostgreSql))
        {
            shell.Environment[name] = value;
        }

        var ran = await GatewayCommand.RunAsync(shell);

        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("\njpeg\t100.0%\n", ran.Output, StringComparison.Ordinal);
        Assert.Equal(!onPostgreSql, File.Exists(Path.Combine(_folder, "gateway.db")));
        Assert.Equal(onPostgreSql, File.Exists(Path.Combine(_folder, "gateway.key")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gateway_ThatRuns_SeesWhatCommandsChange(bool onPostgreSql)
    {
        var place = await PlaceAsync(onPostgreSql);
        await RunAsync(place, "tenant", "add", "first");
        await using var gateway = await GatewayProcess.StartAsync(_folder, place, "--urls", "http://127.0.0.1:0");

        await RunAsync(place, "tenant", "add", "acme", "--rpc", "read");
        var key = (await RunAsync(place, "key", "create", "acme")).Lines.Single();
        await GetsAsync(gateway, key, HttpStatusCode.OK);
        var other = (await RunAsync(place, "key", "rotate", "acme", "--overlap", "1h")).Lines.Single();
        await GetsAsync(gateway, other, HttpStatusCode.OK);
        await GetsAsync(gateway, key, HttpStatusCode.OK);
        await RunAsync(place, "tenant", "set", "acme", "--rpc", "predict");
        await GetsAsync(gateway, other, HttpStatusCode.Forbidden);
        await RunAsync(place, "key", "revoke", "acme", "default");
        await GetsAsync(gateway, key, HttpStatusCode.Unauthorized);
        await GetsAsync(gateway, other, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Settings_AreSetByNames_AndShown()
    {
        await RunAsync("tenant", "add", "acme", "--user-id", "u", "--app-id", "a", "--model", "m", "--model", "n", "--workflow", "w", "--rpc", "predict");

        var set = await RunAsync("tenant", "set", "acme", "--set", "limits:requestspersecond=10", "--set", "Models=", "--set", "Workflows=[]", "--set", "Rpcs=predict, read", "--set", "Batching=false");
        var shown = await RunAsync("tenant", "show", "acme");
        var json = await RunAsync("tenant", "show", "acme", "--json");
        var listed = await RunAsync("tenant", "list");

        Assert.Equal(["AppId\ta", "Batching\tfalse", "Limits:RequestsPerSecond\t10", "Rpcs\tpredict,read", "UserId\tu", "Workflows\t[]"], set.Lines.Order());
        Assert.Equal(set.Output, shown.Output);
        Assert.Equal("""{"RequestsPerSecond":10}""", JsonNode.Parse(json.Output)!["settings"]!["Limits"]!.ToJsonString());
        Assert.StartsWith("acme\t20", listed.Lines.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_AreListed_ByTheirBeginning()
    {
        await RunAsync("tenant", "add", "acme");
        var made = JsonNode.Parse((await RunAsync("key", "create", "acme", "ci", "--scope", "read", "--expires", "2100-01-01T00:00:00Z", "--json")).Output)!;
        await RunAsync("key", "set", "acme", "ci", "--scope", "predict", "--expires", "never");
        await RunAsync("key", "rotate", "acme", "ci");
        await RunAsync("key", "create", "acme", "gone", "--expires", "1d");
        await RunAsync("key", "revoke", "acme", "gone");

        var listed = await RunAsync("key", "list", "acme");

        var key = (string)made["key"]!;
        Assert.Equal(("2100-01-01T00:00:00Z", "ci"), ((string)made["expires"]!, (string)made["name"]!));
        Assert.Equal(["replaced", "works", "revoked"], listed.Lines.Select(line => line.Split('\t')[2]));
        Assert.Equal(["ci", key[..8]], listed.Lines[0].Split('\t')[..2]);
        Assert.Equal("Scopes=predict", listed.Lines[1].Split('\t')[5]);
        Assert.DoesNotContain(key, listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pats_ComeFromStandardInput_AFile_OrAVariable()
    {
        await RunAsync("tenant", "add", "acme");
        await File.WriteAllTextAsync(Path.Combine(_folder, "token"), "of-the-file\n");
        var variables = new Dictionary<string, string> { ["TOKEN"] = "of-the-variable" };

        var typed = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "of-standard-input\r\n", "pat", "set", "acme");
        var file = await RunAsync("pat", "set", "acme", "--name", "file", "--file", "token", "--requests-per-second", "9");
        var variable = await RunAsync(variables, "pat", "set", "acme", "--name", "variable", "--env", "TOKEN");
        var listed = await RunAsync("pat", "list", "acme");
        await RunAsync("pat", "remove", "acme", "--name", "file");
        var left = JsonNode.Parse((await RunAsync("pat", "list", "acme", "--json")).Output)!["pats"]!.AsArray();

        Assert.Equal((0, ""), (typed.ExitCode, typed.Error));
        Assert.Equal(["default", "file", "variable"], listed.Lines.Select(line => line.Split('\t')[0]));
        Assert.Equal("9", listed.Lines[1].Split('\t')[2]);
        Assert.Equal(3, listed.Lines.Select(line => line.Split('\t')[1]).Distinct().Count());
        Assert.Equal(["default", "variable"], left.Select(pat => (string)pat!["name"]!));
        Assert.All([typed, file, variable, listed], output => Assert.DoesNotContain("of-", output.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Usage_AndAudit_AreLines_CsvOrJson()
    {
        await RunAsync("tenant", "add", "acme");

        var usage = await RunAsync("usage");
        var csv = await RunAsync("usage", "--csv", "--from", "2030-01-01", "--to", "2030-01-31");
        var json = JsonNode.Parse((await RunAsync("usage", "--json", "--from", "2030-01-01", "--to", "2030-01-31")).Output)!;
        var audit = await RunAsync("audit", "--tenant", "acme", "--limit", "1");

        Assert.Equal("", usage.Output);
        Assert.Equal("day,tenant,key,model,requests,inputs,requestBytes,responseBytes,promptTokens,completionTokens,cachedTokens\r\n", csv.Output);
        Assert.Equal(("2030-01-01", "2030-01-31", 0), ((string)json["from"]!, (string)json["to"]!, json["usage"]!.AsArray().Count));
        Assert.Matches($"^20[^\t]+Z\tcommand line of {Environment.UserName}\ttenant.add\tacme\t\t\n$", audit.Output);
    }

    [Theory]
    [InlineData("There is no store yet, where Gateway:Store says: gateway tenant add NAME makes it, with a first tenant in it.", 1, "tenant", "list", "--Gateway:Store:Path=other.db")]
    [InlineData("The store has no tenant nope.", 1, "key", "create", "nope")]
    [InlineData("There is a tenant acme with other settings.", 1, "tenant", "add", "acme", "--user-id", "x")]
    [InlineData("The name of a tenant has up to 100 letters, digits, dots, underscores and hyphens, and begins with a letter or a digit.", 2, "tenant", "add", "a b")]
    [InlineData("Limits:RequestPerSecond is no setting; did you mean RequestsPerSecond?", 2, "tenant", "set", "acme", "--set", "Limits:RequestPerSecond=1")]
    [InlineData("Pat is no setting.", 2, "tenant", "set", "acme", "--set", "Pat=canary")]
    [InlineData("Nothing is to be set: say so by --set NAME=VALUE, or by another option.", 2, "tenant", "set", "acme")]
    [InlineData("Tenant acme has a key default, which was shown when it was made: rotate it for another one, or revoke it.", 1, "key", "create", "acme")]
    [InlineData("expires is a time that is over: the key would not work.", 2, "key", "create", "acme", "old", "--expires", "2000-01-01T00:00:00Z")]
    [InlineData("Tenant acme has no token default.", 1, "pat", "remove", "acme")]
    [InlineData("The variable that --env names is empty, or not there.", 1, "pat", "set", "acme", "--env", "NOWHERE")]
    [InlineData("Standard input is empty.", 1, "pat", "set", "acme")]
    [InlineData("from is a day, as in 2030-01-31.", 2, "usage", "--from", "canary")]
    [InlineData("Gateway:LogFormat is 'text' or 'json'.", 1, "tenant", "list", "--Gateway:LogFormat=canary")]
    public async Task Failure_IsOneSentence(string sentence, int exitCode, params string[] command)
    {
        await RunAsync("tenant", "add", "acme");
        await RunAsync("key", "create", "acme");

        var failed = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", command);

        Assert.Equal((exitCode, "", sentence), (failed.ExitCode, failed.Output, failed.Error.TrimEnd('\n')));
        Assert.False(File.Exists(Path.Combine(_folder, "other.db")));
    }

    [Fact]
    public async Task Predict_WithAStoreAndNoKey_SaysWhichIsMissing()
    {
        await RunAsync("tenant", "add", "acme");

        var refused = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", "predict", "text-sentiment", "good");

        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.StartsWith("401: API key not found", refused.Error, StringComparison.Ordinal);
    }

    private Task<GatewayCommand.Result> RunAsync(params string[] command) => RunAsync(GatewayProcess.NoVariables, command);

    private async Task<GatewayCommand.Result> RunAsync(IReadOnlyDictionary<string, string> variables, params string[] command)
    {
        var result = await GatewayCommand.RunAsync(_folder, variables, "", command);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', command)}: {result.Error}");
        return result;
    }

    private static async Task<IReadOnlyDictionary<string, string>> PlaceAsync(bool onPostgreSql) => onPostgreSql
        ? new Dictionary<string, string> { ["Gateway__Store__ConnectionString"] = await (await PostgreSqlServer.SharedAsync()).CreateDatabaseAsync() }
        : GatewayProcess.NoVariables;

    private static Task GetsAsync(GatewayProcess gateway, string key, HttpStatusCode status) => Eventually.IsAsync(async () =>
    {
        using var client = new HttpClient { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Key {key}");
        using var answer = await client.GetAsync("/v2/models");
        return answer.StatusCode == status;
    });
}
