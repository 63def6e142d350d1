namespace Gateway.Store.Definitions;

/// <summary>A tenant of the store, as it was when it was read.</summary>
/// <param name="Id">What it is known by for good.</param>
/// <param name="Name">Unique among tenants; can be changed.</param>
/// <param name="Version">Counts its changes, from 1. A change of its keys or tokens is not one of them.</param>
/// <param name="Settings">One JSON object, without secrets.</param>
public sealed record StoredTenant(Guid Id, string Name, long Version, string Settings, DateTimeOffset Created, DateTimeOffset Updated);
