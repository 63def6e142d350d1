namespace Gateway.Store.Definitions;

/// <summary>A token of a tenant, decrypted.</summary>
/// <param name="Pat">What is known of it.</param>
/// <param name="Token">
/// The token; null when it cannot be decrypted, because its row was changed or comes from another tenant or store. Nothing can be called
/// with it then.
/// </param>
public sealed record StoredCredential(StoredPat Pat, SecretText? Token);
