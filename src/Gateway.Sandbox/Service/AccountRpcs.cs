using Clarifai.Api;

namespace Gateway.Sandbox.Service;

/// <summary>The RPCs by which a caller asks who it is, what it has and what it may do.</summary>
internal sealed class AccountRpcs(ResourceMessages messages)
{
    // The scope that stands for all others: the sandbox knows no finer ones.
    private const string AllScopes = "All";

    public void Map(RpcEndpoints endpoints)
    {
        endpoints.MapUnary<GetUserRequest, SingleUserResponse>("GetUser", GetUser);
        endpoints.MapUnary<ListAppsRequest, MultiAppResponse>("ListApps", ListApps);
        endpoints.MapUnary<MyScopesRequest, MultiScopeResponse>("MyScopes", (request, call) => new MultiScopeResponse
        {
            Status = ApiStatus.Ok(),
            Scopes = { AllScopes },
            Endpoints = { endpoints.Paths },
        });
    }

    private static SingleUserResponse GetUser(GetUserRequest request, RpcCall call) =>
        new() { Status = ApiStatus.Ok(), User = new User { Id = ResourceOwner.Of(request.UserAppId).UserId } };

    private MultiAppResponse ListApps(ListAppsRequest request, RpcCall call)
    {
        var apps = new[] { messages.App(ResourceOwner.Of(request.UserAppId)) }.Where(app =>
            NameFilter.Matches(request.Id, app.Id)
            && NameFilter.Matches(request.Name, app.Name)
            && NameFilter.Contains(request.Query, app.Id, app.Name)
            && NameFilter.Contains(request.Search, app.Id, app.Name));
        return new MultiAppResponse { Status = ApiStatus.Ok(), Apps = { apps.Page(request.Page, request.PerPage) } };
    }
}
