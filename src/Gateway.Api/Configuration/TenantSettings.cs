using Gateway.Core.Upstream;

namespace Gateway.Api.Configuration;

/// <summary>What a tenant may do and how much of it, wherever its keys and tokens are kept.</summary>
internal class TenantSettings
{
    /// <summary>
    /// How many requests a second the upstream takes of a token's account: the public API's own limit. Calls wait for their turn.
    /// </summary>
    [Positive]
    public int PatRequestsPerSecond { get; set; } = 15;

    /// <summary>How long a call may wait for a token's turn. One that would have to wait longer is refused at once.</summary>
    [Positive]
    public TimeSpan PatMaxWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The user id of requests that name neither a user nor an app.</summary>
    public string? UserId { get; set => field = Trimmed(value); }

    /// <summary>The app id of requests that name neither a user nor an app.</summary>
    public string? AppId { get; set => field = Trimmed(value); }

    /// <summary>
    /// The models the tenant may use, as <c>id</c> (in the tenant's own user and app) or <c>user/app/id</c>, either with
    /// <c>/versions/version</c> behind it for that version alone. A tenant with a list of models or workflows may call nothing but these:
    /// an empty list allows nothing. Null for both: there is no limit.
    /// </summary>
    public IList<string>? Models { get; init; }

    /// <summary>The workflows the tenant may use, in the same form.</summary>
    public IList<string>? Workflows { get; init; }

    /// <summary>
    /// The models the tenant may not use, as <c>id</c> or <c>user/app/id</c>, in any version and whatever names them. Null: none.
    /// </summary>
    public IList<string>? DeniedModels { get; init; }

    /// <summary>The workflows the tenant may not use, in the same form.</summary>
    public IList<string>? DeniedWorkflows { get; init; }

    /// <summary>
    /// The RPCs the tenant may call, and no others: groups (<c>predict</c>, <c>read</c>, <c>write</c>, <c>account</c>) and names of RPCs.
    /// Null: predict and read for a tenant with a list, these and write for one without.
    /// </summary>
    public IList<string>? Rpcs { get; set; }

    /// <summary>The RPCs the tenant may not call, whatever <see cref="Rpcs"/> has: groups and names of RPCs. Null: none.</summary>
    public IList<string>? DeniedRpcs { get; init; }

    /// <summary>
    /// Whether requests may name no other user than <see cref="UserId"/> and, where it is set, no other app than <see cref="AppId"/>.
    /// </summary>
    public bool Confined { get; set; }

    /// <summary>How much the tenant may ask at a time.</summary>
    public RateOptions Limits { get; set; } = new();

    /// <summary>How much the tenant may use in a month.</summary>
    public BudgetOptions Budgets { get; set; } = new();

    /// <summary>
    /// Whether requests that wait for their token's turn, and differ in their inputs alone, may go upstream as one.
    /// </summary>
    public bool Batching { get; set; } = true;

    // What is blank stays: it is refused, while empty is none.
    private static string? Trimmed(string? id) => string.IsNullOrWhiteSpace(id) ? id : id.Trim();
}
