namespace Gateway.Api.Tenancy;

/// <summary>
/// What a request message names, as far as limits of tenants ask: all that it takes to judge a call again. Immutable once it was read.
/// </summary>
internal sealed class CallNames
{
    private string? _user;
    private string? _app;

    /// <summary>
    /// The RPC's own resource, with the user and app of the request; its parts are empty where the message does not name them.
    /// </summary>
    public ResourceId Resource { get; init; }

    /// <summary>The version of it; empty for the latest, or where the RPC is about all.</summary>
    public string Version { get; init; } = "";

    /// <summary>Whether the message names another version of it besides.</summary>
    public bool NamesOtherVersion { get; set; }

    /// <summary>Whether the message names a resource that is neither the RPC's own nor a part of it.</summary>
    public bool NamesOther { get; set; }

    /// <summary>
    /// Whether the message names what may be of any model or workflow, and does not say of which: a runner, a deployment, a state.
    /// </summary>
    public bool NamesOpaque { get; set; }

    /// <summary>The ids in the message that are not said to be the RPC's own resource: those of others, or of nobody knows what.</summary>
    public HashSet<string> OtherIds { get; } = [];

    /// <summary>Whether there is something in the message that the gateway cannot read: who knows what that names.</summary>
    public bool IsUnread { get; set; }

    /// <summary>Whether the message names more than one user, anywhere in it.</summary>
    public bool NamesUsers { get; private set; }

    /// <summary>Whether the message names more than one app, anywhere in it.</summary>
    public bool NamesApps { get; private set; }

    /// <summary>What a request names that is about one resource and names nothing else.</summary>
    /// <param name="resource">The resource; user and app are empty where it names none.</param>
    /// <param name="version">The version of it; empty for the latest.</param>
    public static CallNames Of(ResourceId resource, string version)
    {
        var names = new CallNames { Resource = resource, Version = version };
        if (resource.UserId.Length > 0)
        {
            names.AddUser(resource.UserId);
        }

        if (resource.AppId.Length > 0)
        {
            names.AddApp(resource.AppId);
        }

        return names;
    }

    /// <summary>Notes a user.</summary>
    public void AddUser(string user)
    {
        NamesUsers |= _user is not null && _user != user;
        _user ??= user;
    }

    /// <summary>Notes an app.</summary>
    public void AddApp(string app)
    {
        NamesApps |= _app is not null && _app != app;
        _app ??= app;
    }

    /// <summary>Whether no user but this one is named.</summary>
    public bool NamesNoUserBut(string user) => !NamesUsers && (_user is null || _user == user);

    /// <summary>Whether no app but this one is named.</summary>
    public bool NamesNoAppBut(string app) => !NamesApps && (_app is null || _app == app);
}
