using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>Who may call, whose PAT goes upstream, and what a limited tenant may ask for.</summary>
public sealed class TenantTests : IAsyncLifetime
{
    private const string Tenant = "Gateway:Tenants:kitchen";
    private const string Outputs = "/v2/models/m/outputs";

    private readonly List<RecordedCall> _calls = [];
    private RecordingUpstream? _upstream;

    public async Task InitializeAsync() => _upstream = await RecordingUpstream.StartAsync(call =>
    {
        _calls.Add(call);
        return new MultiOutputResponse { Status = new Status { Code = StatusCode.Success, ReqId = "upstream" } };
    });

    public async Task DisposeAsync() => await _upstream!.DisposeAsync();

    [Theory]
    [InlineData("Key gateway-key")]
    [InlineData("Bearer gateway-key")]
    [InlineData("key gateway-key")]
    [ProvesSetting("Gateway:Tenants:<name>:KeySha256")]
    [ProvesSetting("Gateway:Tenants:<name>:Pat")]
    public async Task GatewayKey_OfATenant_SendsItsPat(string authorization)
    {
        await using var gateway = Start((Tenant + ":KeySha256", Sha256("gateway-key")), (Tenant + ":Pat", "the-pat"));

        var http = await PostAsync(gateway, authorization, Outputs);

        Assert.Equal(HttpStatusCode.OK, http);
        Assert.Equal("Key the-pat", Assert.Single(_calls).Headers.GetValue("authorization"));
    }

