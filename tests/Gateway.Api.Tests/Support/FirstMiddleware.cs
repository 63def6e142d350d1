using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Api.Tests.Support;

/// <summary>Shows a test every request before the gateway's own middleware sees it.</summary>
internal sealed class FirstMiddleware(Action<HttpContext> see) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, following) =>
        {
            see(http);
            return following(http);
        });
        next(app);
    };
}
