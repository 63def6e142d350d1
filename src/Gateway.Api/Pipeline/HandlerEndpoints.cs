namespace Gateway.Api.Pipeline;

/// <summary>Makes endpoints of handlers.</summary>
internal static class HandlerEndpoints
{
    /// <summary>Makes a handler, and what an endpoint calls of it.</summary>
    /// <param name="services">Where what it needs comes from.</param>
    /// <param name="parts">What only its own route knows.</param>
    public static RequestDelegate Handle<T>(this IServiceProvider services, params object[] parts)
        where T : IRequestHandler
    {
        var pipeline = services.GetRequiredService<RequestPipeline>();
        var handler = ActivatorUtilities.CreateInstance<T>(services, parts);
        return http => pipeline.RunAsync(http, handler);
    }
}
