using System.Diagnostics;
using Gateway.Api.Faces.Mcp.Tools;
using Gateway.Api.Faces.Mcp.Transport;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Api.Telemetry;
using Gateway.Core.Json;
using Gateway.Core.Wire;

namespace Gateway.Api.Faces.Mcp;

/// <summary>The messages that one POST brings: for a model that speaks MCP itself, or for the methods of one that does not.</summary>
internal sealed class McpHandler(
    ModelPath path,
    ModelLookup models,
    MethodRpcs rpcs,
    ArgumentFactory arguments,
    JsonLimits limits,
    SegmentPool segments,
    ModelTransport transport,
    ToolServer tools,
    McpTelemetry telemetry)
    : IRequestHandler
{
    public RequestRoute Route { get; } = new(path.Pattern, null, rpcs.Access);

    public async Task ServeAsync(IncomingCall incoming)
    {
        using var body = new McpBody(limits, segments, arguments);
        if (await body.ReadAsync(incoming.Http) is { } unreadable)
        {
            await ErrorWriter.WriteAsync(incoming.Http, unreadable);
            return;
        }

        var (model, error) = await models.FindAsync(incoming, path);
        await (model is null ? ErrorWriter.WriteAsync(incoming.Http, error!) : ServeAsync(new McpCall(incoming, model), body));
    }

    private async Task ServeAsync(McpCall call, McpBody body)
    {
        var method = call.Model.Methods.Find(ModelTransport.Method) is { Message: not null } found ? found : null;
        if (!body.Messages.TrueForAll(message => IsOfKnownRevision(message, isForTools: method is null)))
        {
            await ErrorWriter.WriteAsync(call.Http, McpErrors.RevisionUnknown);
            return;
        }

        var began = Stopwatch.GetTimestamp();
        try
        {
            await (method is not null ? transport.ServeAsync(call, method, body) : tools.ServeAsync(call, body));
        }
        finally
        {
            body.Messages.ForEach(message => telemetry.Note(message.Method, began));
        }
    }

    // A handshake agrees on a revision, whatever its header says. Requests of the era without handshakes are told which revisions tools
    // speak, by an error that no others may get: their clients would not fall back to a handshake any more.
    private static bool IsOfKnownRevision(McpMessage message, bool isForTools) =>
        message.Revision.Length == 0 || McpRevision.IsKnown(message.Revision) || message.IsHandshake || (isForTools && message.IsOfNewEra);
}
