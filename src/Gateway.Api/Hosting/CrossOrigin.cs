using Gateway.Api.Configuration;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Hosting;

/// <summary>Lets web pages of other origins in (WHATWG Fetch, 3.2), where the configuration names them.</summary>
internal static class CrossOrigin
{
    // As long as Chromium, which has the lowest bound of the browsers that go by it, keeps what it was told.
    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromHours(2);

    /// <summary>Answers preflights and marks all answers, errors too; nothing when no origin is configured.</summary>
    public static void UseCrossOrigin(this IApplicationBuilder app)
    {
        var origins = app.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value.Cors.Origins;
        if (origins.Count == 0)
        {
            return;
        }

        // Headers of any name, both ways: gRPC-Web sends and gets its metadata as such. There are no cookies that a wildcard could expose.
        app.UseCors(policy => (origins.Contains(CorsOptions.AnyOrigin) ? policy.AllowAnyOrigin() : policy.WithOrigins([.. origins]))
            .AllowAnyMethod()
            .AllowAnyHeader()
            .WithExposedHeaders("*")
            .SetPreflightMaxAge(PreflightMaxAge));
    }
}
