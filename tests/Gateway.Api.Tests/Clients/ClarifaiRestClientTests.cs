using System.Net;
using System.Text.Json;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Clients;

/// <summary>Clarifai's own REST client (npm package <c>clarifai</c>) against the gateway on its sandbox.</summary>
public sealed class ClarifaiRestClientTests : IDisposable
{
    private readonly GatewayHost _gateway = GatewayHost.Start();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("predict")]
    [InlineData("predictVersion")]
    [InlineData("predict", "clarifai", "main")]
    public async Task Predict_ImageFile_GivesItsConcepts(params string[] arguments)
    {
        var response = await RunAsync(arguments);

        Assert.Equal(10000, response.GetProperty("status").GetProperty("code").GetInt32());
        var output = Assert.Single(response.GetProperty("outputs").EnumerateArray());
        Assert.Equal(["png", "medium", "landscape", "blue", "bright"], Ids(output.GetProperty("data").GetProperty("concepts")).Take(5));
    }

    [Fact]
    public async Task Predict_TwoImages_GivesTwoOutputsInOrder()
    {
        var response = await RunAsync("predictTwo");

        Assert.Equal(["png", "jpeg"], response.GetProperty("outputs").EnumerateArray().Select(output => Ids(output.GetProperty("data").GetProperty("concepts"))[0]));
    }

    [Fact]
    public async Task Predict_MinValue_LeavesWeakConceptsOut()
    {
        var response = await RunAsync("minValue");

        var concepts = response.GetProperty("outputs")[0].GetProperty("data").GetProperty("concepts").EnumerateArray();
        Assert.NotEmpty(concepts);
        Assert.All(concepts, concept => Assert.InRange(concept.GetProperty("value").GetSingle(), 0.5f, 1));
    }

    [Fact]
    public async Task List_PageOfThree_GivesModelsTheClientUnderstands()
    {
        var models = await RunAsync("list");

        Assert.Equal(["image-classifier", "region-detector", "image-cropper"], Ids(models));
    }

    [Fact]
    public async Task Get_Model_GivesItWithItsConceptsAndVersion()
    {
        var model = await RunAsync("get");

        Assert.Equal("image-classifier", model.GetProperty("id").GetString());
        Assert.Contains("png", Ids(model.GetProperty("output_info").GetProperty("data").GetProperty("concepts")));
        Assert.NotEmpty(model.GetProperty("model_version").GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task GetVersions_Model_GivesTheOneItHas()
    {
        var response = await RunAsync("getVersions");

        Assert.Single(response.GetProperty("model_versions").EnumerateArray());
    }

    [Fact]
    public async Task Search_ByName_FindsTheModel()
    {
        Assert.Equal(["image-classifier"], Ids(await RunAsync("search")));
    }

    [Fact]
    public async Task Workflow_Predict_RunsItsNodesInOrder()
    {
        var response = await RunAsync("workflow");

        var outputs = response.GetProperty("results")[0].GetProperty("outputs").EnumerateArray();
        Assert.Equal(["region-detector", "image-cropper", "image-classifier"], outputs.Select(output => output.GetProperty("model").GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("unknownModel", HttpStatusCode.NotFound, 21200)]
    [InlineData("notBase64", HttpStatusCode.BadRequest, 11100)]
    public async Task Refusal_Reaches_TheClientAsAnError(string name, HttpStatusCode http, int code)
    {
        var refusal = await RunAsync(name);

        Assert.Equal((int)http, refusal.GetProperty("http").GetInt32());
        Assert.Equal(code, refusal.GetProperty("body").GetProperty("status").GetProperty("code").GetInt32());
    }

    private async Task<JsonElement> RunAsync(params string[] arguments)
    {
        using var http = _gateway.CreateClient();
        var address = http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        await using var program = await NodeProgram.StartAsync("clarifai-client.js", [address, .. arguments]);
        return JsonSerializer.Deserialize<JsonElement>(await program.ReadLineAsync());
    }

    private static string[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
}
