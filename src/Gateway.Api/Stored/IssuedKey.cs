using Gateway.Store;
using Gateway.Store.Definitions;

namespace Gateway.Api.Stored;

/// <summary>A key that has just been made.</summary>
/// <param name="Key">What the store keeps of it.</param>
/// <param name="Secret">The key itself, which is shown this once.</param>
internal sealed record IssuedKey(StoredKey Key, SecretText Secret);
