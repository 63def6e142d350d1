using System.Net;
using Gateway.Api.Tests.Faces.Mcp;

namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>The gateway's own faces, by every name that they take for a model or a workflow; and that no face tells what there is.</summary>
[Collection(MatrixServers.Collection)]
public sealed class FaceSmugglingTests(MatrixServers servers)
{
    private const string OpenAi = "/v2/ext/openai/v1";
    private const string Mcp = "/v2/ext/mcp/v1";
    private const string Secret = Policies.Secret;

    private const string Arguments = """{"msg":"hello"}""";

    private static readonly (string, string)[] AnyAnswer = [("Accept", "application/json, text/event-stream")];

    // In the order of the policies of names: who denies is as much refused as who lists others.
    private static readonly string[] DeniedNames =
    [
        Secret, "\\u0073ecret", "u/a/models/secret", "u/a/models/secret/versions/v", "me/a/models/secret", "alias-of-secret", "https://clarifai.com/u/a/models/secret", "HTTPS://CLARIFAI.COM/u/a/models/secret",
        "https://clarifai.com/u/a/models/%73ecret", "https://clarifai.com/u/a/models/secret/", "https://clarifai.com/%75/%61/models/secret", "https://clarifai.com/%6De/a/models/secret/versions/v",
    ];

    private static readonly string[] OddNames =
    [
        "secret ", " secret", "SECRET", "%73ecret", "u/a/models/%73ecret", "https://clarifai.com/u/a/models/%2573ecret", "clarifai.com/u/a/models/secret", "u/a/models/m/../secret", "u/a/models/m/versions/../../secret",
        "https://clarifai.com/u/a/models/m%2F..%2Fsecret", "https://clarifai.com/u/a/models/m#secret", "https://clarifai.com/u/a/models/m?model=secret", "/secret", "u//models/secret", "u/a/workflows/secret", "stranger/a/models/secret",
        "u/a/models/m\\u0000", "https://clarifai.com:443/u/a/models/secret", "http://clarifai.com/u/a/models/secret", "https://clarifai.com@u/a/models/secret",
    ];

    private static readonly string[] OwnNames =
        ["m", "u/a/models/m", "https://clarifai.com/u/a/models/m", "https://clarifai.com/u/a/models/%6D", "alias-of-m", "HTTPS://clarifai.com/u/a/models/m/"];

    private static readonly string[] Streams = ["true", "false"];
    private static readonly string[] MethodNames = ["predict", "%70redict", "..%2Fsecret%2Fmethods%2Fpredict", "openai_transport"];

    private static readonly string[] ModelPaths =
    [
        "/models/secret", "/models/%73ecret", "/models/secret/versions/v", "/users/u/apps/a/models/secret", "/users/%75/apps/a/models/%73%65cret", "/users/me/apps/a/models/secret/versions/v",
        "/Users/u/Apps/a/Models/secret",
    ];

    private static readonly string[] OddModelPaths =
    [
        "/models/%2573ecret", "/models/m%2F..%2Fsecret", "/models/m/../secret", "/models/m/%2e%2e/secret", "/models/m/versions/../../secret", "/models//secret", "/models/SECRET", "/users/stranger/apps/a/models/secret",
    ];

    private static readonly string[] OwnModelPaths = ["/models/m", "/models/%6D", "/users/u/apps/a/models/m", "/users/u/apps/a/models/m/versions/v"];

    [Theory]
    [InlineData("/chat/completions")]
    [InlineData("/completions")]
    [InlineData("/embeddings")]
    [InlineData("/images/generations")]
    [InlineData("/responses")]
    public async Task OpenAi_ByEveryNameOfAModel_OpensNothingElse(string path)
    {
        string[] duplicates =
        [
            "\"model\":\"m\",\"model\":\"secret\"", "\"model\":\"secret\",\"model\":\"m\"", "\"Model\":\"secret\",\"model\":\"m\"", "\"model\":[\"secret\"]", "\"model\":{\"id\":\"secret\"}", "\"model\":null,\"model\":\"secret\"",
            "\"\\u006dodel\":\"secret\",\"model\":\"m\"", "\"model\":\"m\",\"model_id\":\"secret\",\"user_app_id\":{\"user_id\":\"stranger\"}",
        ];
        var attempts =
            from policy in Policies.OfNames
            from one in Bodies(DeniedNames, Arrival.Refused).Concat(Bodies(OddNames, null)).Concat(Bodies(OwnNames, Arrival.Call)).Concat(duplicates.Select(body => (Body: body, Arrival: (Arrival?)null)))
            select Post($"{path} {one.Body}", policy, one.Arrival, OpenAi + path, Body(path, one.Body));
        var scopes =
            from policy in Policies.OfRpcs
            from stream in Streams
            where stream == "false" || path is not ("/embeddings" or "/images/generations")
            let mayRun = policy.MayCall(stream == "true" ? "GenerateModelOutputs" : "PostModelOutputs")
            select Post($"{path} stream={stream}", policy, mayRun ? Arrival.Call : null, OpenAi + path, Body(path, $"\"model\":\"m\",\"stream\":{stream}"));

        await MatrixRun.AssertAsync(servers, [.. attempts, .. scopes]);
    }

