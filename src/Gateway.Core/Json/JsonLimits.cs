namespace Gateway.Core.Json;

/// <summary>What one message may hold at most; each limit has an error that names it. Immutable.</summary>
public sealed record JsonLimits
{
    /// <summary>The limits that apply where nothing else is said.</summary>
    public static JsonLimits Default { get; } = new();

    /// <summary>Objects and arrays inside one another, 1 to 1,000. What is written may have an array of scalars one deeper.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>
    /// Bytes of one string field or string value, UTF-8, unescaped. Fields of type <c>bytes</c> are bounded by the body alone.
    /// </summary>
    public int MaxStringBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Members and elements of all objects and arrays together.</summary>
    public int MaxValues { get; init; } = 10_000_000;

    /// <summary>Bytes of one number.</summary>
    public int MaxNumberBytes { get; init; } = 1024;

    /// <summary>Bytes of one name, and of one string that has to be read whole: a map key, an enum name, a timestamp.</summary>
    public int MaxNameBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes of a <c>google.protobuf.Any</c> whose <c>@type</c> is not its first member and which is therefore kept until it ends.
    /// </summary>
    public int MaxAnyBytes { get; init; } = 1024 * 1024;
}
