using Microsoft.AspNetCore.Connections;

namespace Gateway.Api.Faces.Admin;

/// <summary>
/// The mark of connections that came in at the admin API's own port. The port's number would not do: another process may have forwarded it,
/// and a client can write any into its headers.
/// </summary>
internal sealed class AdminConnection
{
    private static readonly AdminConnection Mark = new();

    private AdminConnection()
    {
    }

    /// <summary>Marks the connections of an endpoint.</summary>
    public static void AddTo(IConnectionBuilder endpoint) => endpoint.Use(next => connection =>
    {
        connection.Features.Set(Mark);
        return next(connection);
    });

    /// <summary>Whether a request came by one.</summary>
    public static bool Has(HttpContext http) => http.Features.Get<AdminConnection>() is not null;
}
