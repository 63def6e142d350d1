namespace Gateway.Api.Configuration;

/// <summary>A camera, and a workflow that runs on what it sees, again and again.</summary>
internal sealed class ScanOptions
{
    /// <summary>The camera's entity id, as in <c>camera.front_door</c>.</summary>
    public string Camera { get; set; } = "";

    /// <summary>The workflow's id.</summary>
    public string Workflow { get; set; } = "";

    /// <summary>The app that has the workflow; null for the tenant's own.</summary>
    public string? AppId { get; set; }

    /// <summary>The user or organisation that has the app; null for the tenant's own.</summary>
    public string? UserId { get; set; }

    /// <summary>The name of the tenant whose token the workflow runs on; null for the one that Home Assistant belongs to.</summary>
    public string? Tenant { get; set; }

    /// <summary>The time from one scan to the next, 1 second to 1 day. Every scan is a call that counts, so there is no default.</summary>
    public TimeSpan ScanInterval { get; set; }
}
