using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>What restricted tenants may name in a request besides the model or workflow that it is to, and which RPCs their settings open.</summary>
public sealed class NamedResourceTests : IAsyncLifetime
{
    private const string Tenant = "Gateway:Tenants:kitchen:";
    private const string Own = "/v2/users/home/apps/kitchen";

    private static readonly (string, string?)[] Limited =
    [
        (Tenant + "Pat", "p"), (Tenant + "Keyless", "true"), (Tenant + "UserId", "home"), (Tenant + "AppId", "kitchen"),
        (Tenant + "Models:0", "m"), (Tenant + "Models:1", "pinned/versions/v1"), (Tenant + "Models:2", "clarifai/main/shared/versions/v1"), (Tenant + "Workflows:0", "flow"),
    ];

    private static readonly (string, string?)[] Confined =
        [(Tenant + "Pat", "p"), (Tenant + "Keyless", "true"), (Tenant + "UserId", "home"), (Tenant + "AppId", "kitchen"), (Tenant + "Confined", "true")];

    private int _calls;
    private RecordedCall? _last;
    private RecordingUpstream? _upstream;

    public async Task InitializeAsync() => _upstream = await RecordingUpstream.StartAsync(call =>
    {
        Interlocked.Increment(ref _calls);
        _last = call;
        return new MultiOutputResponse { Status = new Status { Code = StatusCode.Success } };
    });

    public async Task DisposeAsync() => await _upstream!.DisposeAsync();

    [Theory]
    [InlineData("""{"model":{"id":"m"}}""", true)]
    [InlineData("""{"model":{"id":"m","user_id":"home","app_id":"kitchen","model_version":{"id":"v9"}}}""", true)]
    [InlineData("""{"model":{"output_info":{"output_config":{"max_concepts":3,"select_concepts":[{"id":"cat"}]}}}}""", true)]
    [InlineData("""{"model":{"id":"other"}}""", false)]
    [InlineData("""{"model":{"user_id":"else"}}""", false)]
    [InlineData("""{"model":{"model_version":{"app_id":"where"}}}""", false)]
    [InlineData("""{"model":{"output_info":{"output_config":{"existing_model_id":"other"}}}}""", false)]
    [InlineData("""{"version_id":"v9"}""", true)]
    [InlineData("""{"runner_selector":{}}""", true)]
    [InlineData("""{"runner_selector":{"deployment":{"id":"d"}}}""", false)]
    [InlineData("""{"runner_selector":{"nodepool":{"id":"n"}}}""", false)]
    [InlineData("""{"runner_selector":{"runner":{"labels":["l"]}}}""", false)]
    [InlineData("""{"inputs":[{"id":"i","dataset_ids":["d"],"data":{"concepts":[{"id":"c","app_id":"where"}],"parts":[{"id":"p","data":{}}]}}]}""", true)]
    public async Task LimitedTenant_NamesMoreThanTheModel_IsJudged(string body, bool allowed) =>
        await ExpectAsync(Limited, "POST", "/v2/models/m/outputs", body, allowed);

    [Theory]
    [InlineData("POST", "/v2/models/pinned/versions/v1/outputs", "{}", true)]
    [InlineData("POST", "/v2/models/pinned/outputs", """{"version_id":"v1"}""", true)]
    [InlineData("POST", "/v2/users/clarifai/apps/main/models/shared/versions/v1/outputs", "{}", true)]
    [InlineData("POST", "/v2/models/pinned/versions/v2/outputs", "{}", false)]
    [InlineData("POST", "/v2/models/pinned/outputs", "{}", false)]
    [InlineData("POST", "/v2/models/pinned/versions/v1/outputs", """{"model":{"model_version":{"id":"v2"}}}""", false)]
    [InlineData("GET", Own + "/models/pinned/versions/v1", null, true)]
    [InlineData("GET", Own + "/models/pinned/versions/v2", null, false)]
    [InlineData("GET", Own + "/models/pinned/versions", null, false)]
    [InlineData("GET", Own + "/models/m/versions", null, true)]
    public async Task LimitedTenant_EntryWithVersion_AllowsThatAlone(string verb, string path, string? body, bool allowed) =>
        await ExpectAsync(Limited, verb, path, body, allowed);

