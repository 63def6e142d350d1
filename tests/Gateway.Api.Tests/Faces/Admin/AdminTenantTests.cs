using System.Net;
using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Faces.Admin;

/// <summary>Tenants through the admin API: made, shown, changed, removed, on either database.</summary>
public sealed class AdminTenantTests
{
    private const string Tenants = "/admin/v1/tenants";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tenant_FromFirstToLast(bool onPostgreSql)
    {
        await using var admin = await AdminClient.StartAsync(onPostgreSql);

        var added = await admin.SendAsync("POST", Tenants, """{"name":"acme","settings":{"userid":"acme-inc","Limits":{"requestspersecond":"10"},"Models":[]}}""");
        var shown = await admin.SendAsync("GET", $"{Tenants}/acme");
        var listed = await admin.SendAsync("GET", Tenants);
        var changed = await admin.SendAsync("PATCH", $"{Tenants}/acme", """{"settings":{"limits":{"RequestsPerSecond":null,"Streams":3},"Rpcs":["predict"],"Models":null}}""");
        var removed = await admin.SendAsync("DELETE", $"{Tenants}/acme");
        var gone = await admin.SendAsync("GET", $"{Tenants}/acme");

        Assert.Equal((201, "\"1\"", $"{Tenants}/acme"), (added.Status, added.Tag, added.Response.Headers.Location?.ToString()));
        Assert.Equal("""{"UserId":"acme-inc","Models":[],"Limits":{"RequestsPerSecond":10}}""", Canonical(added.Json["settings"]!, "UserId", "Models", "Limits"));
        Assert.Equal((200, added.Text), (shown.Status, shown.Text));
        Assert.Equal(["acme"], listed.Json["tenants"]!.AsArray().Select(tenant => (string)tenant!["name"]!));
        Assert.Equal((200, "\"2\""), (changed.Status, changed.Tag));
        Assert.Equal("""{"UserId":"acme-inc","Rpcs":["predict"],"Limits":{"Streams":3}}""", Canonical(changed.Json["settings"]!, "UserId", "Rpcs", "Limits"));
        Assert.Equal((204, ""), (removed.Status, removed.Text));
        gone.IsProblem(404);
        Assert.All([added, shown, listed, changed, removed, gone], reply => Assert.Equal("no-store", reply.Response.Headers.CacheControl?.ToString()));
    }

    [Fact]
    public async Task Add_ByANameThatIsThere_IsAsItIs_OrRefused()
    {
        await using var admin = await AdminClient.StartAsync(settings: [("Gateway:Tenants:file:KeySha256", new string('0', 64)), ("Gateway:Tenants:file:Pat", "p")]);
        var first = await admin.SendAsync("POST", Tenants, """{"name":"acme","settings":{"Limits":{"Streams":2}}}""");

        var same = await admin.SendAsync("POST", Tenants, """{"name":"acme","settings":{"limits:streams":"2","Budgets":{}}}""");
        var other = await admin.SendAsync("POST", Tenants, """{"name":"acme"}""");
        var configured = await admin.SendAsync("POST", Tenants, """{"name":"file"}""");

        Assert.Equal((200, first.Text), (same.Status, same.Text));
        Assert.Null(same.Response.Headers.Location);
        Assert.Equal("urn:problem-type:gateway:name-taken", (string)other.IsProblem(409)["type"]!);
        Assert.Equal("file is a tenant of the configuration.", (string)configured.IsProblem(409)["detail"]!);
    }

