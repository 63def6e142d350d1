namespace Gateway.Store.Model;

/// <summary>An element of the ring of Data Protection, encrypted with the master key.</summary>
internal sealed class ProtectionKeyRow
{
    public int Id { get; init; }

    public required string FriendlyName { get; init; }

    public required byte[] Ciphertext { get; init; }
}