    /// <summary>What a connection remembers of its last request holds for the same key only, and only while tenants are what they were.</summary>
    [Fact]
    public async Task Keys_OfSeveralTenantsOnOneConnection_AreToldApart()
    {
        await using var gateway = Start(
            (Tenant + ":KeySha256", Sha256("key-1")), (Tenant + ":Pat", "pat-1"),
            ("Gateway:Tenants:garden:KeySha256", Sha256("key-2")), ("Gateway:Tenants:garden:Pat", "pat-2"));
        using var starting = gateway.CreateClient();
        using var oneConnection = new SocketsHttpHandler { MaxConnectionsPerServer = 1 };
        using var client = new HttpClient(oneConnection) { BaseAddress = starting.BaseAddress };

        var statuses = new List<HttpStatusCode>();
        foreach (var key in new[] { "key-1", "key-1", "key-2", "key-3", "key-2", "key-1" })
        {
            using var request = Request("Key " + key, Outputs, "{}");
            using var response = await client.SendAsync(request);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK], statuses);
        Assert.Equal(["Key pat-1", "Key pat-1", "Key pat-2", "Key pat-2", "Key pat-1"], _calls.Select(call => call.Headers.GetValue("authorization")));
    }

    /// <summary>What generated clients and Swagger UI make of a key that is typed in, with or without a scheme.</summary>
    [Theory]
    [InlineData("gateway-key")]
    [InlineData("key gateway-key")]
    [InlineData("Bearer gateway-key")]
    [InlineData("Bearer Key gateway-key")]
    public async Task Key_WithAndWithoutAScheme_IsTheSame(string authorization)
    {
        await using var gateway = Start((Tenant + ":KeySha256", Sha256("gateway-key")), (Tenant + ":Pat", "the-pat"));
        using var client = gateway.CreateClient();
        using var request = Request(authorization, Outputs, "{}");

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Key the-pat"], _calls.Select(call => call.Headers.GetValue("authorization")));
    }

    [Theory]
    [InlineData(null, 11009, "No key: send the header 'Authorization: Key <your key>'.")]
    [InlineData("Key wrong", 11009, "The key belongs to no tenant of this gateway, or has ended.")]
    [InlineData("Key ", 11008, "Authorization must be 'Key <your key>' or 'Bearer <your key>', once.")]
    [InlineData("Basic Z2F0ZXdheTprZXk=", 11008, "Authorization must be 'Key <your key>' or 'Bearer <your key>', once.")]
    [InlineData("Key", 11008, "Authorization must be 'Key <your key>' or 'Bearer <your key>', once.")]
    [InlineData("wrong", 11009, "The key belongs to no tenant of this gateway, or has ended.")]
    [InlineData("gateway-key wrong", 11008, "Authorization must be 'Key <your key>' or 'Bearer <your key>', once.")]
    public async Task Key_MissingOrWrong_IsRefused(string? authorization, int code, string details)
    {
        await using var gateway = Start((Tenant + ":KeySha256", Sha256("gateway-key")), (Tenant + ":Pat", "the-pat"));
        using var client = gateway.CreateClient();
        using var request = Request(authorization, Outputs, "{}");

        var answer = await Answer.OfAsync(client, request);

        Assert.Equal((HttpStatusCode.Unauthorized, code, details), (answer.HasTheApisShape().Http, answer.Code, answer.Details));
        Assert.NotEmpty(answer.Response.Headers.WwwAuthenticate);
        Assert.Empty(_calls);
    }

    [Fact]
    [ProvesSetting("Gateway:Upstream:Address")]
    public async Task NoTenant_ClientsOwnKey_PassesThrough()
    {
        await using var gateway = Start();

        await PostAsync(gateway, "Key my-own", Outputs);

        Assert.Equal("Key my-own", Assert.Single(_calls).Headers.GetValue("authorization"));
    }

    [Fact]
    public async Task NoTenant_RpcThatNeedsNoKey_IsCalledWithout()
    {
        await using var gateway = Start();
        using var client = gateway.CreateClient();

        await client.GetAsync("/v2/status_codes/10000");

        Assert.Null(Assert.Single(_calls).Headers.GetValue("authorization"));
    }

    [Fact]
    [ProvesSetting("CLARIFAI_PAT")]
    [ProvesSetting("CLARIFAI_USER_ID")]
    [ProvesSetting("CLARIFAI_APP_ID")]
    public async Task ClarifaisEnvironment_MakesADefaultTenant()
    {
        await using var gateway = Start(("CLARIFAI_PAT", "env-pat"), ("CLARIFAI_USER_ID", "env-user"), ("CLARIFAI_APP_ID", "env-app"));

        await PostAsync(gateway, null, Outputs);

        var call = Assert.Single(_calls);
        Assert.Equal("Key env-pat", call.Headers.GetValue("authorization"));
        Assert.Equal(new UserAppIDSet { UserId = "env-user", AppId = "env-app" }, UserAppOf(call));
    }

    [Theory]
    [InlineData(Outputs, "{}", "home", "kitchen")]
    [InlineData(Outputs, """{"user_app_id":null}""", "home", "kitchen")]
    [InlineData(Outputs, """{"user_app_id":{"user_id":"other"}}""", "other", "")]
    [InlineData("/v2/users/u/apps/a/models/m/outputs", "{}", "u", "a")]
    [InlineData("/v2/users/u/apps/a/models/m/outputs", """{"user_app_id":{"user_id":"body","app_id":"body"}}""", "u", "a")]
    [ProvesSetting("Gateway:Tenants:<name>:UserId")]
    [ProvesSetting("Gateway:Tenants:<name>:AppId")]
    [ProvesSetting("Gateway:Tenants:<name>:Keyless")]
    public async Task Defaults_RequestNamesNeither_AreFilledIn(string path, string body, string user, string app)
    {
        await using var gateway = Start((Tenant + ":Keyless", "true"), (Tenant + ":Pat", "p"), (Tenant + ":UserId", "home"), (Tenant + ":AppId", "kitchen"));

        await PostAsync(gateway, null, path, body);

        Assert.Equal(new UserAppIDSet { UserId = user, AppId = app }, UserAppOf(Assert.Single(_calls)));
    }

    [Theory]
    [InlineData("/v2/models/allowed/outputs", "{}", true)]
    [InlineData("/v2/models/other/outputs", "{}", false)]
    [InlineData("/v2/models/other/outputs", """{"model_id":"allowed"}""", false)]
    [InlineData("/v2/models/allowed/outputs", """{"user_app_id":{"user_id":"else","app_id":"where"}}""", false)]
    [InlineData("/v2/users/else/apps/where/models/allowed/outputs", "{}", false)]
    [InlineData("/v2/users/clarifai/apps/main/models/shared/outputs", "{}", true)]
    [InlineData("/v2/workflows/flow/results", "{}", true)]
    [InlineData("/v2/workflows/other/results", "{}", false)]
    [InlineData("/v2/users/home/deployments/d/outputs", "{}", false)]
    [InlineData("/v2/users/home/deployments/d/outputs", """{"model_id":"allowed"}""", false)]
    [InlineData("/v2/models/searches", "{}", false)]
    [InlineData("/v2/models/all%6Fwed/outputs", "{}", true)]
    [ProvesSetting("Gateway:Tenants:<name>:Models:0")]
    [ProvesSetting("Gateway:Tenants:<name>:Workflows:0")]
    public async Task LimitedTenant_Call_IsJudgedByWhatGoesUpstream(string path, string body, bool allowed)
    {
        await using var gateway = Start(
            (Tenant + ":Keyless", "true"), (Tenant + ":Pat", "p"), (Tenant + ":UserId", "home"), (Tenant + ":AppId", "kitchen"),
            (Tenant + ":Models:0", "allowed"), (Tenant + ":Models:1", "clarifai/main/shared"), (Tenant + ":Workflows:0", "flow"));

        var http = await PostAsync(gateway, null, path, body);

        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, http);
        Assert.Equal(allowed ? 1 : 0, _calls.Count);
    }

    /// <summary>An empty list allows nothing, and so does one that is missing beside the other; without any there is no limit.</summary>
    [Theory]
    [InlineData(Tenant + ":Models", "", 0)]
    [InlineData(Tenant + ":Workflows", "", 0)]
    [InlineData(Tenant + ":Workflows:0", "m", 0)]
    [InlineData(Tenant + ":UserId", "home", 1)]
    public async Task List_ThatIsEmpty_AllowsNothing(string setting, string value, int calls)
    {
        await using var gateway = Start((Tenant + ":Keyless", "true"), (Tenant + ":Pat", "p"), (setting, value));

        var http = await PostAsync(gateway, null, Outputs);

        Assert.Equal(calls == 0 ? HttpStatusCode.Forbidden : HttpStatusCode.OK, http);
        Assert.Equal(calls, _calls.Count);
    }

    [Theory]
    [InlineData("https://evil.example", "text/plain", true)]
    [InlineData("https://evil.example", "application/grpc-web", true)]
    [InlineData("https://app.example.com", "text/plain", false)]
    [InlineData(null, "text/plain", false)]
    public async Task TenantWithoutKey_PageOfAnotherOrigin_IsRefused(string? origin, string contentType, bool refused)
    {
        await using var gateway = Start((Tenant + ":Keyless", "true"), (Tenant + ":Pat", "p"), ("Gateway:Cors:Origins:0", "https://app.example.com"));
        using var client = gateway.CreateClient();
        var isGrpc = contentType != "text/plain";
        using var request = Request(null, isGrpc ? "/clarifai.api.V2/PostModelOutputs" : Outputs, isGrpc ? "\0\0\0\0\0" : "{}");
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        request.Headers.Add("Origin", origin);

        using var response = await client.SendAsync(request);

        Assert.Equal(refused ? 0 : 1, _calls.Count);
        Assert.Equal(refused && !isGrpc ? HttpStatusCode.Forbidden : HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(refused && isGrpc ? ["7"] : [], response.Headers.TryGetValues("grpc-status", out var status) ? status : []);
    }

    [Fact]
    public async Task TenantWithoutKey_PageOfAnotherOrigin_LearnsTheSetting()
    {
        await using var gateway = Start((Tenant + ":Keyless", "true"), (Tenant + ":Pat", "p"));
        using var client = gateway.CreateClient();
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        var answer = await Answer.OfAsync(client, "GET", "/v2/models");

        Assert.Equal((HttpStatusCode.Forbidden, 11007), (answer.HasTheApisShape().Http, answer.Code));
        Assert.Contains("Gateway:Cors:Origins", answer.Details, StringComparison.Ordinal);
    }

    /// <summary>A page that has a key has it from its user; and a page that gets no credential of the gateway's does no harm.</summary>
    [Fact]
    public async Task Page_WithAKeyOrWithoutTenant_IsServed()
    {
        await using var keyed = Start((Tenant + ":Pat", "p"), (Tenant + ":KeySha256", Sha256("k")));
        await using var open = Start();
        using var withKey = keyed.CreateClientWithKey("k");
        using var without = open.CreateClient();
        foreach (var client in new[] { withKey, without })
        {
            client.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        }

        await withKey.PostAsync(Outputs, new StringContent("{}"));
        await without.GetAsync("/v2/status_codes/10000");

        Assert.Equal(["Key p", null], _calls.Select(call => call.Headers.GetValue("authorization")));
    }

    private static UserAppIDSet UserAppOf(RecordedCall call) => PostModelOutputsRequest.Parser.ParseFrom(call.Request).UserAppId;

    private static string Sha256(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static HttpRequestMessage Request(string? authorization, string path, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return request;
    }

    private static async Task<HttpStatusCode> PostAsync(GatewayHost gateway, string? authorization, string path, string body = "{}")
    {
        using var client = gateway.CreateClient();
        using var request = Request(authorization, path, body);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private GatewayHost Start(params (string Key, string? Value)[] settings) => GatewayHost.Start(_upstream!.Address, settings);
}
