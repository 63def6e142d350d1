using Gateway.Api.Calls;
using Gateway.Api.Errors;
using Gateway.Api.Mcp.Tools;
using Gateway.Api.Mcp.Transport;
using Gateway.Api.Methods;
using Gateway.Core.Methods;

namespace Gateway.Api.Mcp;

/// <summary>The messages that one POST brings: for a model that speaks MCP itself, or for the methods of one that does not.</summary>
/// <param name="route">The route.</param>
/// <param name="methods">What all routes of methods share.</param>
/// <param name="tools">What all models share whose methods are tools.</param>
internal sealed class McpHandler(ModelRoute route, MethodServices methods, ToolServices tools) : ModelHandler(route, methods)
{
    /// <inheritdoc/>
    protected override async Task ServeAsync(IncomingCall incoming, ModelAddress model, ModelMethods methods, string name)
    {
        using var body = new McpBody(Methods);
        if (await body.ReadAsync(incoming.Http) is { } error)
        {
            await ErrorWriter.WriteAsync(incoming.Http, error);
            return;
        }

        // What fails from here on answers the request, not the POST.
        AnsweredRequest.Set(incoming.Http, body);
        var call = new ModelCall(incoming, ClientFor(incoming), TimeLeftOf(incoming), model, Methods);
        await (methods.Find(ModelTransport.Method) is { Message: not null } transport
            ? new ModelTransport(call, transport).ServeAsync(body)
            : new ToolServer(call, methods, tools).ServeAsync(body));
    }
}
