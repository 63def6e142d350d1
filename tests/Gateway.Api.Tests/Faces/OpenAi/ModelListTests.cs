using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Google.Protobuf.WellKnownTypes;
using static Gateway.Api.Tests.Faces.OpenAi.Face;
using static Gateway.Api.Tests.Faces.OpenAi.OpenAiUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>The list that chat UIs fill their menus from.</summary>
public sealed class ModelListTests
{
    private static readonly (string Key, string? Value)[] Tenant =
    [
        ("Gateway:Tenants:t:Keyless", "true"),
        ("Gateway:Tenants:t:Pat", "p"),
        ("Gateway:Tenants:t:UserId", "tu"),
        ("Gateway:Tenants:t:AppId", "ta"),
    ];

    private readonly ConcurrentQueue<string> _asked = [];

    [Fact]
    public async Task Sandbox_HasTheModelsThatCanBeCalled()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var names = await NamesAsync(client, "/v1/models");
        var answers = await Task.WhenAll(names.Select(name => client.GetAsync($"/v1/models/{name}")));

        Assert.Contains(names, name => name.EndsWith("text-generator", StringComparison.Ordinal));
        Assert.Contains(names, name => name.EndsWith("text-embedder", StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name.EndsWith("image-classifier", StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task Upstream_IsAskedForTheTenantsApp_AndForMethods_AndNoModelIsRun()
    {
        await using var upstream = await StartAsync();
        await using var gateway = GatewayHost.Start(upstream.Address, [.. Tenant, ("Gateway:OpenAi:Aliases:chat", "x/y/models/z")]);
        using var client = gateway.CreateClient();

        var list = JsonNode.Parse(await client.GetStringAsync($"{Root}/models"))!;
        var again = await client.GetStringAsync($"{Root}/models");

        Assert.Equal(
            """
            {"object":"list","data":[{"id":"chat","object":"model","created":0,"owned_by":"x"},{"id":"told","object":"model","created":7,"owned_by":"tu"},{"id":"asked","object":"model","created":7,"owned_by":"tu"},{"id":"other/app/models/shared","object":"model","created":7,"owned_by":"other"}]}
            """,
            list.ToJsonString());
        Assert.Equal(list.ToJsonString(), again);
        Assert.Equal(["ListModels tu/ta", "version of asked", "version of none", "version of shared"], _asked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Alias_TakesTheNameOfAModel_WhichThenHasItsAddress()
    {
        await using var upstream = await StartAsync();
        await using var gateway = GatewayHost.Start(upstream.Address, [.. Tenant, ("Gateway:OpenAi:Aliases:told", "x/y/models/z")]);
        using var client = gateway.CreateClient();

        Assert.Equal(["told", "tu/ta/models/told", "asked", "other/app/models/shared"], await NamesAsync(client, $"{Root}/models"));
    }

    [Fact]
    public async Task Tenant_SeesWhatItMayRun()
    {
        await using var upstream = await StartAsync();
        await using var gateway = GatewayHost.Start(upstream.Address, [.. Tenant, ("Gateway:Tenants:t:Models:0", "asked")]);
        using var client = gateway.CreateClient();

        Assert.Equal(["asked"], await NamesAsync(client, $"{Root}/models"));
        Assert.Equal(["model asked"], _asked);
    }

    [Fact]
    public async Task Tenant_ThatMayNotList_SeesAliases()
    {
        await using var upstream = await StartAsync();
        await using var gateway = GatewayHost.Start(
            upstream.Address, [.. Tenant, ("Gateway:Tenants:t:Rpcs:0", "predict"), ("Gateway:OpenAi:Aliases:chat", "tu/ta/models/told")]);
        using var client = gateway.CreateClient();

        Assert.Equal(["chat"], await NamesAsync(client, $"{Root}/models"));
        Assert.Empty(_asked);
    }

    [Fact]
    [ProvesSetting("Gateway:OpenAi:ListModels")]
    public async Task Setting_LeavesTheUpstreamAlone()
    {
        await using var upstream = await StartAsync();
        await using var gateway = GatewayHost.Start(upstream.Address, [.. Tenant, ("Gateway:OpenAi:ListModels", "false")]);
        using var client = gateway.CreateClient();

        Assert.Empty(await NamesAsync(client, $"{Root}/models"));
        Assert.Empty(_asked);
    }

    /// <summary>A menu that is empty because a key is wrong would not say so.</summary>
    [Fact]
    public async Task Upstream_ThatRefuses_IsToldOf_UnlessThereAreAliases()
    {
        await using var upstream = await RecordingUpstream.StartAsync(
            _ => new MultiModelResponse { Status = new Status { Code = StatusCode.ConnKeyInvalid, Description = "Invalid API key" } });
        await using var gateway = GatewayHost.Start(upstream.Address, Tenant);
        await using var aliased = GatewayHost.Start(upstream.Address, [.. Tenant, ("Gateway:OpenAi:Aliases:chat", "x/y/models/z")]);
        using var client = gateway.CreateClient();
        using var other = aliased.CreateClient();

        var refused = await Answer.OfAsync(client, "GET", $"{Root}/models");

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_api_key"), (refused.Http, (string?)ErrorOf(refused)["code"]));
        Assert.Equal(["chat"], await NamesAsync(other, $"{Root}/models"));
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1//chat/completions")]
    [InlineData("/V1/chat/completions")]
    public async Task Face_IsAtTheRootAsWell(string path)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await AskAsync(client, path, """{"model":"text-generator","max_tokens":2,"messages":[{"role":"user","content":"The lighthouse"}]}""");

        Assert.Equal("chat.completion", (string?)answer["object"]);
    }

    [Theory]
    [InlineData("/v1/models/u/a/models/m?x=/v1/models/y", "u/a/models/m")]
    [InlineData("/v1/models/https%3A%2F%2Fclarifai.com%2Fu%2Fa%2Fmodels%2Fm", "https://clarifai.com/u/a/models/m")]
    [InlineData("/v1//models/u/a/models/v1", "u/a/models/v1")]
    public async Task Root_KeepsTheModelsName(string path, string name)
    {
        await using var upstream = await StartTransportAsync();
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "GET", path);

        Assert.Equal((HttpStatusCode.OK, name), (answer.Http, (string?)answer.Body["id"]));
    }

    [Theory]
    [InlineData("/v1")]
    [InlineData("/v11/models")]
    public async Task Path_ThatIsNearlyTheRoots_IsUnknown(string path)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        Assert.Equal(404, (int)(await Answer.OfAsync(client, "GET", path)).HasTheApisShape().Http);
    }

    [Fact]
    [ProvesSetting("Gateway:OpenAi:AtRoot")]
    public async Task Root_CanBeLeftAlone()
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:OpenAi:AtRoot", "false"));
        using var client = gateway.CreateClientWithKey();

        Assert.Equal(404, (int)(await Answer.OfAsync(client, "GET", "/v1/models")).HasTheApisShape().Http);
    }

    private static async Task<string[]> NamesAsync(HttpClient client, string path) =>
        [.. JsonNode.Parse(await client.GetStringAsync(path))!["data"]!.AsArray().Select(model => (string)model!["id"]!)];

    // One whose methods the listing tells, three that have to be asked for, one of which has none that fit; one that has no version.
    private Task<RecordingUpstream> StartAsync() => RecordingUpstream.StartAsync(call =>
    {
        if (call.Path.EndsWith("/ListModels", StringComparison.Ordinal))
        {
            var request = ListModelsRequest.Parser.ParseFrom(call.Request);
            _asked.Enqueue($"ListModels {request.UserAppId.UserId}/{request.UserAppId.AppId}");
            return new MultiModelResponse
            {
                Status = Success,
                Models =
                {
                    Listed("tu", "ta", "told", Transport), Listed("tu", "ta", "asked"), Listed("tu", "ta", "none"),
                    Listed("other", "app", "shared"), new Model { Id = "unversioned", UserId = "tu", AppId = "ta" },
                },
            };
        }

        if (call.Path.EndsWith("/GetModel", StringComparison.Ordinal))
        {
            var request = GetModelRequest.Parser.ParseFrom(call.Request);
            _asked.Enqueue($"model {request.ModelId}");
            return new SingleModelResponse { Status = Success, Model = Listed("tu", "ta", request.ModelId, Transport) };
        }

        var version = GetModelVersionRequest.Parser.ParseFrom(call.Request);
        Assert.EndsWith("/GetModelVersion", call.Path, StringComparison.Ordinal);
        _asked.Enqueue($"version of {version.ModelId}");
        return new SingleModelVersionResponse
        {
            Status = Success,
            ModelVersion = new ModelVersion
            {
                Id = "v",
                MethodSignatures = { Signature(version.ModelId == "none" ? "predict" : "chat", RunnerMethodType.UnaryUnary, (version.ModelId == "none" ? "image" : "prompt", DataType.Str)) },
            },
        };
    });

    private static Status Success => new() { Code = StatusCode.Success };

    private static Model Listed(string user, string app, string id, params MethodSignature[] methods) => new()
    {
        Id = id,
        UserId = user,
        AppId = app,
        CreatedAt = new Timestamp { Seconds = 7 },
        ModelVersion = new ModelVersion { Id = "v", MethodSignatures = { methods } },
    };
}
