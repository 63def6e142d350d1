using Clarifai.Api;

namespace Gateway.Sandbox.Service;

/// <summary>The RPCs by which a caller asks who it is and what it may do.</summary>
internal static class AccountRpcs
{
    // The scope that stands for all others: the sandbox knows no finer ones.
    private const string AllScopes = "All";

    public static void Map(RpcEndpoints endpoints)
    {
        endpoints.MapUnary<GetUserRequest, SingleUserResponse>("GetUser", GetUser);
        endpoints.MapUnary<MyScopesRequest, MultiScopeResponse>("MyScopes", (request, call) => new MultiScopeResponse
        {
            Status = ApiStatus.Ok(),
            Scopes = { AllScopes },
            Endpoints = { endpoints.Paths },
        });
    }

    private static SingleUserResponse GetUser(GetUserRequest request, RpcCall call) =>
        new() { Status = ApiStatus.Ok(), User = new User { Id = ResourceOwner.Of(request.UserAppId).UserId } };
}