    [Theory]
    [InlineData("POST", "/v2/workflows/flow/results", "{}", true)]
    [InlineData("POST", "/v2/workflows/flow/results", """{"workflow_state":{"id":"s"}}""", false)]
    [InlineData("POST", "/v2/workflows/flow/results", """{"node_runner_selectors":{"n":{"deployment":{"id":"d"}}}}""", false)]
    [InlineData("GET", "/v2/users/home/compute_clusters/c/nodepools/n/runners/r/runner/logs?model_id=m", null, false)]
    [InlineData("GET", Own + "/models/m/versions/v/runner/logs", null, false)]
    [InlineData("GET", Own + "/models/m", null, true)]
    [InlineData("DELETE", Own + "/models/m", "{}", false)]
    [InlineData("POST", Own + "/models/m/publish", "{}", false)]
    [InlineData("PUT", Own + "/models/m/versions/v/exports", "{}", false)]
    [InlineData("GET", Own + "/models/m/versions/v/exports", null, false)]
    [InlineData("POST", "/v2/users/me/keys", "{}", false)]
    public async Task LimitedTenant_OtherRpcs_AreNoConcernOfItsLists(string verb, string path, string? body, bool allowed) =>
        await ExpectAsync(Limited, verb, path, body, allowed);

    [Theory]
    [InlineData("write", "POST", Own + "/models/m/versions", """{"model_versions":[{"description":"d"}]}""", true)]
    [InlineData("write", "POST", Own + "/models/other/versions", "{}", false)]
    [InlineData("write", "POST", Own + "/models/m/versions", """{"model_versions":[{"train_info":{"dataset":{"id":"d"}}}]}""", false)]
    [InlineData("write", "POST", "/v2/models/m/outputs", "{}", false)]
    [InlineData("PostModelVersions", "POST", Own + "/models/m/versions", "{}", true)]
    [InlineData("PostModelVersions", "DELETE", Own + "/models/m", "{}", false)]
    [InlineData("read", "GET", Own + "/models", null, false)]
    [InlineData("ListModels", "GET", Own + "/models", null, true)]
    [InlineData("account", "POST", "/v2/users/me/keys", "{}", false)]
    [InlineData("PostKeys", "POST", "/v2/users/me/keys", "{}", true)]
    [ProvesSetting("Gateway:Tenants:<name>:Rpcs:0")]
    public async Task LimitedTenant_Rpcs_SayWhatItMayCall(string rpcs, string verb, string path, string? body, bool allowed) =>
        await ExpectAsync([.. Limited, (Tenant + "Rpcs:0", rpcs)], verb, path, body, allowed);

    [Theory]
    [InlineData(null, "POST", "/v2/users/me/keys", false)]
    [InlineData("account", "POST", "/v2/users/me/keys", true)]
    [InlineData("account", "POST", "/v2/models/m/outputs", false)]
    [InlineData(null, "DELETE", Own + "/models/m", true)]
    [InlineData("predict", "DELETE", Own + "/models/m", false)]
    public async Task TenantWithoutLists_Rpcs_SayWhatItMayCall(string? rpcs, string verb, string path, bool allowed) =>
        await ExpectAsync(rpcs is null ? [(Tenant + "Pat", "p"), (Tenant + "Keyless", "true")] : [(Tenant + "Pat", "p"), (Tenant + "Keyless", "true"), (Tenant + "Rpcs:0", rpcs)], verb, path, "{}", allowed);