    [Theory]
    [InlineData("""{"name":"a b"}""", "#/name", "The name of a tenant has")]
    [InlineData("""{"name":7}""", "#/name", "name is a text.")]
    [InlineData("""{}""", "#/name", "name is missing.")]
    [InlineData("""{"name":"a","setings":{}}""", "#/setings", "setings is not known here; did you mean settings?")]
    [InlineData("""{"name":"a","settings":[]}""", "#/settings", "settings is an object.")]
    [InlineData("""{"name":"a","settings":{"Pat":"canary"}}""", "#/settings/Pat", "Pat is no setting")]
    [InlineData("""{"name":"a","settings":{"Pats":{"x":{"Pat":"canary"}}}}""", "#/settings/Pats", "Pats is no setting")]
    [InlineData("""{"name":"a","settings":{"KeySha256":"canary"}}""", "#/settings/KeySha256", "KeySha256 is no setting")]
    [InlineData("""{"name":"a","settings":{"Keys":{"x":{}}}}""", "#/settings/Keys", "Keys is no setting")]
    [InlineData("""{"name":"a","settings":{"Keyless":true}}""", "#/settings/Keyless", "Keyless is no setting")]
    [InlineData("""{"name":"a","settings":{"Limits":{"RequestPerSecond":1}}}""", "#/settings/Limits/RequestPerSecond", "Limits:RequestPerSecond is no setting; did you mean RequestsPerSecond?")]
    [InlineData("""{"name":"a","settings":{"Limits":{"RequestsPerSecond":"canary"}}}""", "#/settings/Limits/RequestsPerSecond", "Limits:RequestsPerSecond is a whole number")]
    [InlineData("""{"name":"a","settings":{"Limits":{"Streams":0}}}""", "#/settings/Limits/Streams", "Limits:Streams is greater than zero.")]
    [InlineData("""{"name":"a","settings":{"Rpcs":["canary"]}}""", "#/settings/Rpcs/0", "Rpcs:0 is neither predict")]
    [InlineData("""{"name":"a","settings":{"UserId":"canary","userid":"canary"}}""", "#/settings/userid", "userid is there twice.")]
    [InlineData("""{"name":"a","settings":{"Limits:Streams":3,"Limits":{"Streams":4}}}""", "#/settings/Limits/Streams", "Limits:Streams is there twice.")]
    [InlineData("""{"name":"a","settings":{"Confined":true}}""", "#/settings/Confined", "Confined needs a UserId")]
    [InlineData("""{"name":"a","settings":{"Models":"canary"}}""", "#/settings/Models", "Models is a list")]
    public async Task Add_WhatCannotBe_IsRefusedByItsMember(string body, string place, string detail)
    {
        await using var admin = await AdminClient.StartAsync();

        var problem = (await admin.SendAsync("POST", Tenants, body)).IsProblem(400);

        var error = Assert.Single(problem["errors"]!.AsArray())!;
        Assert.Equal(place, (string)error["pointer"]!);
        Assert.StartsWith(detail, (string)error["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty((await admin.SendAsync("GET", Tenants)).Json["tenants"]!.AsArray());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"name":"a","name":"b"}""")]
    [InlineData("""{"name":"a","settings":{"Limits":{"Streams":1,"Streams":2}}}""")]
    public async Task Body_ThatIsNoObject_IsRefused(string body)
    {
        await using var admin = await AdminClient.StartAsync();

        Assert.Equal("urn:problem-type:gateway:malformed", (string)(await admin.SendAsync("POST", Tenants, body)).IsProblem(400)["type"]!);
    }

    [Fact]
    public async Task Body_TooLarge_IsRefused()
    {
        await using var admin = await AdminClient.StartAsync();

        var announced = await admin.SendAsync("POST", Tenants, new string(' ', (1 << 20) + 1));

        announced.IsProblem(413);
    }

    [Fact]
    public async Task List_ComesInParts()
    {
        await using var admin = await AdminClient.StartAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await admin.SendAsync("POST", Tenants, $$"""{"name":"{{name}}"}""");
        }

        var first = (await admin.SendAsync("GET", $"{Tenants}?limit=2")).Json;
        var second = (await admin.SendAsync("GET", $"{Tenants}?limit=2&after={first["next"]}")).Json;

        Assert.Equal(["a", "b"], NamesIn(first));
        Assert.Equal(["c"], NamesIn(second));
        Assert.Null(second["next"]);
        foreach (var (query, parameter) in new[] { ("limit=0", "limit"), ("limit=1001", "limit"), ("after=canary", "after"), ("lmit=1", "lmit") })
        {
            var problem = (await admin.SendAsync("GET", $"{Tenants}?{query}")).IsProblem(400);
            Assert.Equal(parameter, (string)problem["errors"]![0]!["parameter"]!);
            Assert.DoesNotContain("canary", problem.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Change_MeantForAnotherVersion_IsNotMade()
    {
        await using var admin = await AdminClient.StartAsync();
        var added = await admin.SendAsync("POST", Tenants, """{"name":"acme"}""");
        var changed = await admin.SendAsync("PATCH", $"{Tenants}/acme", """{"settings":{"UserId":"u"}}""", ("If-Match", added.Tag!));

        foreach (var (method, body) in new[] { ("PATCH", """{"settings":{"UserId":"v"}}"""), ("DELETE", null) })
        {
            foreach (var tag in new[] { added.Tag!, "W/" + changed.Tag, "\"canary\"" })
            {
                (await admin.SendAsync(method, $"{Tenants}/acme", body, ("If-Match", tag))).IsProblem(412);
            }
        }

        (await admin.SendAsync("PATCH", $"{Tenants}/acme", "{}", ("If-Match", "canary"))).IsProblem(400);
        var shown = await admin.SendAsync("GET", $"{Tenants}/acme");
        Assert.Equal((200, changed.Text, changed.Tag), (shown.Status, shown.Text, shown.Tag));
        Assert.Equal(200, (await admin.SendAsync("PATCH", $"{Tenants}/acme", """{"settings":{"UserId":"w"}}""", ("If-Match", "*"))).Status);
        Assert.Equal(204, (await admin.SendAsync("DELETE", $"{Tenants}/acme", null, ("If-Match", "\"3\""))).Status);
    }

    [Fact]
    public async Task Changes_AtTheSameTime_AreAllMade()
    {
        await using var admin = await AdminClient.StartAsync();
        await admin.SendAsync("POST", Tenants, """{"name":"acme"}""");
        string[] settings = ["UserId", "AppId", "Limits:Streams", "Limits:Concurrency", "Budgets:Requests", "PatRequestsPerSecond"];

        var replies = await Task.WhenAll(settings.Select(name => admin.SendAsync("PATCH", $"{Tenants}/acme", $$$"""{"settings":{"{{{name}}}":"7"}}""")));

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.Equal(1 + settings.Length, (int)(await admin.SendAsync("GET", $"{Tenants}/acme")).Json["version"]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gateway_SeesWhatIsChanged(bool onPostgreSql)
    {
        await using var admin = await AdminClient.StartAsync(onPostgreSql);
        var key = await admin.AddTenantAsync("acme");
        await admin.WaitForAsync(key, HttpStatusCode.OK);

        await admin.SendAsync("PATCH", $"{Tenants}/acme", """{"settings":{"Rpcs":["predict"]}}""");
        await admin.WaitForAsync(key, HttpStatusCode.Forbidden);

        await admin.SendAsync("DELETE", $"{Tenants}/acme");
        await admin.WaitForAsync(key, HttpStatusCode.Unauthorized);
    }

    private static IEnumerable<string> NamesIn(JsonNode page) => page["tenants"]!.AsArray().Select(tenant => (string)tenant!["name"]!);

    // PostgreSQL may keep the members in an order of its own.
    private static string Canonical(JsonNode settings, params string[] names)
    {
        Assert.Equal(names.Order(), settings.AsObject().Select(member => member.Key).Order());
        return new JsonObject(names.Select(name => KeyValuePair.Create(name, settings[name]?.DeepClone()))).ToJsonString();
    }
}
