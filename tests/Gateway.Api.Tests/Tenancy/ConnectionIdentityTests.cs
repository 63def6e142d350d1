using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;
using Gateway.Core.Upstream;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>When what a connection remembers no longer counts.</summary>
public sealed class ConnectionIdentityTests
{
    private static readonly Tenant Kitchen = Tenant.PassThrough(new Pat("pat"));
    private readonly TenantSnapshot _tenants = Tenants();
    private readonly ConnectionIdentity _connection = new();

    [Fact]
    public void Recall_TheSameHeader_IsItsTenant()
    {
        var header = "Key a";
        _connection.Remember(header, _tenants, Kitchen);

        Assert.Same(Kitchen, _connection.Recall(header, _tenants));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Key b")]
    public void Recall_AnotherHeader_IsNobody(string? other)
    {
        Assert.Null(_connection.Recall(other, _tenants));
        _connection.Remember("Key a", _tenants, Kitchen);

        Assert.Null(_connection.Recall(other, _tenants));
    }

    [Fact]
    public void Recall_TenantsHaveChanged_IsNobody()
    {
        var header = "Key a";
        _connection.Remember(header, _tenants, Kitchen);

        Assert.Null(_connection.Recall(header, Tenants()));
    }

    private static TenantSnapshot Tenants() => TenantSnapshot.Compile(new Dictionary<string, TenantOptions>(), new TenantAccounts(Options.Create(new GatewayOptions()), TimeProvider.System), DateTimeOffset.UnixEpoch, hasStore: false);
}
