using System.Reflection;
using System.Text.Json.Nodes;
using Gateway.Api.Configuration;
using Gateway.Api.Lifetime;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Api.Faces.Admin;

/// <summary>
/// The admin API's description: what its file says, with the settings of tenants and keys as the schema of the configuration has them.
/// </summary>
internal sealed class AdminDocument : IOpenApiDocumentTransformer
{
    /// <summary>The document's name.</summary>
    public const string Name = "admin";

    private const string File = "Gateway.Api.Faces.Admin.AdminApi.json";
    private const string SettingsFile = "Gateway.Api.Configuration.appsettings.schema.json";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var described = OpenApiDocument.Parse(Text(), "json").Document!;
        document.Info = described.Info;
        document.Info.Version = GatewayVersion.Number;
        document.Servers = described.Servers;
        document.Tags = described.Tags;
        document.Components = described.Components;
        document.Paths = described.Paths;
        document.Security = described.Security;
        return Task.CompletedTask;
    }

    private static string Text()
    {
        var description = Read(File);
        var tenant = Read(SettingsFile)["properties"]!["Gateway"]!["properties"]!["Tenants"]!["additionalProperties"]!;
        var key = tenant["properties"]!["Keys"]!["additionalProperties"]!;
        var schemas = description["components"]!["schemas"]!;
        schemas[nameof(TenantSettings)] = Settings(typeof(TenantSettings), tenant);
        schemas[nameof(KeySettings)] = Settings(typeof(KeySettings), key);
        return description.ToJsonString();
    }

    // Without what of a tenant or a key is no setting in the store: its secrets.
    private static JsonObject Settings(Type options, JsonNode configured) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(SettingsReader.SettingsOf(options)
            .Select(setting => KeyValuePair.Create(setting.Name, configured["properties"]![setting.Name]?.DeepClone()))),
    };

    private static JsonNode Read(string name)
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        return JsonNode.Parse(file)!;
    }
}
