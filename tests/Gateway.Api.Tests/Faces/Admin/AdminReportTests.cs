using System.Text.Json.Nodes;
using Gateway.Api.Stored;
using Gateway.Api.Tests.Support;
using Gateway.Store.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Api.Tests.Faces.Admin;

/// <summary>What was used, and who did what, through the admin API, on either database.</summary>
public sealed class AdminReportTests
{
    private const string Usage = "/admin/v1/usage";
    private const string Audit = "/admin/v1/audit";
    private const string Head = "day,tenant,key,model,requests,inputs,requestBytes,responseBytes,promptTokens,completionTokens,cachedTokens\r\n";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Usage_IsWhatTheStoreCounts(bool onPostgreSql)
    {
        await using var admin = await AdminClient.StartAsync(onPostgreSql);
        await CountAsync(
            admin,
            new UsageRecord("acme", "ci", "m", new DateOnly(2030, 1, 31), new UsageAmounts(1, 2, 3, 4, 5, 6, 7)),
            new UsageRecord("acme", "ci", "=cmd(\"x\"),1", new DateOnly(2030, 2, 1), new UsageAmounts(1, 0, 0, 0, 0, 0, 0)),
            new UsageRecord("other", "", "", new DateOnly(2030, 2, 2), new UsageAmounts(9, 0, 0, 0, 0, 0, 0)));

        var all = (await admin.SendAsync("GET", $"{Usage}?from=2030-01-01&to=2030-12-31")).Json;
        var some = (await admin.SendAsync("GET", $"{Usage}?from=2030-01-01&to=2030-12-31&tenant=acme&key=ci&model=m")).Json;
        var csv = await admin.SendAsync("GET", $"{Usage}?from=2030-01-01&to=2030-02-01", null, ("Accept", "text/csv, application/json;q=0.5"));
        var json = await admin.SendAsync("GET", $"{Usage}?from=2030-01-01&to=2030-02-01", null, ("Accept", "text/csv;q=0.5, application/json"));

        Assert.Equal(("2030-01-01", "2030-12-31", 3), ((string)all["from"]!, (string)all["to"]!, all["usage"]!.AsArray().Count));
        Assert.Equal(
            """{"day":"2030-01-31","tenant":"acme","key":"ci","model":"m","requests":1,"inputs":2,"requestBytes":3,"responseBytes":4,"promptTokens":5,"completionTokens":6,"cachedTokens":7}""",
            Assert.Single(some["usage"]!.AsArray())!.ToJsonString());
        Assert.Equal("text/csv", csv.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"{Head}2030-01-31,acme,ci,m,1,2,3,4,5,6,7\r\n2030-02-01,acme,ci,\"'=cmd(\"\"x\"\"),1\",1,0,0,0,0,0,0\r\n", csv.Text);
        Assert.Equal(2, json.Json["usage"]!.AsArray().Count);
        Assert.All([csv, json], reply => Assert.Equal(["Accept"], reply.Response.Headers.Vary));
    }

    [Theory]
    [InlineData("from=canary", "from")]
    [InlineData("to=2030-1-1", "to")]
    [InlineData("from=2030-01-02&to=2030-01-01", "from")]
    [InlineData("tennant=canary", "tennant")]
    public async Task Usage_OfWhatCannotBe_IsRefused(string query, string parameter)
    {
        await using var admin = await AdminClient.StartAsync();

        var problem = (await admin.SendAsync("GET", $"{Usage}?{query}")).IsProblem(400);

        Assert.Equal(parameter, (string)Assert.Single(problem["errors"]!.AsArray())!["parameter"]!);
        Assert.DoesNotContain("canary", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Audit_SaysWhoDidWhat_TheLatestFirst_ByFingerprints(bool onPostgreSql)
    {
        await using var admin = await AdminClient.StartAsync(onPostgreSql);
        await admin.AddTenantAsync("acme", """{"Limits":{"Streams":1}}""");
        var pat = await admin.SendAsync("PUT", "/admin/v1/tenants/acme/pats/main", """{"token":"canary"}""");
        await admin.SendAsync("POST", "/admin/v1/tenants", """{"name":"other"}""");
        var id = (string)(await admin.SendAsync("GET", "/admin/v1/tenants/acme")).Json["id"]!;
        await admin.SendAsync("DELETE", "/admin/v1/tenants/acme");

        var all = (await admin.SendAsync("GET", Audit)).Json["audit"]!.AsArray();
        var first = (await admin.SendAsync("GET", $"{Audit}?limit=1")).Json;
        var rest = (await admin.SendAsync("GET", $"{Audit}?after={first["next"]}")).Json["audit"]!.AsArray();
        var ofGone = (await admin.SendAsync("GET", $"{Audit}?tenant={id}")).Json["audit"]!.AsArray();
        var ofOther = (await admin.SendAsync("GET", $"{Audit}?tenant=other")).Json["audit"]!.AsArray();

        Assert.Equal(["tenant.remove", "tenant.add", "pat.add", "key.create", "tenant.add"], ActionsOf(all));
        Assert.All(all, entry => Assert.Matches("^admin key [0-9a-f]{12}$", (string)entry!["actor"]!));
        Assert.Equal([$"pat={pat.Json["fingerprint"]}"], all[2]!["changed"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(4, rest.Count);
        Assert.Equal(4, ofGone.Count);
        Assert.Equal(["tenant.add"], ActionsOf(ofOther));
        (await admin.SendAsync("GET", $"{Audit}?tenant=acme")).IsProblem(404);
    }

    private static IEnumerable<string> ActionsOf(JsonArray audit) => audit.Select(entry => (string)entry!["action"]!);

    private static Task<UsageExchange> CountAsync(AdminClient admin, params UsageRecord[] records) =>
        admin.Gateway.Services.GetRequiredService<TenantStoreAccess>().Store!.Usage.ExchangeAsync(
            new UsageBatch(Guid.NewGuid().ToString(), 1, [.. records], [], TimeSpan.FromMinutes(1)), CancellationToken.None);
}
