using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Api.Lifetime;

/// <summary>The part that the server has in stopping.</summary>
internal static class DrainSetup
{
    /// <summary>Adds the stages of stopping, and listeners that know of them.</summary>
    public static void AddDrain(this IServiceCollection services)
    {
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());

        // Of several, the server asks the last one first.
        services.AddSingleton<IConnectionListenerFactory, DrainingListeners>();
    }

    /// <summary>
    /// Has connections end with the request that comes once no new ones are taken: <c>Connection: close</c>, GOAWAY in HTTP/2.
    /// </summary>
    public static void UseDrain(this WebApplication app)
    {
        var closing = app.Services.GetRequiredService<Drain>().Closing;
        app.Use((http, next) =>
        {
            if (closing.IsCancellationRequested)
            {
                http.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            }

            return next(http);
        });
    }
}