    [Fact]
    public async Task OpenAi_DescriptionOfAModel_IsOfThoseThatMayBeRead()
    {
        var attempts =
            from policy in Policies.OfNames
            from name in DeniedNames.Where(name => name[0] != '\\')
            from written in new[] { name, Uri.EscapeDataString(name) }
            where policy.Name is Policies.DeniesModels or Policies.KeyDenies || !name.StartsWith("alias", StringComparison.Ordinal)
            select new Attempt(written, policy, Arrival.Nothing, id => MatrixClient.HttpAsync(servers, policy, id, "GET", $"{OpenAi}/models/{written}"));
        var lists = Policies.OfNames.Select(policy => new Attempt("list", policy, null, id => MatrixClient.HttpAsync(servers, policy, id, "GET", OpenAi + "/models")));
        var own = Policies.OfNames.Select(policy => new Attempt("own", policy, Arrival.Call, id => MatrixClient.HttpAsync(servers, policy, id, "GET", OpenAi + "/models/m")));

        await MatrixRun.AssertAsync(servers, [.. attempts, .. lists, .. own]);
    }

    [Fact]
    public async Task Mcp_ByEveryPathAndTool_OpensNothingElse()
    {
        var tools = new[] { "predict", "secret", "../secret/predict", "secret/predict", "PREDICT", "openai_transport", "predict\\u0000" };
        var attempts =
            from policy in Policies.OfNames
            from one in Paths()
            from tool in tools
            select Post($"{one.Path} {tool}", policy, one.Arrival == Arrival.Call && tool != "predict" ? null : one.Arrival, Mcp + one.Path, Call(tool));
        var scopes =
            from policy in Policies.OfRpcs.Append(Policies.All[Policies.Only("GenerateModelOutputs")])
            select Post("predict", policy, policy.MayCall("PostModelOutputs") ? Arrival.Call : null, Mcp + "/models/m", Call("predict"));

        await MatrixRun.AssertAsync(servers, [.. attempts, .. scopes]);
    }

    [Fact]
    public async Task Methods_ByEveryPath_OpenNothingElse()
    {
        var attempts =
            from policy in Policies.OfNames
            from one in Paths()
            from method in MethodNames
            let isMethod = method is "predict" or "%70redict"
            select Post($"{one.Path} {method}", policy, one.Arrival == Arrival.Call && !isMethod ? null : one.Arrival, $"/v2{one.Path}/methods/{method}", Arguments);
        var scopes =
            from policy in Policies.OfRpcs.Append(Policies.All[Policies.Only("GenerateModelOutputs")])
            select Post("predict", policy, policy.MayCall("PostModelOutputs") ? Arrival.Call : null, "/v2/models/m/methods/predict", Arguments);

        await MatrixRun.AssertAsync(servers, [.. attempts, .. scopes]);
    }

    [Fact]
    public async Task HomeAssistant_ByEveryNameOfAWorkflow_OpensNothingElse()
    {
        (string Members, Arrival? Arrival)[] bodies =
        [
            ("\"workflow_id\":\"w\"", Arrival.Call), ("\"workflow_id\":\"w\",\"user_id\":\"u\",\"app_id\":\"a\"", Arrival.Call), ("\"workflow_id\":\"secret\"", Arrival.Refused),
            ("\"workflow_id\":\"\\u0073ecret\"", Arrival.Refused), ("\"workflow_id\":\"secret\",\"app_id\":\"a\"", Arrival.Refused), ("\"workflow_id\":\"secret\",\"user_id\":\"me\",\"app_id\":\"a\"", Arrival.Refused),
            ("\"workflow_id\":\"secret\",\"user_id\":\"u\",\"app_id\":\"a\"", Arrival.Refused), ("\"workflow_id\":\"w\",\"workflow_id\":\"secret\"", null), ("\"workflow_id\":\"secret\",\"workflow_id\":\"w\"", null),
            ("\"workflowId\":\"secret\"", null), ("\"workflow_id\":\"w\",\"workflowId\":\"secret\",\"model_id\":\"secret\"", null), ("\"workflow_id\":\"w/../secret\"", null), ("\"workflow_id\":\"secret \"", null),
        ];
        var attempts =
            from policy in Policies.OfNames
            from one in bodies
            let arrival = policy.Name == MatrixServers.Resident ? one.Arrival : Arrival.Nothing
            select Post(one.Members, policy, arrival, "/home-assistant/predict", $"{{\"entity_id\":\"camera.front_door\",{one.Members}}}");

        await MatrixRun.AssertAsync(servers, [.. attempts]);
    }