    [Theory]
    [InlineData("POST", "/v2/models/m/outputs", "{}", true)]
    [InlineData("POST", Own + "/models/m/outputs", "{}", true)]
    [InlineData("POST", "/v2/users/else/apps/kitchen/models/m/outputs", "{}", false)]
    [InlineData("POST", "/v2/users/home/apps/other/models/m/outputs", "{}", false)]
    [InlineData("POST", "/v2/users/me/apps/kitchen/models/m/outputs", "{}", false)]
    [InlineData("POST", "/v2/models/m/outputs", """{"user_app_id":{"user_id":"home"}}""", false)]
    [InlineData("POST", Own + "/models/m/outputs", """{"user_app_id":{"user_id":"else"}}""", false)]
    [InlineData("POST", "/v2/models/m/outputs", """{"model":{"user_id":"else"}}""", false)]
    [InlineData("POST", "/v2/models/m/outputs", """{"model":{"user_id":"home"}}""", true)]
    [InlineData("POST", "/v2/models/m/outputs", """{"inputs":[{"data":{"concepts":[{"id":"c","app_id":"other"}]}}]}""", false)]
    [InlineData("POST", "/v2/models/m/outputs", """{"runner_selector":{"deployment":{"id":"d","user_id":"else"}}}""", false)]
    [InlineData("GET", Own + "/models?user_app_id.user_id=else", null, false)]
    [InlineData("GET", Own + "/models?creator=else", null, false)]
    [InlineData("GET", Own + "/models", null, true)]
    [InlineData("GET", "/v2/users/home/apps", null, false)]
    [InlineData("GET", "/v2/users/home/compute_clusters/c/nodepools", null, false)]
    [ProvesSetting("Gateway:Tenants:<name>:Confined")]
    public async Task ConfinedTenant_UsersAndApps_AreItsOwn(string verb, string path, string? body, bool allowed) =>
        await ExpectAsync(Confined, verb, path, body, allowed);

    /// <summary>Fields that the gateway does not know may name anything to an upstream that does.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task UnknownField_OfARestrictedTenant_IsRefused(bool restricted, bool allowed)
    {
        await using var gateway = GatewayHost.Start(_upstream!.Address, restricted ? Limited : [(Tenant + "Pat", "p"), (Tenant + "Keyless", "true"), (Tenant + "UserId", "home"), (Tenant + "AppId", "kitchen")]);
        await using var channel = new RawChannel(gateway.GrpcAddress);
        byte[] unknown = [.. new PostModelOutputsRequest { ModelId = "m" }.ToByteArray(), 0xFA, 0x3E, 1, (byte)'x']; // field 1007

        var result = await channel.UnaryAsync("/clarifai.api.V2/PostModelOutputs", unknown);

        Assert.Equal(allowed ? GrpcStatusCode.OK : GrpcStatusCode.PermissionDenied, result.Status.StatusCode);
        Assert.Equal(allowed ? 1 : 0, _calls);
    }

