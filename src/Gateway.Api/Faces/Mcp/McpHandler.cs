using Gateway.Api.Faces.Mcp.Tools;
using Gateway.Api.Faces.Mcp.Transport;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.Mcp;

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
        var transport = methods.Find(ModelTransport.Method) is { Message: not null } found ? found : null;
        if (!body.Messages.TrueForAll(message => IsOfKnownRevision(message, isForTools: transport is null)))
        {
            await ErrorWriter.WriteAsync(incoming.Http, McpErrors.RevisionUnknown);
            return;
        }

        var call = new ModelCall(incoming, ClientFor(incoming), TimeLeftOf(incoming), model, Methods);
        await (transport is not null
            ? new ModelTransport(call, transport).ServeAsync(body)
            : new ToolServer(call, methods, tools).ServeAsync(body));
    }

    // A handshake agrees on a revision, whatever its header says. Requests of the era without handshakes are told which revisions tools speak, by an error that
    // no others may get: their clients would not fall back to a handshake any more.
    private static bool IsOfKnownRevision(McpMessage message, bool isForTools) =>
        message.Revision.Length == 0 || McpRevision.IsKnown(message.Revision) || message.IsHandshake || (isForTools && message.IsOfNewEra);
}
