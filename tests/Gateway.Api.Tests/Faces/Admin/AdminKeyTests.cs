using System.Net;
using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Faces.Admin;

/// <summary>Keys through the admin API: made, shown once, changed, rotated, revoked, on either database.</summary>
public sealed class AdminKeyTests
{
    private const string Tenant = "/admin/v1/tenants/acme";
    private const string Keys = $"{Tenant}/keys";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Key_FromFirstToLast(bool onPostgreSql)
    {
        await using var admin = await AdminClient.StartAsync(onPostgreSql);
        await AddTenantAsync(admin);

        var made = await admin.SendAsync("POST", Keys, """{"name":"ci","settings":{"Scopes":["read"]},"expires":"2100-01-01T00:00:00Z"}""");
        var key = (string)made.Json["key"]!;
        var shown = await admin.SendAsync("GET", $"{Keys}/ci");
        await admin.WaitForAsync(key, HttpStatusCode.OK);
        var changed = await admin.SendAsync("PATCH", $"{Keys}/ci", """{"settings":{"Scopes":["predict"]},"expires":null}""");
        await admin.WaitForAsync(key, HttpStatusCode.Forbidden);
        var revoked = await admin.SendAsync("DELETE", $"{Keys}/ci");
        await admin.WaitForAsync(key, HttpStatusCode.Unauthorized);
        var listed = await admin.SendAsync("GET", Keys);

        Assert.Equal((201, "\"1\"", $"{Keys}/ci"), (made.Status, made.Tag, made.Response.Headers.Location?.ToString()));
        Assert.Matches("^cgw_[A-Za-z0-9_-]{49}$", key);
        Assert.StartsWith((string)made.Json["prefix"]!, key, StringComparison.Ordinal);
        Assert.Equal("2100-01-01T00:00:00Z", (string)shown.Json["expires"]!);
        Assert.Equal((200, "\"2\"", null), (changed.Status, changed.Tag, (string?)changed.Json["expires"]));
        Assert.Equal(204, revoked.Status);
        Assert.NotNull(Assert.Single(listed.Json["keys"]!.AsArray())!["revoked"]);
        (await admin.SendAsync("GET", $"{Keys}/ci")).IsProblem(404);
        Assert.All([shown, changed, listed], reply => Assert.DoesNotContain(key, reply.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotate_BothWork_UntilTheOverlapEnds_AndRevokingEndsBoth(bool onPostgreSql)
    {
        await using var admin = await AdminClient.StartAsync(onPostgreSql);
        var first = await admin.AddTenantAsync("acme");

        var second = (string)(await admin.SendAsync("POST", $"{Keys}/default/rotate", """{"overlap":"1h"}""")).Json["key"]!;
        await admin.WaitForAsync(second, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await admin.StatusOfAsync(first));

        var third = (string)(await admin.SendAsync("POST", $"{Keys}/default/rotate", """{"overlap":"0s"}""")).Json["key"]!;
        await admin.WaitForAsync(second, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await admin.StatusOfAsync(third));
        Assert.Equal(HttpStatusCode.OK, await admin.StatusOfAsync(first));

        Assert.Equal(204, (await admin.SendAsync("DELETE", $"{Keys}/default")).Status);
        await admin.WaitForAsync(third, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.Unauthorized, await admin.StatusOfAsync(first));
    }

    [Fact]
    public async Task Create_UnderAnIdempotencyKey_IsAnsweredAgain_AndDoneOnce()
    {
        await using var admin = await AdminClient.StartAsync();
        await AddTenantAsync(admin);
        var once = ("Idempotency-Key", "3e2c4f2e");

        var first = await admin.SendAsync("POST", Keys, """{"name":"ci"}""", once);
        var again = await admin.SendAsync("POST", Keys, """{"name":"ci"}""", once);
        var other = await admin.SendAsync("POST", Keys, """{"name":"cd"}""", once);
        var bare = await admin.SendAsync("POST", Keys, """{"name":"ci"}""");
        var rotated = await admin.SendAsync("POST", $"{Keys}/ci/rotate", null, ("Idempotency-Key", "r"));
        var rotatedAgain = await admin.SendAsync("POST", $"{Keys}/ci/rotate", null, ("Idempotency-Key", "r"));

        Assert.Equal((201, first.Text, first.Tag), (again.Status, again.Text, again.Tag));
        Assert.Equal(first.Response.Headers.Location, again.Response.Headers.Location);
        Assert.False(first.Response.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal(["true"], again.Response.Headers.GetValues("Idempotent-Replayed"));
        other.IsProblem(422);
        bare.IsProblem(409);
        Assert.Equal((201, rotated.Text), (rotatedAgain.Status, rotatedAgain.Text));
        Assert.Equal(2, (await admin.SendAsync("GET", Keys)).Json["keys"]!.AsArray().Count);
    }

    [Fact]
    public async Task IdempotencyKey_OfWhatWasRefused_IsAsNew()
    {
        await using var admin = await AdminClient.StartAsync();
        var once = ("Idempotency-Key", "k");

        (await admin.SendAsync("POST", Keys, "{}", once)).IsProblem(404);
        await AddTenantAsync(admin);

        Assert.Equal(201, (await admin.SendAsync("POST", Keys, "{}", once)).Status);
        (await admin.SendAsync("POST", Keys, "{}", ("Idempotency-Key", new string('k', 201)))).IsProblem(400);
    }

    [Theory]
    [InlineData("POST", "", """{"name":"-"}""", "#/name")]
    [InlineData("POST", "", """{"settings":{"Scopes":["canary"]}}""", "#/settings/Scopes/0")]
    [InlineData("POST", "", """{"settings":{"Rpcs":["predict"]}}""", "#/settings/Rpcs")]
    [InlineData("POST", "", """{"expires":"canary"}""", "#/expires")]
    [InlineData("POST", "", """{"expires":"2000-01-01T00:00:00Z"}""", "#/expires")]
    [InlineData("PATCH", "/default", """{"expires":"2000-01-01T00:00:00Z"}""", "#/expires")]
    [InlineData("POST", "/default/rotate", """{"overlap":"canary"}""", "#/overlap")]
    [InlineData("POST", "/default/rotate", """{"overlap":30}""", "#/overlap")]
    public async Task Request_OfWhatCannotBe_IsRefusedByItsMember(string method, string path, string body, string place)
    {
        await using var admin = await AdminClient.StartAsync();
        await admin.AddTenantAsync("acme");

        var problem = (await admin.SendAsync(method, Keys + path, body)).IsProblem(400);

        Assert.Equal(place, (string)Assert.Single(problem["errors"]!.AsArray())!["pointer"]!);
        Assert.DoesNotContain("canary", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_MeantForAnotherVersion_IsNotMade()
    {
        await using var admin = await AdminClient.StartAsync();
        await admin.AddTenantAsync("acme");
        await admin.SendAsync("PATCH", $"{Keys}/default", """{"settings":{"Scopes":["read"]}}""", ("If-Match", "\"1\""));

        (await admin.SendAsync("PATCH", $"{Keys}/default", "{}", ("If-Match", "\"1\""))).IsProblem(412);
        (await admin.SendAsync("POST", $"{Keys}/default/rotate", null, ("If-Match", "\"1\""))).IsProblem(412);
        (await admin.SendAsync("DELETE", $"{Keys}/default", null, ("If-Match", "\"1\""))).IsProblem(412);
        Assert.Equal(204, (await admin.SendAsync("DELETE", $"{Keys}/default", null, ("If-Match", "\"2\""))).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pat_FromFirstToLast(bool onPostgreSql)
    {
        await using var admin = await AdminClient.StartAsync(onPostgreSql);
        await AddTenantAsync(admin);

        var set = await admin.SendAsync("PUT", $"{Tenant}/pats/main", """{"token":" canary-pat\n","requestsPerSecond":7}""");
        var again = await admin.SendAsync("PUT", $"{Tenant}/pats/main", """{"token":"canary-pat","requestsPerSecond":7}""");
        var replaced = await admin.SendAsync("PUT", $"{Tenant}/pats/main", """{"token":"canary-pat-2"}""");
        var listed = await admin.SendAsync("GET", $"{Tenant}/pats");
        var shown = await admin.SendAsync("GET", $"{Tenant}/pats/main");
        var meant = await admin.SendAsync("DELETE", $"{Tenant}/pats/main", null, ("If-Match", "\"1\""));
        var removed = await admin.SendAsync("DELETE", $"{Tenant}/pats/main");

        Assert.Equal((201, 7, 200, 200, 204), (set.Status, (int)set.Json["requestsPerSecond"]!, again.Status, replaced.Status, removed.Status));
        Assert.Equal(set.Text, again.Text);
        Assert.Matches("^[0-9a-f]{12}$", (string)set.Json["fingerprint"]!);
        Assert.NotEqual((string)set.Json["fingerprint"]!, (string)replaced.Json["fingerprint"]!);
        Assert.Equal(shown.Json.ToJsonString(), Assert.Single(listed.Json["pats"]!.AsArray())!.ToJsonString());
        meant.IsProblem(412);
        (await admin.SendAsync("GET", $"{Tenant}/pats/main")).IsProblem(404);
        Assert.All([set, again, replaced, listed, shown], reply => Assert.DoesNotContain("canary", reply.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("main", """{}""", "#/token")]
    [InlineData("main", """{"token":""}""", "#/token")]
    [InlineData("main", """{"token":"can ary"}""", "#/token")]
    [InlineData("main", """{"token":"cgw_canary"}""", "#/token")]
    [InlineData("main", """{"token":"canary","requestsPerSecond":0}""", "#/requestsPerSecond")]
    [InlineData("a%20b", """{"token":"canary"}""", "#/name")]
    public async Task Pat_ThatCannotBe_IsRefusedByItsMember(string name, string body, string place)
    {
        await using var admin = await AdminClient.StartAsync();
        await AddTenantAsync(admin);

        var problem = (await admin.SendAsync("PUT", $"{Tenant}/pats/{name}", body)).IsProblem(400);

        Assert.Equal(place, (string)Assert.Single(problem["errors"]!.AsArray())!["pointer"]!);
        Assert.DoesNotContain("canary", problem.ToJsonString(), StringComparison.Ordinal);
    }

    private static async Task<JsonNode> AddTenantAsync(AdminClient admin) =>
        (await admin.SendAsync("POST", "/admin/v1/tenants", """{"name":"acme"}""")).Json;
}
