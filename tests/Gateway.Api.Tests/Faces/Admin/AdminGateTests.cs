using System.Net;
using System.Net.Http.Headers;
using Gateway.Api.Faces.Admin;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Gateway.Api.Tests.Faces.Admin;

/// <summary>Who gets to the admin API, and where: by its key, at its port, and at no other.</summary>
public sealed class AdminGateTests
{
    private const string Tenants = "/admin/v1/tenants";

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer canary-admin-keY")]
    [InlineData("Bearer canary-admin-key, Bearer canary-admin-key")]
    [InlineData("Basic canary-admin-key")]
    [ProvesSetting("Gateway:Admin:KeySha256")]
    public async Task Request_WithoutTheKey_IsToldNothing(string? authorization)
    {
        await using var admin = await AdminClient.StartAsync();
        using var client = new HttpClient { BaseAddress = admin.Address };
        foreach (var (method, path) in new[] { ("GET", Tenants), ("POST", Tenants), ("GET", "/admin/v1/nothing"), ("PUT", Tenants), ("GET", "/v2/models") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            using var response = await client.SendAsync(request);

            new AdminClient.Reply(response, await response.Content.ReadAsStringAsync()).IsProblem(401);
            Assert.Equal(["Bearer", "Key"], response.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
        }
    }

    [Theory]
    [InlineData("Bearer canary-admin-key")]
    [InlineData("Key canary-admin-key")]
    [InlineData("canary-admin-key")]
    public async Task Request_WithTheKey_IsAnswered(string authorization)
    {
        await using var admin = await AdminClient.StartAsync();
        using var client = new HttpClient { BaseAddress = admin.Address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        Assert.Equal("""{"tenants":[]}""", await client.GetStringAsync(Tenants));
    }

    [Fact]
    [ProvesSetting("Gateway:Admin:Url")]
    public async Task Paths_AreAtTheirOwnPort_AndNoOther()
    {
        await using var admin = await AdminClient.StartAsync();
        using var front = admin.Gateway.CreateClientWithKey(AdminClient.Key);

        foreach (var path in new[] { Tenants, AdminEndpoints.DocumentPath, $"{AdminEndpoints.Root}/usage" })
        {
            Assert.Equal(HttpStatusCode.OK, (await admin.Http.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await front.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await GetByHttp2Async(new Uri(admin.Gateway.GrpcAddress, path))).StatusCode);
        }

        foreach (var path in new[] { "/", "/v2/models", "/v1/models", "/openapi/v2.json", "/swagger/index.html", "/healthz/live", "/clarifai.api.V2/GetModel" })
        {
            (await admin.SendAsync("GET", path)).IsProblem(404);
            (await admin.SendAsync("POST", path, "{}")).IsProblem(404);
        }

        Assert.Equal("live", await front.GetStringAsync("/healthz/live"));
    }

    [Fact]
    public async Task Path_WithAnotherVerb_NamesThoseThatItTakes()
    {
        await using var admin = await AdminClient.StartAsync();

        var refused = await admin.SendAsync("PUT", Tenants);
        var head = await admin.SendAsync("HEAD", Tenants);

        refused.IsProblem(405);
        Assert.Equal(["GET", "HEAD", "POST"], refused.Response.Content.Headers.Allow.Order());
        Assert.Equal((200, "", 14), (head.Status, head.Text, (int)head.Response.Content.Headers.ContentLength!));
    }

    [Fact]
    public async Task Pages_OfOtherOrigins_AreNotLetIn()
    {
        await using var admin = await AdminClient.StartAsync(settings: ("Gateway:Cors:Origins:0", "*"));

        var asked = await admin.SendAsync("GET", Tenants, null, ("Origin", "https://page.test"));
        var preflight = await admin.SendAsync("OPTIONS", Tenants, null, ("Origin", "https://page.test"), ("Access-Control-Request-Method", "GET"));

        Assert.All([asked, preflight], reply => Assert.DoesNotContain(reply.Response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Document_OfficialReader_FindsNothingWrong_AndEveryRoute()
    {
        await using var admin = await AdminClient.StartAsync();
        using var anybody = new HttpClient { BaseAddress = admin.Address };

        var read = OpenApiDocument.Parse(await anybody.GetStringAsync(AdminEndpoints.DocumentPath), "json");

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        var described = read.Document!.Paths.SelectMany(path => path.Value.Operations!.Select(operation => (operation.Key.Method, path.Key)));
        Assert.Equal(AdminEndpoints.All.Order(), described.Order());
        var settings = read.Document.Components!.Schemas!;
        Assert.Equal(["Limits", "UserId"], settings["TenantSettings"].Properties!.Keys.Intersect(["Limits", "UserId", "Pat", "Pats", "Keys", "KeySha256", "Keyless"]).Order());
        Assert.Contains("Scopes", settings["KeySettings"].Properties!.Keys);
        Assert.DoesNotContain("KeySha256", settings["KeySettings"].Properties!.Keys);
    }

    [Fact]
    public async Task Log_SaysTheRoute_AndNothingSecret()
    {
        var lines = new LoggedLines("Gateway.Api.Logging.RequestLog");
        await using var admin = await AdminClient.StartAsync(configure: lines.Install);

        await admin.SendAsync("GET", $"{Tenants}/acme?canary=canary");
        await admin.SendAsync("GET", $"{Tenants}/acme/pats/x/canary");

        Assert.Matches(@"^GET /admin/v1/tenants/\{tenant\} - tenant=admin 404 ", await lines.NextAsync());
        Assert.Matches(@"^GET /admin/v1/\{\*\*path\} - tenant=admin 404 ", await lines.NextAsync());
    }

    [Fact]
    public async Task Document_Linter_FindsNoErrors()
    {
        await using var admin = await AdminClient.StartAsync();
        await NodePackages.Generators.EnsureInstalledAsync();

        var output = await ToolRun.RunAsync(
            NodePackages.Generators.Folder, NodePackages.Generators.Node, "node_modules/@redocly/cli/bin/cli.js", "lint", "--format", "json", new Uri(admin.Address, AdminEndpoints.DocumentPath).ToString());

        Assert.Equal(0, (int)System.Text.Json.Nodes.JsonNode.Parse(output)!["totals"]!["errors"]!);
    }

    private static async Task<HttpResponseMessage> GetByHttp2Async(Uri address)
    {
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminClient.Key);
        return await client.GetAsync(address);
    }
}