    [Theory]
    [InlineData("POST", "/v2/models/m/methods/predict")]
    [InlineData("POST", "/v2/ext/openai/v1/chat/completions")]
    [InlineData("POST", "/v2/ext/mcp/v1/models/m")]
    public async Task RunnerChoice_OfALimitedTenant_IsRefusedOnEveryFace(string verb, string path)
    {
        await using var gateway = GatewayHost.Start(_upstream!.Address, Limited);
        using var client = gateway.CreateClient();
        foreach (var (header, query) in new[] { ("X-Clarifai-Deployment-Id", ""), (null, "?nodepool_id=n") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(verb), path + query);
            request.Content = new StringContent("""{"model":"m","messages":[],"jsonrpc":"2.0","id":1,"method":"tools/list"}""", Encoding.UTF8, "application/json");
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            if (header is not null)
            {
                request.Headers.Add(header, "d");
            }

            using var response = await client.SendAsync(request);

            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Contains("names another resource", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(0, _calls);
    }

    /// <summary>gRPC's metadata goes upstream as it is, where it may count for a choice.</summary>
    [Theory]
    [InlineData("limited", "x-clarifai-deployment-id", "d", false)]
    [InlineData("limited", "x-clarifai-nodepool-id", "n", false)]
    [InlineData("limited", "x-clarifai-compute-cluster-id", "c", false)]
    [InlineData("limited", "x-clarifai-deployment-user-id", "home", false)]
    [InlineData("limited", "x-app", "a", true)]
    [InlineData("confined", "x-clarifai-deployment-user-id", "else", false)]
    [InlineData("confined", "x-clarifai-deployment-user-id", "home", true)]
    [InlineData("open", "x-clarifai-deployment-id", "d", true)]
    public async Task RunnerChoice_InMetadata_IsJudged(string kind, string header, string value, bool allowed)
    {
        var settings = kind switch { "limited" => Limited, "confined" => Confined, _ => Confined[..^1] };
        await using var gateway = GatewayHost.Start(_upstream!.Address, settings);
        await using var channel = new RawChannel(gateway.GrpcAddress);
        var request = new PostModelOutputsRequest { UserAppId = new UserAppIDSet { UserId = "home", AppId = "kitchen" }, ModelId = "m" };

        var result = await channel.UnaryAsync(
            "/clarifai.api.V2/PostModelOutputs", request.ToByteArray(), new RawCallOptions { Headers = new Grpc.Core.Metadata { { header, value } } });

        Assert.Equal(allowed ? GrpcStatusCode.OK : GrpcStatusCode.PermissionDenied, result.Status.StatusCode);
        Assert.Equal(allowed ? 1 : 0, _calls);
    }

    /// <summary>The API's own paths have it in their message; of the headers the upstream hears nothing.</summary>
    [Fact]
    public async Task RunnerChoice_InHeadersOfTheApisOwnPaths_DoesNotGoUpstream()
    {
        await using var gateway = GatewayHost.Start(_upstream!.Address, Limited);
        using var client = gateway.CreateClient();
        client.DefaultRequestHeaders.Add("X-Clarifai-Deployment-Id", "d");

        using var answer = await client.PostAsync("/v2/models/m/outputs?deployment_id=d", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(_last!.Headers, entry => entry.Key.Contains("deployment", StringComparison.OrdinalIgnoreCase));
        Assert.Null(PostModelOutputsRequest.Parser.ParseFrom(_last.Request).RunnerSelector);
    }

    [Fact]
    public async Task Refusals_SayWhichRuleItIs()
    {
        await using var gateway = GatewayHost.Start(_upstream!.Address, Limited);
        using var client = gateway.CreateClient();

        var group = await Answer.OfAsync(client, "DELETE", Own + "/models/m", "{}");
        var named = await Answer.OfAsync(client, "GET", Own + "/models");
        var listed = await Answer.OfAsync(client, "POST", "/v2/models/other/outputs", "{}");
        var other = await Answer.OfAsync(client, "POST", "/v2/models/m/outputs", """{"model":{"id":"other"}}""");

        Assert.All([group, named, listed, other], answer => Assert.Equal((HttpStatusCode.Forbidden, 11007), (answer.HasTheApisShape().Http, answer.Code)));
        Assert.Equal("Tenant kitchen may not call DeleteModel, which is of the group 'write': its Rpcs would have to have one of the two.", group.Details);
        Assert.Contains("ListModels is about neither", named.Details, StringComparison.Ordinal);
        Assert.Contains("not to one of them", listed.Details, StringComparison.Ordinal);
        Assert.Contains("names another resource", other.Details, StringComparison.Ordinal);
    }

    private async Task ExpectAsync((string, string?)[] settings, string verb, string path, string? body, bool allowed)
    {
        await using var gateway = GatewayHost.Start(_upstream!.Address, settings);
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(verb), path) { Content = body is null ? null : new StringContent(body) };

        using var response = await client.SendAsync(request);

        Assert.True(response.StatusCode == (allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden), await response.Content.ReadAsStringAsync());
        Assert.Equal(allowed ? 1 : 0, _calls);
    }
}
