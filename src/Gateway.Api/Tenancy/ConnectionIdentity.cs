using Microsoft.AspNetCore.Connections;

namespace Gateway.Api.Tenancy;

/// <summary>
/// Whom the last request of a connection was from. Clients send the same header with every request, and Kestrel hands out the same string
/// for it while they do: comparing references then saves hashing the key. Holds nothing longer than the connection does. Thread-safe.
/// </summary>
internal sealed class ConnectionIdentity
{
    private Entry? _last;

    /// <summary>Gives every connection one, as a feature.</summary>
    public static void AddTo(IConnectionBuilder connections) => connections.Use(next => connection =>
    {
        connection.Features.Set(new ConnectionIdentity());
        return next(connection);
    });

    /// <summary>The tenant of a header; null when the last request had another, or tenants have changed since.</summary>
    /// <param name="header">The header's value.</param>
    /// <param name="tenants">The tenants in force.</param>
    public Tenant? Recall(string? header, TenantSnapshot tenants) =>
        Volatile.Read(ref _last) is { } last && ReferenceEquals(last.Header, header) && last.Tenants == tenants ? last.Tenant : null;

    /// <summary>Keeps a tenant for the next request with the same header.</summary>
    public void Remember(string header, TenantSnapshot tenants, Tenant tenant) =>
        Volatile.Write(ref _last, new Entry(header, tenants, tenant));

    private sealed record Entry(string Header, TenantSnapshot Tenants, Tenant Tenant);
}
