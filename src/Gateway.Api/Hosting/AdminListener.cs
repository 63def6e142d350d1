using Gateway.Api.Configuration;
using Gateway.Api.Faces.Admin;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Api.Hosting;

/// <summary>
/// The listener of the admin API: a port of its own, where nothing else is served, so that a firewall can tell the two apart.
/// </summary>
internal sealed class AdminListener
{
    private const string EndpointName = "AdminApi";

    private ListenOptions? _endpoint;

    /// <summary>
    /// Where it listens, as the server writes its addresses; null when there is no such listener. Known once the server has started.
    /// </summary>
    public string? Address => _endpoint?.ToString();

    /// <summary>Adds the listener, where the settings have one.</summary>
    public static void AddTo(WebApplicationBuilder builder, AdminOptions options)
    {
        var listener = new AdminListener();
        builder.Services.AddSingleton(listener);
        if (options.Url.Length > 0)
        {
            AddedEndpoint.Add(builder, EndpointName, options.Url, protocols: null, endpoint =>
            {
                AdminConnection.AddTo(endpoint);
                listener._endpoint = endpoint;
            });
        }
    }
}
