namespace Gateway.Api.Configuration;

/// <summary>
/// Turns the environment variables that Clarifai's own tools read into configuration: <c>CLARIFAI_PAT</c> makes a default
/// tenant and chooses the public API; <c>CLARIFAI_USER_ID</c> and <c>CLARIFAI_APP_ID</c> complete the tenant.
/// </summary>
internal static class ClarifaiEnvironment
{
    /// <summary>The name of the tenant that the variables make.</summary>
    public const string TenantName = "default";

    private const string PublicApi = "https://api.clarifai.com";
    private const string PatVariable = "CLARIFAI_PAT";

    /// <summary>Adds the variables below everything already configured, so that explicit settings win.</summary>
    public static void AddClarifaiEnvironment(this ConfigurationManager configuration)
    {
        if (configuration[PatVariable] is not { Length: > 0 } pat)
        {
            return;
        }

        var upstream = $"{GatewayOptions.Section}:{nameof(GatewayOptions.Upstream)}";
        var tenant = $"{GatewayOptions.Section}:Tenants:{TenantName}";
        var settings = new Dictionary<string, string?>
        {
            [$"{tenant}:Pat"] = pat,
            [$"{tenant}:UserId"] = configuration["CLARIFAI_USER_ID"],
            [$"{tenant}:AppId"] = configuration["CLARIFAI_APP_ID"],
        };
        if (!configuration.GetSection($"{upstream}:{nameof(UpstreamOptions.Addresses)}").GetChildren().Any())
        {
            settings[$"{upstream}:{nameof(UpstreamOptions.Address)}"] = PublicApi;
        }

        configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = settings });
    }

    /// <summary>The tenant that the variables make needs no key, unless it was given one, or <c>Keyless</c> says otherwise.</summary>
    public static void CompleteTenant(GatewayOptions options, IConfiguration configuration)
    {
        if (configuration[PatVariable] is { Length: > 0 } && options.Tenants.TryGetValue(TenantName, out var tenant))
        {
            tenant.Keyless ??= tenant.KeySha256 is null;
        }
    }
}
