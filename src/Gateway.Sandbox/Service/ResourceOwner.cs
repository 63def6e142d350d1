using Clarifai.Api;

namespace Gateway.Sandbox.Service;

/// <summary>
/// Under whose name an answer shows models and workflows. The sandbox has no accounts: everything exists under every user
/// and app, and answers repeat the ids asked for. Without them, or as <c>me</c>, they are <c>clarifai</c> and <c>main</c>.
/// </summary>
internal readonly record struct ResourceOwner(string UserId, string AppId)
{
    private const string DefaultUser = "clarifai";
    private const string DefaultApp = "main";

    public static ResourceOwner Of(UserAppIDSet? ids) => new(
        string.IsNullOrEmpty(ids?.UserId) || ids.UserId == "me" ? DefaultUser : ids.UserId,
        string.IsNullOrEmpty(ids?.AppId) ? DefaultApp : ids.AppId);
}
