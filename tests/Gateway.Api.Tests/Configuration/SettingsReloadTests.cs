using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Configuration;

/// <summary>What becomes of tenants when their settings file changes under the running process.</summary>
public sealed class SettingsReloadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-settings").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// As kubelet mounts and updates a ConfigMap: the file is a link into <c>..data</c>, a link to a folder, and a new folder takes its place in one
    /// step. Nothing that the file's own folder could tell of happens to the file.
    /// </summary>
    [Fact]
    public async Task ConfigMap_Swapped_TakesEffectAndTheRevokedKeyStopsWorking()
    {
        WriteRevision("..2024_01", "old-key");
        Directory.CreateSymbolicLink(At("..data"), "..2024_01");
        File.CreateSymbolicLink(At("appsettings.json"), Path.Combine("..data", "appsettings.json"));
        await using var gateway = await StartAsync();
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized], await AskAsync(gateway, "old-key", "new-key"));

        WriteRevision("..2024_02", "new-key");
        await SwapDataAsync("..2024_02");
        Directory.Delete(At("..2024_01"), recursive: true);
        await gateway.LineAsync("Tenants reloaded: 1");

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK], await AskAsync(gateway, "old-key", "new-key"));
    }

    [Fact]
    public async Task File_Edited_TakesEffect()
    {
        Write("appsettings.json", Tenants("old-key"));
        await using var gateway = await StartAsync();

        Write("appsettings.json", Tenants("new-key"));
        await gateway.LineAsync("Tenants reloaded: 1");

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK], await AskAsync(gateway, "old-key", "new-key"));
    }

    [Fact]
    public async Task File_BrokenByAnEdit_IsToldInOneLineAndItsTenantsStay()
    {
        Write("appsettings.json", Tenants("file-key"));
        Write("appsettings.Production.json", "{}");
        await using var gateway = await StartAsync(("Gateway__Tenants__other__Pat", "p"), ("Gateway__Tenants__other__KeySha256", Hash("other-key")));

        Write("appsettings.json", "{\n  \"Gateway\": {\n    \"Tenants\": { \"canary\": \"canary\" }\n    \"Limits\": {}\n  }\n}");
        var told = await gateway.LineAsync("appsettings.json");
        Assert.EndsWith($"ERR The settings file {At("appsettings.json")} cannot be used: line 4, column 5 is not JSON. What it said before stays in force.", told);

        // A change elsewhere has everything read again, of this file what it said last.
        Write("appsettings.Production.json", """{"Gateway":{"Tenants":{"third":{"Pat":"p","KeySha256":"HASH"}}}}""".Replace("HASH", Hash("third-key"), StringComparison.Ordinal));
        await gateway.LineAsync("Tenants reloaded: 3");
        Assert.Equal(Enumerable.Repeat(HttpStatusCode.OK, 3), await AskAsync(gateway, "file-key", "other-key", "third-key"));

        Write("appsettings.json", Tenants("mended-key"));
        await gateway.LineAsync("Tenants reloaded: 3");
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK], await AskAsync(gateway, "file-key", "mended-key"));
        Assert.Single(gateway.Output, line => line.Contains(" ERR ", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Output, line => line.Contains("canary", StringComparison.Ordinal));
    }

    /// <summary>An edit that would not start a gateway changes none that runs: least of all to one that is open.</summary>
    [Fact]
    public async Task File_WithAFault_IsRefusedByNameAndItsTenantsStay()
    {
        Write("appsettings.json", Tenants("file-key"));
        await using var gateway = await StartAsync();
        var edits = new Dictionary<string, string>
        {
            ["Gateway:Tenants:kitchen:KeySha265 is no setting; did you mean KeySha256?"] = """{"Tenants":{"kitchen":{"Pat":"canary","KeySha265":"canary"}}}""",
            ["Gateway:Tenants:kitchen:KeySha256 is missing; the one tenant that"] = """{"Tenants":{"kitchen":{"Pat":"canary"}}}""",
            ["Gateway:Tenants:kitchen is a section of settings."] = """{"Tenants":{"kitchen":"canary"}}""",
            ["Gateway:Tenants has no tenant in it"] = """{"Tenants":{}}""",
            ["Gateway:Limits:MaxBodyBytes is a whole number of less than 64 bits."] = Tenants("other-key")[11..^2] + ""","Limits":{"MaxBodyBytes":"canary"}}""",
            ["Gateway:Upstream:Adress is no setting; did you mean Address?"] = Tenants("other-key")[11..^2] + ""","Upstream":{"Adress":"canary"}}""",
        };

        foreach (var (fault, edit) in edits)
        {
            Write("appsettings.json", $$"""{"Gateway":{{edit}}}""");
            Assert.Contains($" ERR The changed settings cannot be used; the tenants before stay in force. {fault}", await gateway.LineAsync("cannot be used"), StringComparison.Ordinal);
            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized], await AskAsync(gateway, "file-key", "other-key"));
        }

        Assert.DoesNotContain(gateway.Output, line => line.Contains("canary", StringComparison.Ordinal) || line.Contains("reloaded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_Gone_IsToldAndItsTenantsStay()
    {
        Write("appsettings.json", Tenants("file-key"));
        await using var gateway = await StartAsync(("Gateway__Tenants__other__Pat", "p"), ("Gateway__Tenants__other__KeySha256", Hash("other-key")));

        File.Delete(At("appsettings.json"));
        var told = await gateway.LineAsync("appsettings.json");

        Assert.EndsWith("cannot be used: it is gone, or cannot be read. What it said before stays in force.", told);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], await AskAsync(gateway, "file-key", "other-key"));
    }

    /// <summary>A gateway without tenants passes keys through: a file that loses its tenants must not send the gateway's keys upstream.</summary>
    [Fact]
    public async Task File_WithoutTenantsAnyMore_DoesNotOpenTheGateway()
    {
        var keys = new List<string?>();
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            keys.Add(call.Headers.GetValue("authorization"));
            return new MultiModelResponse { Status = new Status { Code = StatusCode.Success } };
        });
        Write("appsettings.json", Tenants("gateway-key"));
        await using var gateway = await StartAsync(("Gateway__Upstream__Address", upstream.Address.ToString()));

        Write("appsettings.json", "{}");
        await gateway.LineAsync("Going from tenants to none takes a restart.");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized], await AskAsync(gateway, "gateway-key", "another"));
        Assert.Equal(["Key pat"], keys);
    }

    private Task<GatewayProcess> StartAsync(params (string Name, string Value)[] variables) =>
        GatewayProcess.StartAsync(_folder, variables.ToDictionary(variable => variable.Name, variable => variable.Value), "--urls", "http://127.0.0.1:0");

    private void WriteRevision(string name, string key)
    {
        Directory.CreateDirectory(At(name));
        Write(Path.Combine(name, "appsettings.json"), Tenants(key));
    }

    // rename(2), which the platform has no call for where the target is a link to a folder.
    private async Task SwapDataAsync(string revision)
    {
        Directory.CreateSymbolicLink(At("..data_tmp"), revision);
        using var rename = Process.Start("mv", ["-T", At("..data_tmp"), At("..data")]);
        await rename.WaitForExitAsync();
        Assert.Equal(0, rename.ExitCode);
    }

    private void Write(string name, string text) => File.WriteAllText(At(name), text);

    private string At(string name) => Path.Combine(_folder, name);

    private static string Tenants(string key) => JsonSerializer.Serialize(
        new { Gateway = new { Tenants = new { kitchen = new { Pat = "pat", KeySha256 = Hash(key) } } } });

    private static async Task<IEnumerable<HttpStatusCode>> AskAsync(GatewayProcess gateway, params string[] keys)
    {
        using var client = new HttpClient { BaseAddress = gateway.Address };
        var statuses = new List<HttpStatusCode>();
        foreach (var key in keys)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v2/models") { Headers = { { "Authorization", $"Key {key}" } } };
            using var response = await client.SendAsync(request);
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }

    private static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
