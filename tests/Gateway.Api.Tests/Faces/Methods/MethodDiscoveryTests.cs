using System.Text.Json.Nodes;
using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using static Gateway.Api.Tests.Faces.Methods.MethodUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Methods;

/// <summary>How a model's methods are found, told, kept and found again.</summary>
public sealed class MethodDiscoveryTests
{
    private static readonly MethodSignature Predict = Signature("predict", [Field("prompt", DataType.Str)], [Field("return", DataType.Str)]);

    [Theory]
    [InlineData("/v2/models/m/methods", new[] { "GetModel", "GetModelVersion" })]
    [InlineData("/v2/models/m/versions/v1/methods", new[] { "GetModelVersion" })]
    [InlineData("/v2/users/u/apps/a/models/m/methods", new[] { "GetModel", "GetModelVersion" })]
    [InlineData("/v2/users/u/apps/a/models/m/versions/v1/methods", new[] { "GetModelVersion" })]
    public async Task List_AsksTheCatalogue(string path, string[] rpcs)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var list = JsonNode.Parse(await client.GetStringAsync(path))!;

        Assert.Equal(("m", "v1"), ((string)list["model_id"]!, (string)list["version_id"]!));
        Assert.Equal("predict(prompt: str) -> str", (string)list["methods"]![0]!["signature"]!);
        Assert.Equal(rpcs, upstream.Rpcs);
    }

    [Theory]
    [InlineData("/v2/users/u/apps/a/models/m/methods")]
    [InlineData("/v2/users/u/apps/a/models/m/versions/v1/methods")]
    public async Task List_AsksForTheVersion_ThatTheModelHasOrThePathNames(string path)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        await client.GetStringAsync(path);

        Assert.Equal("""{ "userAppId": { "userId": "u", "appId": "a" }, "modelId": "m", "versionId": "v1" }""", upstream.VersionRequest!.ToString());
    }

    [Fact]
    public async Task Method_IsDescribed()
    {
        var count = Field("count", DataType.Int, required: false);
        (count.Default, count.Description) = ("3", "How many.");
        await using var upstream = await StartAsync(Signature("predict", [Field("prompt", DataType.Str), count], [Field("return", DataType.Image)], RunnerMethodType.UnaryStreaming));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var method = await client.GetStringAsync("/v2/models/m/methods/predict");

        var expected = """
            {
              "name": "predict", "kind": "UNARY_STREAMING", "signature": "predict(prompt: str, count: int = 3) -> Image", "description": "",
              "arguments": {
                "type": "object",
                "properties": { "prompt": { "type": "string" }, "count": { "type": "integer", "description": "How many.", "default": 3 } },
                "required": ["prompt"], "additionalProperties": false
              },
              "result": { "type": "object", "properties": { "url": { "type": "string" }, "base64": { "type": "string" } } }
            }
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(method)), method);
    }

    [Fact]
    public async Task Model_ServedLocally_IsAskedItself()
    {
        await using var upstream = await StartAsync();
        upstream.Version = null;
        upstream.Listing = """{"predict":{"name":"predict","methodType":"UNARY_UNARY","inputFields":[{"name":"x","type":"LIST","typeArgs":[{"type":"INT"}],"required":true}],"outputFields":[{"name":"return","type":"STR"}]}}""";
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var list = JsonNode.Parse(await client.GetStringAsync("/v2/models/m/methods"))!;

        Assert.Equal("predict(x: list[int]) -> str", (string)list["methods"]![0]!["signature"]!);
        Assert.Equal(["GetModel", "PostModelOutputs"], upstream.Rpcs);
    }

    [Fact]
    public async Task Model_OfTheOlderKind_HasNoMethods()
    {
        await using var upstream = await StartAsync();
        upstream.Listing = "a cat, surely";
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", "/v2/models/m/methods/predict", "{}");

        Assert.Equal((404, "The model m has no method predict; it has none."), ((int)answer.HasTheApisShape().Http, answer.Details));
    }

    [Fact]
    public async Task Model_ThatRefuses_IsTheAnswer()
    {
        await using var upstream = await StartAsync();
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "GET", "/v2/models/m/methods");

        Assert.Equal((400, 21202), ((int)answer.Http, answer.Code));
    }

    [Fact]
    public async Task Methods_AreKept_ForAWhile()
    {
        var clock = new ManualTimeProvider();
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();
        const string path = "/v2/models/m/versions/v1/methods";

        await client.GetStringAsync(path);
        await client.GetStringAsync(path);
        Assert.Single(upstream.Calls);

        upstream.Version!.MethodSignatures.Add(Signature("second", [], []));
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Contains("second", await client.GetStringAsync(path));
    }

    [Fact]
    public async Task Method_ThatIsNotKnown_IsAskedFor_OnceASecond()
    {
        var clock = new ManualTimeProvider();
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();
        const string path = "/v2/models/m/versions/v1/methods/second";

        await Answer.OfAsync(client, "GET", path);
        await Answer.OfAsync(client, "GET", path);
        Assert.Single(upstream.Calls);

        upstream.Version!.MethodSignatures.Add(Signature("second", [], []));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("second() -> None", (await client.GetStringAsync(path)).Replace("\\u003E", ">"));
    }

    [Fact]
    public async Task Methods_OfOneKey_AreNotShownToAnother()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var one = gateway.CreateClientWithKey("one");
        using var other = gateway.CreateClientWithKey("other");
        const string path = "/v2/models/m/versions/v1/methods";

        await one.GetStringAsync(path);
        await other.GetStringAsync(path);

        Assert.Equal(["Key one", "Key other"], upstream.Calls.Select(call => call.Key));
    }

    [Fact]
    public async Task Methods_ServeOn_WhenTheUpstreamCannotBeAsked()
    {
        var clock = new ManualTimeProvider();
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, clock, ("Gateway:Upstream:Retry:MaxAttempts", "1"));
        using var client = gateway.CreateClientWithKey();
        const string path = "/v2/models/m/versions/v1/methods";
        await client.GetStringAsync(path);

        await upstream.DisposeAsync();
        clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Contains("predict", await client.GetStringAsync(path));
    }
}
