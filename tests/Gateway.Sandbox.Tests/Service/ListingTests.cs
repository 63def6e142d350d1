using Clarifai.Api;
using Clarifai.Api.Status;

namespace Gateway.Sandbox.Tests.Service;

/// <summary>What clients list before they use anything.</summary>
public class ListingTests
{
    private static readonly string[] Some = ["png", "landscape", "bright", "red", "positive", "negative"];

    [Fact]
    public async Task ListModels_Versions_SayWhoseTheyAre()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.CallAsync<MultiModelResponse>("ListModels", new ListModelsRequest { UserAppId = new UserAppIDSet { UserId = "ada", AppId = "engines" } });

        Assert.All(response.Models, model => Assert.Equal(("ada", "engines"), (model.ModelVersion.UserId, model.ModelVersion.AppId)));
    }

    [Theory]
    [InlineData("", "", "clarifai", "main")]
    [InlineData("me", "mine", "clarifai", "mine")]
    public async Task ListApps_HasTheAppAskedFor(string user, string app, string expectedUser, string expectedApp)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.CallAsync<MultiAppResponse>("ListApps", new ListAppsRequest { UserAppId = new UserAppIDSet { UserId = user, AppId = app } });

        Assert.Equal(StatusCode.Success, response.Status.Code);
        var only = Assert.Single(response.Apps);
        Assert.Equal((expectedApp, expectedUser), (only.Id, only.UserId));
    }

    [Theory]
    [InlineData("ma*", "", 0, 1)]
    [InlineData("other", "", 0, 0)]
    [InlineData("", "MAI", 0, 1)]
    [InlineData("", "other", 0, 0)]
    [InlineData("", "", 2, 0)]
    public async Task ListApps_Filter_Selects(string name, string search, uint page, int expected)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.CallAsync<MultiAppResponse>("ListApps", new ListAppsRequest { Name = name, Search = search, Page = page });

        Assert.Equal(expected, response.Apps.Count);
    }

    [Fact]
    public async Task ListConcepts_HasWhatTheModelsCanAnswer_OnceEach()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.CallAsync<MultiConceptResponse>("ListConcepts", new ListConceptsRequest { UserAppId = new UserAppIDSet { UserId = "ada", AppId = "engines" }, PerPage = 1000 });

        var ids = response.Concepts.Select(concept => concept.Id).ToList();
        Assert.Empty(Some.Except(ids));
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(response.Concepts, concept => Assert.Equal(("ada", "engines", concept.Id), (concept.UserId, concept.AppId, concept.Name)));
    }

    [Fact]
    public async Task ListConcepts_Id_AndPages_Select()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var named = await sandbox.CallAsync<MultiConceptResponse>("ListConcepts", new ListConceptsRequest { Id = "pos*" });
        var paged = await sandbox.CallAsync<MultiConceptResponse>("ListConcepts", new ListConceptsRequest { Page = 2, PerPage = 2 });

        Assert.Equal("positive", Assert.Single(named.Concepts).Id);
        Assert.Equal(2, paged.Concepts.Count);
    }

    [Fact]
    public async Task ListStatusCodes_HasEveryCode_OnceEach_WithItsMeaning()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var statuses = (await sandbox.CallAsync<MultiStatusCodeResponse>("ListStatusCodes", new ListStatusCodesRequest())).Statuses;

        Assert.Equal(Enum.GetValues<StatusCode>().Distinct().Where(code => code != StatusCode.Zero).Order(), statuses.Select(status => status.Code));
        Assert.Equal("Ok", statuses.Single(status => status.Code == StatusCode.Success).Description);
        Assert.Equal("Input download failed", statuses.Single(status => status.Code == StatusCode.InputFailed).Description);
    }

    [Theory]
    [InlineData("10000", StatusCode.Success, "Ok")]
    [InlineData("SUCCESS", StatusCode.Success, "Ok")]
    [InlineData("11009", StatusCode.ConnKeyNotFound, "API key not found")]
    public async Task GetStatusCode_Known_TellsItsMeaning_AndSucceeds(string id, StatusCode code, string description)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var status = (await sandbox.CallAsync<SingleStatusCodeResponse>("GetStatusCode", new GetStatusCodeRequest { StatusCodeId = id })).Status;

        Assert.Equal((code, description, 200u), (status.Code, status.Description, status.HttpStatusCode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("NOTHING")]
    public async Task GetStatusCode_Unknown_IsNotThere(string id)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var status = (await sandbox.CallAsync<SingleStatusCodeResponse>("GetStatusCode", new GetStatusCodeRequest { StatusCodeId = id })).Status;

        Assert.Equal((StatusCode.ConnDoesNotExist, $"there is no status code {id}"), (status.Code, status.Details));
    }

    [Fact]
    public async Task StatusCodes_NeedNoKey()
    {
        await using var sandbox = await SandboxClient.StartAsync(new SandboxOptions { Keys = ["right"] });

        var list = await sandbox.CallAsync<MultiStatusCodeResponse>("ListStatusCodes", new ListStatusCodesRequest());
        var refused = await sandbox.CallAsync<MultiAppResponse>("ListApps", new ListAppsRequest(), new Metadata { { "authorization", "Key wrong" } });

        Assert.Equal(StatusCode.Success, list.Status.Code);
        Assert.Equal(StatusCode.ConnKeyNotFound, refused.Status.Code);
    }
}
