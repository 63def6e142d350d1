using Gateway.Api.Errors;
using Gateway.Api.Faces.Mcp.Tools;
using Gateway.Api.Faces.Mcp.Transport;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.OpenApi;
using Gateway.Api.Pipeline;

namespace Gateway.Api.Faces.Mcp;

/// <summary>
/// The MCP face: every model is an MCP server of its own, over Streamable HTTP (modelcontextprotocol.io, "Transports"). It keeps no
/// sessions, so there is nothing to listen to with GET and nothing to end with DELETE.
/// </summary>
internal static class McpEndpoints
{
    private const string Root = "/v2/ext/mcp/v1";

    private static readonly OwnOperation Post = new(
        "MCP",
        "PostMcpMessage",
        "Takes a message of the Model Context Protocol, for a model that speaks it or for the methods of any other.");

    /// <summary>Adds what calls models, and answers for them.</summary>
    public static void AddMcp(this IServiceCollection services)
    {
        services.AddSingleton<ModelCaller>();
        services.AddSingleton<ModelTransport>();
        services.AddSingleton<ToolServer>();
    }

    /// <summary>Maps it.</summary>
    public static void MapMcp(this IEndpointRouteBuilder endpoints)
    {
        foreach (var path in ModelPath.Of(Root))
        {
            endpoints.MapPost(
                path.Pattern,
                endpoints.ServiceProvider.Handle<McpHandler>(path)).WithMetadata(new McpErrorShape(), Post).ExcludeFromDescription();
            endpoints.Map(path.Pattern, RefuseAsync).WithMetadata(new McpErrorShape()).ExcludeFromDescription();
        }
    }

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.Headers.Allow = HttpMethods.Post;
        return ErrorWriter.WriteAsync(http, ApiErrors.MethodNotAllowed(http.Request.Method, HttpMethods.Post));
    }
}
