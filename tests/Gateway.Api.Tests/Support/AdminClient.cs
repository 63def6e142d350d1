using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Api.Hosting;
using Gateway.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Api.Tests.Support;

/// <summary>A gateway with a store of its own and an admin API, and a client of that.</summary>
internal sealed class AdminClient : IAsyncDisposable
{
    public const string Key = "canary-admin-key";

    private AdminClient(string folder, GatewayHost gateway)
    {
        Folder = folder;
        Gateway = gateway;
        Address = new Uri(gateway.Services.GetRequiredService<AdminListener>().Address!);
        Http = new HttpClient { BaseAddress = Address };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    /// <summary>Where the store's files are.</summary>
    public string Folder { get; }

    public GatewayHost Gateway { get; }

    /// <summary>Where the admin API listens.</summary>
    public Uri Address { get; }

    /// <summary>Brings the admin key.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts one, on the sandbox unless there is an upstream.</summary>
    /// <param name="onPostgreSql">Where the store is: in PostgreSQL, or in a file.</param>
    /// <param name="upstream">Null for the sandbox.</param>
    /// <param name="configure">Changes the host.</param>
    /// <param name="settings">Further settings; with the place of a store, that is where it is.</param>
    public static async Task<AdminClient> StartAsync(
        bool onPostgreSql = false, Uri? upstream = null, Action<IWebHostBuilder>? configure = null, params (string Key, string? Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-admin-").FullName;
        (string Key, string? Value) place = onPostgreSql
            ? ("Gateway:Store:ConnectionString", await (await PostgreSqlServer.SharedAsync()).CreateDatabaseAsync())
            : ("Gateway:Store:Path", Path.Combine(folder, "gateway.db"));
        return new AdminClient(folder, GatewayHost.Start(
            upstream, configure ?? (_ => { }), [place, .. Settings(folder), .. settings]));
    }

    /// <summary>The settings of an admin API at any port, and of a master key in a folder.</summary>
    public static (string Key, string? Value)[] Settings(string folder) =>
    [
        ("Gateway:Admin:Url", "http://127.0.0.1:0"),
        ("Gateway:Admin:KeySha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))),
        ("Gateway:Store:MasterKeyFile", Path.Combine(folder, "master.key")),
    ];

    /// <summary>Asks, and reads the answer.</summary>
    public async Task<Reply> SendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await Http.SendAsync(request);
        return new Reply(response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Makes a tenant with a key.</summary>
    /// <returns>The key.</returns>
    public async Task<string> AddTenantAsync(string name, string settings = "{}")
    {
        await SendAsync("POST", "/admin/v1/tenants", $$"""{"name":"{{name}}","settings":{{settings}}}""");
        return (string)(await SendAsync("POST", $"/admin/v1/tenants/{name}/keys")).Json["key"]!;
    }

    /// <summary>The status that a key gets of the gateway.</summary>
    public async Task<HttpStatusCode> StatusOfAsync(string key)
    {
        using var client = Gateway.CreateClientWithKey(key);
        using var response = await client.GetAsync("/v2/models");
        return response.StatusCode;
    }

    /// <summary>Waits until a key gets a status of the gateway, which has to see what was changed.</summary>
    public Task WaitForAsync(string key, HttpStatusCode status) =>
        Eventually.IsAsync(async () => await StatusOfAsync(key) == status);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Gateway.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>What came back.</summary>
    internal sealed record Reply(HttpResponseMessage Response, string Text)
    {
        public int Status => (int)Response.StatusCode;

        public JsonNode Json => JsonNode.Parse(Text)!;

        public string? Tag => Response.Headers.ETag?.Tag;

        /// <summary>That it is a problem as RFC 9457 has them.</summary>
        public JsonNode IsProblem(int status)
        {
            Assert.Equal((status, "application/problem+json"), (Status, Response.Content.Headers.ContentType?.MediaType));
            Assert.Equal(status, (int)Json["status"]!);
            Assert.All(["type", "title", "detail"], member => Assert.NotEmpty((string)Json[member]!));
            Assert.Equal(Response.Headers.GetValues("X-Request-ID").Single(), (string)Json["requestId"]!);
            return Json;
        }
    }
}