    /// <summary>Of a model that one may not use, a refusal tells nothing, whether there is one or not.</summary>
    [Theory]
    [InlineData("GET", "/v2/models/MODEL", null)]
    [InlineData("GET", "/v2/users/u/apps/a/models/MODEL/versions", null)]
    [InlineData("POST", "/v2/models/MODEL/outputs", "{}")]
    [InlineData("POST", "/v2/workflows/MODEL/results", "{}")]
    [InlineData("POST", "/v2/models/MODEL/methods/predict", "{}")]
    [InlineData("GET", "/v2/models/MODEL/methods", null)]
    [InlineData("POST", OpenAi + "/chat/completions", "{\"model\":\"MODEL\",\"messages\":[]}")]
    [InlineData("GET", OpenAi + "/models/MODEL", null)]
    [InlineData("POST", Mcp + "/models/MODEL", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}")]
    public async Task Refusal_OfWhatIsThereAndWhatIsNot_IsTheSame(string verb, string path, string? body)
    {
        foreach (var policy in Policies.OfNames)
        {
            var there = await AnswerAsync(policy, Secret);
            var missing = await AnswerAsync(policy, Policies.Missing);

            Assert.Equal(HttpStatusCode.Forbidden, there.Status);
            Assert.Equal(there, missing);
        }

        async Task<(HttpStatusCode Status, string Headers, string Body)> AnswerAsync(Policy policy, string model)
        {
            // The ids are as long as each other.
            using var response = await MatrixClient.SendAsync(
                servers, policy, "the-request", verb, Written(path, model), body is null ? null : Written(body, model), AnyAnswer);
            response.Headers.Date = null;
            return (response.StatusCode, response.Headers + response.Content.Headers.ToString(), await response.Content.ReadAsStringAsync());
        }

        static string Written(string text, string model) => text.Replace("MODEL", model, StringComparison.Ordinal);
    }

    /// <summary>To those who may ask, the two are not the same.</summary>
    [Fact]
    public async Task AnswerToTheOpen_OfWhatIsThereAndWhatIsNot_Differs()
    {
        using var there = await MatrixClient.SendAsync(servers, Policies.All["key-all"], servers.NewId(), "GET", "/v2/models/secret");
        using var missing = await MatrixClient.SendAsync(servers, Policies.All["key-all"], servers.NewId(), "GET", "/v2/models/missing");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (there.StatusCode, missing.StatusCode));
    }

    private static IEnumerable<(string Path, Arrival? Arrival)> Paths() =>
        ModelPaths.Select(path => (path, (Arrival?)Arrival.Refused)).Concat(OddModelPaths.Select(path => (path, (Arrival?)null))).Concat(OwnModelPaths.Select(path => (path, (Arrival?)Arrival.Call)));

    private static IEnumerable<(string Body, Arrival? Arrival)> Bodies(IEnumerable<string> names, Arrival? arrival) => names.Select(name => ($"\"model\":\"{name}\"", arrival));

    private static string Body(string path, string members)
    {
        var asked = path switch
        {
            "/chat/completions" => """ "messages":[{"role":"user","content":"hello"}]""",
            "/embeddings" or "/responses" => """ "input":"hello" """,
            _ => """ "prompt":"hello" """,
        };
        return $"{{{members},{asked}}}";
    }

    private static string Call(string tool) => McpPost.Call(tool, Arguments);

    private Attempt Post(string name, Policy policy, Arrival? expected, string path, string body) =>
        new(name, policy, expected, id => MatrixClient.HttpAsync(servers, policy, id, "POST", path, body, AnyAnswer));
}
