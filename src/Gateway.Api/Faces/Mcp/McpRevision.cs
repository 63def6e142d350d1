namespace Gateway.Api.Faces.Mcp;

/// <summary>
/// The revisions of MCP, which are dates: their order is that of their texts. All but the newest begin with a handshake; in its era each
/// request says what the handshake said, in its body and its headers (MCP, "Versioning").
/// </summary>
internal static class McpRevision
{
    /// <summary>The header that names the revision of a message.</summary>
    public const string Header = "MCP-Protocol-Version";

    /// <summary>The newest with a handshake.</summary>
    public const string NewestWithHandshake = "2025-11-25";

    /// <summary>The one without a handshake.</summary>
    public const string WithoutHandshake = "2026-07-28";

    // The revision after it took them out.
    private const string LastWithBatches = "2025-03-26";

    private static readonly string[] Known = ["2024-11-05", LastWithBatches, "2025-06-18", NewestWithHandshake, WithoutHandshake];

    /// <summary>What the header may be.</summary>
    public static string List { get; } = string.Join(", ", Known);

    /// <summary>Whether it is a revision that the gateway speaks.</summary>
    public static bool IsKnown(string revision) => Known.Contains(revision);

    /// <summary>Whether a body may be a list of messages.</summary>
    /// <param name="revision">The revision; empty when none is named.</param>
    public static bool HasBatches(string revision) => string.CompareOrdinal(revision, LastWithBatches) <= 0;

    /// <summary>
    /// What a handshake that asks for a revision agrees on: it selects the era of handshakes, so it never fails over the revision.
    /// </summary>
    public static string Agree(string asked) => asked != WithoutHandshake && IsKnown(asked) ? asked : NewestWithHandshake;
}
