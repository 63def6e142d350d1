using Clarifai.Api;

namespace Gateway.Sandbox.Service;

/// <summary>The RPCs by which a caller asks who it is, what it has and what it may do.</summary>
internal sealed class AccountRpcs(ResourceMessages messages)
{
    // The scope that stands for all others: the sandbox knows no finer ones.
    private const string AllScopes = "All";

    /// <summary>What any caller may do.</summary>
    /// <param name="paths">The RPCs that there are.</param>
    public static MultiScopeResponse ScopesFor(IEnumerable<string> paths) =>
        new() { Status = ApiStatus.Ok(), Scopes = { AllScopes }, Endpoints = { paths } };

    public static SingleUserResponse GetUser(GetUserRequest request) =>
        new() { Status = ApiStatus.Ok(), User = new User { Id = ResourceOwner.Of(request.UserAppId).UserId } };

    public MultiAppResponse ListApps(ListAppsRequest request)
    {
        var apps = new[] { messages.App(ResourceOwner.Of(request.UserAppId)) }.Where(app =>
            NameFilter.Matches(request.Id, app.Id)
            && NameFilter.Matches(request.Name, app.Name)
            && NameFilter.Contains(request.Query, app.Id, app.Name)
            && NameFilter.Contains(request.Search, app.Id, app.Name));
        return new MultiAppResponse { Status = ApiStatus.Ok(), Apps = { apps.Page(request.Page, request.PerPage) } };
    }
}
