using Gateway.Api.Errors;

namespace Gateway.Api.Http;

/// <summary>Refuses paths with dot segments, in the shape of the endpoint that routing has chosen.</summary>
internal static class DotSegments
{
    /// <summary>Adds the check; behind routing.</summary>
    public static void RefuseDotSegments(this IApplicationBuilder app) =>
        app.Use((http, next) => RawPath.HasDotSegment(RawPath.Of(http)) ? ErrorWriter.WriteAsync(http, ApiErrors.DotSegment) : next(http));
}
