using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>How a client says who it is: either way will do.</summary>
internal static class DocumentSecurity
{
    private const string Key = "key";
    private const string Bearer = "bearer";

    /// <summary>Adds the ways, for every operation that does not say otherwise.</summary>
    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent(Key, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "Authorization",
            Description = "Your key, with or without `Key` in front.",
        });
        document.AddComponent(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The same key.",
        });
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] },
        ];
    }
}
