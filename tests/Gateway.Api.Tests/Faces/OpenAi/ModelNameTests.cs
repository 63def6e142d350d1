using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using static Gateway.Api.Tests.Faces.OpenAi.Face;
using static Gateway.Api.Tests.Faces.OpenAi.OpenAiUpstream;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>What the model of a request stands for.</summary>
public sealed class ModelNameTests
{
    private static readonly (string Key, string? Value)[] Settings =
    [
        ("Gateway:OpenAi:Aliases:gpt-4o", "https://clarifai.com/u/a/models/m/versions/v"),
        ("Gateway:OpenAi:Aliases:mine", "own"),
        ("Gateway:OpenAi:Aliases:llama3:8b", "u/a/models/llama"),
        ("Gateway:Tenants:t:Keyless", "true"),
        ("Gateway:Tenants:t:Pat", "p"),
        ("Gateway:Tenants:t:UserId", "tu"),
        ("Gateway:Tenants:t:AppId", "ta"),
    ];

    [Theory]
    [InlineData("https://clarifai.com/u/a/models/m", "u", "a", "m", "")]
    [InlineData("https://clarifai.com/u/a/models/m/versions/v", "u", "a", "m", "v")]
    [InlineData("https://clarifai.com/u/a/models/m%20n/", "u", "a", "m n", "")]
    [InlineData("u/a/models/m", "u", "a", "m", "")]
    [InlineData("u/a/models/m/versions/v", "u", "a", "m", "v")]
    [InlineData("m", "tu", "ta", "m", "")]
    [InlineData("gpt-4o", "u", "a", "m", "v")]
    [InlineData("mine", "tu", "ta", "own", "")]
    [InlineData("llama3:8b", "u", "a", "llama", "")]
    [ProvesSetting("Gateway:OpenAi:Aliases:<alias>")]
    public async Task Name_IsAModel(string name, string user, string app, string model, string version)
    {
        await using var upstream = await StartTransportAsync("{}");
        await using var gateway = GatewayHost.Start(upstream.Address, Settings);
        using var client = gateway.CreateClient();

        await AskAsync(client, Chat, $$"""{"model":"{{name}}"}""");

        var request = upstream.Requests.Single();
        Assert.Equal((user, app, model, version), (request.UserAppId.UserId, request.UserAppId.AppId, request.ModelId, request.VersionId));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\" \"")]
    [InlineData("\"\\t\"")]
    [InlineData("\"u/ /models/m\"")]
    [InlineData("\"https://clarifai.com/u/%20/models/m\"")]
    public async Task Name_ThatIsBlank_IsRefusedUnasked(string name)
    {
        await using var upstream = await StartTransportAsync("{}");
        await using var gateway = GatewayHost.Start(upstream.Address, Settings);
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = new StringContent($$"""{"model":{{name}}}""") };

        var answer = await Answer.OfAsync(client, request);

        Assert.Equal((HttpStatusCode.BadRequest, "model"), (answer.Http, (string?)ErrorOf(answer)["param"]));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task List_HasTheAliases_ThatTheTenantMayUse()
    {
        await using var gateway = GatewayHost.Start(settings: [.. Settings, ("Gateway:Tenants:t:Models:0", "own")]);
        using var client = gateway.CreateClient();

        var list = JsonNode.Parse(await client.GetStringAsync($"{Root}/models"))!;
        using var refused = await client.GetAsync($"{Root}/models/gpt-4o");

        Assert.Equal("""{"object":"list","data":[{"id":"mine","object":"model","created":0,"owned_by":"tu"}]}""", list.ToJsonString());
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Alias_WithColons_ComesFromTheSettingsFileAsItIsWritten()
    {
        const string file = """{"Gateway":{"OpenAi":{"Aliases":{"llama3":"x/y/models/three","llama3:8b":"x/y/models/eight","llama3:8b:q4":"x/y/models/four"}}}}""";
        var settings = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(file))).Build().AsEnumerable();
        await using var gateway = GatewayHost.Start(settings: [.. settings.Where(setting => setting.Value is not null).Select(setting => (setting.Key, setting.Value))]);
        using var client = gateway.CreateClientWithKey();

        var list = JsonNode.Parse(await client.GetStringAsync($"{Root}/models"))!;

        Assert.Equal(["llama3", "llama3:8b", "llama3:8b:q4"], list["data"]!.AsArray().Take(3).Select(model => (string)model!["id"]!));
    }

    [Theory]
    [InlineData("gpt-4o")]
    [InlineData("llama3:8b")]
    [InlineData("llama3%3A8b")]
    [InlineData("u/a/models/m")]
    [InlineData("u%2Fa%2Fmodels%2Fm")]
    [InlineData("https%3A%2F%2Fclarifai.com%2Fu%2Fa%2Fmodels%2Fm")]
    public async Task Get_DescribesOne(string name)
    {
        await using var upstream = await StartTransportAsync();
        await using var gateway = GatewayHost.Start(upstream.Address, Settings);
        using var client = gateway.CreateClient();

        var model = JsonNode.Parse(await client.GetStringAsync($"{Root}/models/{name}"))!;

        Assert.Equal((Uri.UnescapeDataString(name), "model", "u"), ((string)model["id"]!, (string)model["object"]!, (string)model["owned_by"]!));
    }

    [Fact]
    public async Task Document_HasTheFacesRoutes()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClient();

        var paths = JsonNode.Parse(await client.GetStringAsync("/openapi/v2.json"))!["paths"]!.AsObject();

        var routes = paths.Where(path => path.Key.StartsWith(Root, StringComparison.Ordinal)).SelectMany(path => path.Value!.AsObject().Select(verb => $"{verb.Key} {path.Key[Root.Length..]}"));
        Assert.Equal(
            ["get /models", "get /models/{model}", "post /chat/completions", "post /completions", "post /embeddings", "post /images/generations", "post /responses"],
            routes.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("llama3:8b")]
    public void Alias_OfNoModel_StopsTheStart(string alias)
    {
        var fault = Assert.Throws<OptionsValidationException>(() => GatewayHost.Start(settings: [($"Gateway:OpenAi:Aliases:{alias}", "a/b")]));

        Assert.Contains($"Gateway:OpenAi:Aliases:{alias} is https://clarifai.com/user/app/models/id, user/app/models/id or id.", fault.Message, StringComparison.Ordinal);
    }
}
