namespace Gateway.Core.Methods;

/// <summary>Where a model is.</summary>
/// <param name="UserId">The user or organisation that owns it; empty for the key's own.</param>
/// <param name="AppId">Its app; empty for the key's own.</param>
/// <param name="ModelId">The model.</param>
/// <param name="VersionId">The version; empty for the latest.</param>
public readonly record struct ModelAddress(string UserId, string AppId, string ModelId, string VersionId);
