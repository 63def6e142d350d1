using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Faces.Methods.MethodUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Methods;

/// <summary>What a call of a method sends upstream, and what comes of the answer.</summary>
public sealed class MethodCallTests
{
    private const string Path = "/v2/users/u/apps/a/models/m/versions/v1/methods/predict";

    private static readonly MethodSignature Predict = Signature(
        "predict",
        [Field("prompt", DataType.Str), Field("count", DataType.Int, required: false)],
        [Field("return", DataType.Str)]);

    [Fact]
    public async Task Call_GoesUpstream_AsAnInputWithAPartForEachArgument()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.PostAsync(Path, new StringContent("""{"prompt":"hi","count":3}"""));

        Assert.Equal("\"hi\"", await answer.Content.ReadAsStringAsync());
        Assert.Equal(
            """
            { "userAppId": { "userId": "u", "appId": "a" }, "modelId": "m", "versionId": "v1", "inputs": [ { "data": { "metadata": { "_method_name": "predict" }, "parts": [ { "data": { "stringValue": "hi" }, "id": "prompt" }, { "data": { "intValue": "3" }, "id": "count" } ] } } ] }
            """,
            upstream.Request!.ToString());
    }

    [Theory]
    [InlineData("""{"a": 9007199254740993}""", """{ "a": 9007199254740992 }""")]
    [InlineData("""[1, "x"]""", """{ "_list": [ 1, "x" ] }""")]
    public async Task Json_GoesUpstream_AsAStructAndAsText(string json, string @struct)
    {
        await using var upstream = await StartAsync(Signature("predict", [Field("value", DataType.JsonData)], [Field("return", DataType.JsonData)]));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.PostAsync(Path, new StringContent($$"""{"value":{{json}}}"""));

        var data = upstream.Request!.Inputs[0].Data.Parts[0].Data;
        Assert.Equal((json, @struct), (data.StringValue, data.StructValue.ToString()));
    }

    [Fact]
    public async Task NamedFields_AreAllRequired()
    {
        var point = new ModelTypeField { Name = "point", Type = DataType.NamedFields, Required = true, TypeArgs = { Field("x", DataType.Int, required: false), Field("y", DataType.Int, required: false) } };
        await using var upstream = await StartAsync(Signature("predict", [point], []));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Path, """{"point":{"x":1}}""");

        Assert.Equal((400, "point.y: int is missing"), ((int)answer.HasTheApisShape().Http, answer.Details));
    }

    [Fact]
    public async Task Call_OfAModelInATenantsApp_NamesTheTenantsUserAndApp()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(
            upstream.Address, ("Gateway:Tenants:t:Keyless", "true"), ("Gateway:Tenants:t:Pat", "p"), ("Gateway:Tenants:t:UserId", "tu"), ("Gateway:Tenants:t:AppId", "ta"));
        using var client = gateway.CreateClient();

        using var answer = await client.PostAsync("/v2/models/a%2Fb/methods/predict", new StringContent("""{"prompt":"hi"}"""));

        Assert.Equal(("tu", "ta", "a/b"), (upstream.Request!.UserAppId.UserId, upstream.Request.UserAppId.AppId, upstream.Request.ModelId));
    }

    [Fact]
    public async Task Call_OfAModelThatTheTenantMayNotUse_IsRefused()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Tenants:t:Keyless", "true"), ("Gateway:Tenants:t:Pat", "p"), ("Gateway:Tenants:t:Models:0", "other"));
        using var client = gateway.CreateClient();

        var call = await Answer.OfAsync(client, "POST", "/v2/models/m/methods/predict", """{"prompt":"hi"}""");
        var list = await Answer.OfAsync(client, "GET", "/v2/models/m/methods");

        Assert.Equal((403, 403), ((int)call.HasTheApisShape().Http, (int)list.Http));
        Assert.Empty(upstream.Calls);
    }

    [Theory]
    [InlineData("X-Clarifai-Deployment-Id", "d", "", """{ "deployment": { "id": "d" } }""")]
    [InlineData("X-Clarifai-Nodepool-Id", "n", "?compute_cluster_id=c&deployment_user_id=u", """{ "nodepool": { "id": "n", "computeCluster": { "id": "c", "userId": "u" } } }""")]
    [InlineData("X-Other", "x", "?deployment_id=d&deployment_user_id=u", """{ "deployment": { "id": "d", "userId": "u" } }""")]
    public async Task Call_ChoosesWhereToRun(string header, string value, string query, string selector)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add(header, value);

        using var answer = await client.PostAsync(Path + query, new StringContent("""{"prompt":"hi"}"""));

        Assert.Equal(selector, upstream.Request!.RunnerSelector.ToString());
    }

    [Fact]
    public async Task Batch_IsAnsweredInOrder_FailuresInTheirPlaces()
    {
        await using var upstream = await StartAsync(Predict);
        upstream.Outcome = StatusCode.MixedStatus;
        upstream.Run = input => input.Data.Parts[0].Data.StringValue == "b"
            ? new Output { Status = new Status { Code = StatusCode.ModelPredictionFailed, Description = "Failed", Details = "not b" } }
            : Returned(input.Data.Parts[0].Data);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.PostAsync(Path, new StringContent("""[{"prompt":"a"},{"prompt":"b"},{"prompt":"c"}]"""));

        Assert.Equal(3, upstream.Request!.Inputs.Count);
        Assert.Equal(
            $$$"""["a",{"status":{"code":{{{(int)StatusCode.ModelPredictionFailed}}},"description":"Failed","details":"not b"}},"c"]""",
            await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("[]", "The body is a list without argument objects.")]
    [InlineData("""[{"prompt":"a"},{"prompt":1}]""", "[1].prompt: str was expected, a number was given")]
    [InlineData("[1]", "The body is neither an object of arguments nor a list of such objects.")]
    [InlineData("\"hi\"", "The body is neither an object of arguments nor a list of such objects.")]
    [InlineData("""[{"prompt":"a"},{"prompt":"b"},{"prompt":"c"}]""", "The list has 3 argument objects; the limit for one call is 2.")]
    [InlineData("", "prompt: str is missing")]
    [InlineData("""{"prompt":"a","size":1}""", "size: predict has no such argument; it has prompt, count")]
    public async Task Arguments_ThatDoNotFit_AreRefusedAndNotSent(string body, string details)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Limits:MaxModelInputs", "2"));
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Path, body);

        Assert.Equal((400, details), ((int)answer.HasTheApisShape().Http, answer.Details));
        Assert.Null(upstream.Request);
    }

    [Theory]
    [InlineData("{", "the JSON text ends too early at byte 1")]
    [InlineData("{\"prompt\":\"a\",\"prompt\":\"b\"}", "a member is given twice")]
    [InlineData("[[[[[1]]]]]", "nested more than 4 deep")]
    [ProvesSetting("Gateway:Limits:MaxJsonDepth")]
    public async Task Body_ThatIsNotReadable_IsRefused(string body, string details)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Limits:MaxJsonDepth", "4"));
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Path, body);

        Assert.Equal((400, 11100, details), ((int)answer.HasTheApisShape().Http, answer.Code, answer.Details));
    }

    [Fact]
    public async Task Body_OverTheLimit_IsRefused()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Limits:MaxBodyBytes", "64"));
        using var client = gateway.CreateClientWithKey();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[100]), "prompt", "a" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = form };

        var json = await Answer.OfAsync(client, "POST", Path, $$"""{"prompt":"{{new string('x', 100)}}"}""");
        var multipart = await Answer.OfAsync(client, request);

        Assert.Equal((413, 413), ((int)json.HasTheApisShape().Http, (int)multipart.HasTheApisShape().Http));
    }

    public static TheoryData<string, string> Shapes => new()
    {
        { """{ "parts": [ { "id": "return", "data": { "stringValue": "x" } } ] }""", "\"x\"" },
        { """{ "stringValue": "x" }""", "\"x\"" },
        { """{ "text": { "raw": "x" } }""", "\"x\"" },
        { "{ }", "\"\"" },
    };

    [Theory, MemberData(nameof(Shapes))]
    public async Task Result_IsFound_WhereverTheModelPutIt(string data, string result)
    {
        await using var upstream = await StartAsync(Predict);
        upstream.Run = _ => Output(Data.Parser.ParseJson(data));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.PostAsync(Path, new StringContent("""{"prompt":"hi"}"""));

        Assert.Equal(result, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Results_OfSeveralNames_AreAnObject()
    {
        await using var upstream = await StartAsync(Signature("predict", [], [Field("label", DataType.Str), Field("score", DataType.Float)]));
        upstream.Run = _ => Output(Data.Parser.ParseJson("""{ "stringValue": "cat", "parts": [ { "id": "score", "data": { "floatValue": 0.5 } } ] }"""));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.PostAsync(Path, null);

        Assert.Equal("""{"label":"cat","score":0.5}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Tokens_AreToldInHeaders_SummedOverABatch()
    {
        await using var upstream = await StartAsync(Predict);
        upstream.Run = input =>
        {
            var output = Returned(input.Data.Parts[0].Data);
            (output.PromptTokens, output.CompletionTokens, output.CachedTokens) = (3, 5, 1);
            return output;
        };
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.PostAsync(Path, new StringContent("""[{"prompt":"a"},{"prompt":"b"}]"""));

        Assert.Equal(("6", "10", "2"), (HeaderOf(answer, "X-Prompt-Tokens"), HeaderOf(answer, "X-Completion-Tokens"), HeaderOf(answer, "X-Cached-Tokens")));
    }

    [Fact]
    public async Task Failure_OfTheOnlyOutput_IsTheAnswersStatus()
    {
        await using var upstream = await StartAsync(Predict);
        upstream.Outcome = StatusCode.Failure;
        upstream.Run = _ => new Output { Status = new Status { Code = StatusCode.ModelBusyPleaseRetry, Description = "Busy", Details = "in a while" } };
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Upstream:Retry:MaxAttempts", "1"));
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Path, """{"prompt":"hi"}""");

        Assert.Equal((503, (int)StatusCode.ModelBusyPleaseRetry, "in a while"), ((int)answer.HasTheApisShape().Http, answer.Code, answer.Details));
        Assert.NotNull(answer.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Answer_WithoutOutputs_IsTheUpstreamsFault()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        upstream.Run = _ => new Output();
        upstream.DropsOutputs = true;

        var answer = await Answer.OfAsync(client, "POST", Path, """{"prompt":"hi"}""");

        Assert.Equal(502, (int)answer.HasTheApisShape().Http);
    }

    [Fact]
    public async Task Kind_ThatNoRpcCalls_IsNotImplemented()
    {
        await using var upstream = await StartAsync(Signature("predict", [], [], RunnerMethodType.StreamingUnary));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Path, "{}");

        Assert.Equal((501, "predict is of the kind STREAMING_UNARY, which the API cannot call."), ((int)answer.HasTheApisShape().Http, answer.Details));
    }

    private static string HeaderOf(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
