using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tenancy;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>Tenants with several keys, each limited to some of what its tenant may do, and what tenants and keys are denied.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private const string Tenant = "Gateway:Tenants:kitchen:";
    private const string Outputs = "/v2/users/home/apps/kitchen/models/m/outputs";

    private readonly List<RecordedCall> _calls = [];
    private RecordingUpstream? _upstream;

    public async Task InitializeAsync() => _upstream = await RecordingUpstream.StartAsync(call =>
    {
        _calls.Add(call);
        return new MultiOutputResponse { Status = new Status { Code = StatusCode.Success, ReqId = "upstream" } };
    });

    public async Task DisposeAsync() => await _upstream!.DisposeAsync();

    [Theory]
    [InlineData("predict", "POST", Outputs, true)]
    [InlineData("predict", "GET", "/v2/users/home/apps/kitchen/models/m", false)]
    [InlineData("read", "GET", "/v2/users/home/apps/kitchen/models/m", true)]
    [InlineData("read", "POST", Outputs, false)]
    [InlineData("write", "DELETE", "/v2/users/home/apps/kitchen/models/m", true)]
    [InlineData("all", "DELETE", "/v2/users/home/apps/kitchen/models/m", true)]
    [InlineData("all", "GET", "/v2/users/home/keys", false)] // beyond its tenant
    [InlineData("account", "GET", "/v2/users/home/keys", false)]
    [InlineData("GetModel", "GET", "/v2/users/home/apps/kitchen/models/m", true)]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:KeySha256")]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:Scopes:0")]
    public async Task Key_WithScopes_OpensThoseOfItsTenantsRpcs(string scope, string method, string path, bool isAllowed)
    {
        await using var gateway = Start(("Keys:ci:KeySha256", ChangingTenant.Hash("ci-key")), ("Keys:ci:Scopes:0", scope));

        var answer = await SendAsync(gateway, "ci-key", method, path);

        Assert.Equal(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.Http);
        Assert.Equal(isAllowed ? 1 : 0, _calls.Count);
    }

    [Fact]
    public async Task Key_OutOfScope_IsToldWhichKeyAndSetting()
    {
        await using var gateway = Start(("Keys:ci:KeySha256", ChangingTenant.Hash("ci-key")), ("Keys:ci:Scopes:0", "read"));

        var answer = await SendAsync(gateway, "ci-key", "POST", Outputs);

        Assert.Equal(
            "Key ci of tenant kitchen may not call PostModelOutputs, which is of the group 'predict': its Scopes would have to have one of the two.",
            answer.Details);
    }

    [Fact]
    public async Task Keys_OfOneTenant_ShareItsToken()
    {
        await using var gateway = Start(("Keys:a:KeySha256", ChangingTenant.Hash("key-a")), ("Keys:b:KeySha256", ChangingTenant.Hash("key-b")));

        foreach (var key in new[] { "key-a", "key-b", "key" })
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, key, "POST", Outputs)).Http);
        }

        Assert.All(_calls, call => Assert.Equal("Key p", call.Headers.GetValue("authorization")));
    }

    /// <summary>By which rule a call is refused, in the tenant's settings and in the key's, where both have lists.</summary>
    [Theory]
    [InlineData("DeniedRpcs:0", "predict", "Tenant kitchen may not call PostModelOutputs: its DeniedRpcs have it, or its group.")]
    [InlineData("DeniedRpcs:0", "PostModelOutputs", "Tenant kitchen may not call PostModelOutputs: its DeniedRpcs have it, or its group.")]
    [InlineData("Keys:ci:DeniedRpcs:0", "PostModelOutputs", "Key ci of tenant kitchen may not call PostModelOutputs: its DeniedRpcs have it, or its group.")]
    [InlineData("DeniedModels:0", "m", "Tenant kitchen is denied certain models and workflows, and this call names one of them.")]
    [InlineData("DeniedModels:0", "home/kitchen/m", "Tenant kitchen is denied certain models and workflows, and this call names one of them.")]
    [InlineData("Keys:ci:DeniedModels:0", "m", "Key ci of tenant kitchen is denied certain models and workflows, and this call names one of them.")]
    [InlineData("Keys:ci:Models:0", "other", "Key ci of tenant kitchen is limited to certain models and workflows, and this call is not to one of them.")]
    [InlineData("Keys:ci:Workflows:0", "m", "Key ci of tenant kitchen is limited to certain models and workflows, and this call is not to one of them.")]
    [InlineData("Models:0", "other", "Tenant kitchen is limited to certain models and workflows, and this call is not to one of them.")]
    [ProvesSetting("Gateway:Tenants:<name>:DeniedRpcs:0")]
    [ProvesSetting("Gateway:Tenants:<name>:DeniedModels:0")]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:DeniedRpcs:0")]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:DeniedModels:0")]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:Models:0")]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:Workflows:0")]
    public async Task Denied_ByTenantOrKey_IsRefusedAndNeverHeardOf(string setting, string value, string details)
    {
        await using var gateway = Start(("Keys:ci:KeySha256", ChangingTenant.Hash("ci-key")), (setting, value));

        var answer = await SendAsync(gateway, "ci-key", "POST", Outputs);

        Assert.Equal((HttpStatusCode.Forbidden, 11007, details), (answer.Http, answer.Code, answer.Details));
        Assert.Empty(_calls);
    }

    [Theory]
    [InlineData("DeniedModels:0", "other/app/m")] // another's of the same id
    [InlineData("DeniedModels:0", "n")]
    [InlineData("DeniedWorkflows:0", "m")]
    public async Task Denied_Others_DoNotStandInTheWay(string setting, string value)
    {
        await using var gateway = Start((setting, value));

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, "key", "POST", Outputs)).Http);
    }

    /// <summary>A denied model is denied in whatever way a call names it.</summary>
    [Theory]
    [InlineData("POST", "/v2/users/home/apps/kitchen/workflows/m/results", "{}", "DeniedWorkflows:0", "m")]
    [InlineData("PATCH", "/v2/users/home/apps/kitchen/models", """{"action":"merge","models":[{"id":"fine"},{"id":"secret"}]}""", "DeniedModels:0", "secret")]
    [InlineData("DELETE", "/v2/users/home/apps/kitchen/models", """{"ids":["secret"]}""", "DeniedModels:0", "home/kitchen/secret")]
    [InlineData("POST", "/v2/users/home/apps/kitchen/models/fine/outputs", """{"model":{"id":"secret"}}""", "DeniedModels:0", "secret")]
    [InlineData("POST", "/v2/users/me/apps/kitchen/models/secret/outputs", "{}", "DeniedModels:0", "home/kitchen/secret")] // the token's owner
    [InlineData("POST", "/v2/users/home/apps/kitchen/models/secret/outputs", "{}", "DeniedModels:0", "me/kitchen/secret")]
    [InlineData("POST", "/v2/users/home/apps/kitchen/models/secret/outputs", """{"model":{"user_id":"other"}}""", "DeniedModels:0", "other/kitchen/secret")]
    [InlineData("PATCH", "/v2/users/home/apps/kitchen/workflows/secret/versions", """{"workflow_versions":[{"nodes":[{"model":{"id":"secret"}}]}]}""", "DeniedModels:0", "secret")] // the workflow is called so, too
    [InlineData("POST", "/v2/users/home/apps/kitchen/evaluations", """{"eval_metrics":[{"model":{"id":"secret"}}]}""", "DeniedModels:0", "secret")]
    [ProvesSetting("Gateway:Tenants:<name>:DeniedWorkflows:0")]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:DeniedWorkflows:0")]
    public async Task Denied_NamedInTheBody_IsRefused(string method, string path, string body, string setting, string value)
    {
        foreach (var prefix in new[] { "", "Keys:ci:" })
        {
            await using var gateway = Start(("Keys:ci:KeySha256", ChangingTenant.Hash("ci-key")), (prefix + setting, value));

            var answer = await SendAsync(gateway, "ci-key", method, path, body);

            Assert.Equal(HttpStatusCode.Forbidden, answer.Http);
            Assert.Contains("is denied certain models and workflows", answer.Details, StringComparison.Ordinal);
            Assert.Empty(_calls);
        }
    }

    /// <summary>An entry without an owner is of the tenant's own user and app, as far as it has them.</summary>
    [Theory]
    [InlineData("UserId", "home", "home", HttpStatusCode.Forbidden)]
    [InlineData("UserId", "home", "other", HttpStatusCode.OK)]
    [InlineData("AppId", "kitchen", "other", HttpStatusCode.Forbidden)]
    [InlineData("AppId", "hall", "home", HttpStatusCode.OK)]
    public async Task Denied_OfATenantWithHalfAName_CountsForTheOtherHalfToo(string setting, string value, string user, HttpStatusCode expected)
    {
        await using var gateway = Start((setting, value), ("DeniedModels:0", "m"));

        Assert.Equal(expected, (await SendAsync(gateway, "key", "POST", $"/v2/users/{user}/apps/kitchen/models/m/outputs")).Http);
    }

    /// <summary>Of what a deployment runs, the call does not say anything.</summary>
    [Fact]
    public async Task Denied_ByARunner_IsRefusedWhateverItIsOf()
    {
        await using var gateway = Start(("DeniedModels:0", "secret"));

        var answer = await SendAsync(gateway, "key", "POST", Outputs, """{"runner_selector":{"deployment":{"id":"d"}}}""");

        Assert.Equal(
            (HttpStatusCode.Forbidden, "Tenant kitchen is denied certain models and workflows, and this call names a runner, a deployment or a state, which may be of one of them."),
            (answer.Http, answer.Details));
        Assert.Empty(_calls);
    }

    [Fact]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:Expires")]
    public async Task Key_ThatEnds_OpensNothingFromThenOn()
    {
        var time = new ManualTimeProvider();
        var ends = time.GetUtcNow().AddDays(3);
        await using var gateway = GatewayHost.Start(
            _upstream!.Address,
            time,
            [.. Settings(("Keys:ci:KeySha256", ChangingTenant.Hash("ci-key")), ("Keys:ci:Expires", ends.ToString("yyyy-MM-ddTHH:mm:ssZ")))]);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, "ci-key", "POST", Outputs)).Http);

        time.Advance(ends - time.GetUtcNow());

        var answer = await SendAsync(gateway, "ci-key", "POST", Outputs);
        Assert.Equal((HttpStatusCode.Unauthorized, "The key belongs to no tenant of this gateway, or has ended."), (answer.Http, answer.Details));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, "key", "POST", Outputs)).Http);
    }

    /// <summary>A gateway without its tenants, by mistake, must not tell the upstream the gateway's keys.</summary>
    [Fact]
    public async Task KeyOfAGateway_IsNotPassedThrough()
    {
        await using var gateway = GatewayHost.Start(_upstream!.Address);

        var answer = await SendAsync(gateway, GatewayKey.Create(), "POST", Outputs);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Http);
        Assert.Empty(_calls);
    }

    [Fact]
    public void Key_HasAPrefix_AndAChecksum()
    {
        const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var key = GatewayKey.Create();

        var sum = key[^6..].Aggregate(0L, (sum, digit) => (sum * 62) + Digits.IndexOf(digit));

        Assert.Matches("^cgw_[A-Za-z0-9_-]{43}[A-Za-z0-9]{6}$", key);
        Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key[..^6]))), sum);
        Assert.NotEqual(key, GatewayKey.Create());
    }

    private static async Task<(HttpStatusCode Http, int Code, string Details)> SendAsync(
        GatewayHost gateway, string key, string method, string path, string body = "{}")
    {
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Authorization", $"Key {key}");
        request.Content = method == "GET" ? null : new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await Answer.OfAsync(client, request);
        return answer.Http == HttpStatusCode.OK
            ? (answer.Http, answer.Code, "")
            : (answer.HasTheApisShape().Http, answer.Code, answer.Details);
    }

    private static IEnumerable<(string Key, string? Value)> Settings(params (string Key, string Value)[] settings) =>
    [
        (Tenant + "KeySha256", ChangingTenant.Hash("key")), (Tenant + "Pat", "p"),
        .. settings.Select(setting => (Tenant + setting.Key, (string?)setting.Value)),
    ];

    private GatewayHost Start(params (string Key, string Value)[] settings) => GatewayHost.Start(_upstream!.Address, [.. Settings(settings)]);
}
