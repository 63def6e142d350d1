using System.Text.Json;
using Gateway.Api.Errors;
using Gateway.Core.Methods;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Gateway.Api.Mcp.Tools;

/// <summary>
/// The MCP server that a model's methods are, for one POST. The protocol is the SDK's: revisions, handshake, and what else a client may ask; the tools are
/// ours.
/// </summary>
/// <param name="call">Calls the model.</param>
/// <param name="methods">The model's methods.</param>
/// <param name="services">What all such models share.</param>
internal sealed partial class ToolServer(ModelCall call, ModelMethods methods, ToolServices services)
{
    private readonly ToolSet _tools = services.ToolsOf(methods);

    /// <summary>Answers a POST.</summary>
    public async Task ServeAsync(McpBody body)
    {
        var http = call.Http;
        await using var answer = new EventResponse(http, call.Methods.Calls);
        await using var transport = new StreamableHttpServerTransport { Stateless = true };
        await using var server = McpServer.Create(transport, Options(answer));
        var running = server.RunAsync(http.RequestAborted);
        try
        {
            foreach (var (message, _) in body.Messages)
            {
                await transport.HandlePostRequestAsync(message, answer, http.RequestAborted);
            }

            await answer.EndAsync();
        }
        finally
        {
            // No tool may use the request once it is over.
            await transport.DisposeAsync();
            await running;
        }
    }

    private McpServerOptions Options(EventResponse answer)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = call.Model.ModelId, Version = methods.VersionId.Length == 0 ? "latest" : methods.VersionId },
            ScopeRequests = false,
        };
        options.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = _tools.Tools });
        options.Handlers.CallToolHandler = CallAsync;
        options.Filters.Message.IncomingFilters.Add(next => (message, cancellationToken) =>
        {
            RequestHeaders.Check(call.Http.Request.Headers, message.JsonRpcMessage);
            return next(message, cancellationToken);
        });
        options.Filters.Message.OutgoingFilters.Add(next => async (message, cancellationToken) =>
        {
            await answer.BeginAsync(message.JsonRpcMessage);
            await next(message, cancellationToken);
        });
        return options;
    }

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        if (_tools.Find(request.Params?.Name) is not { } method)
        {
            throw new McpProtocolException($"Unknown tool: {request.Params?.Name}", McpErrorCode.InvalidParams);
        }

        try
        {
            var progress = request.Params!.ProgressToken is { } token ? new ToolProgress(request.Server, token) : null;
            return await new ToolCall(call, method, progress, services).RunAsync(request.Params.Arguments ?? new Dictionary<string, JsonElement>(), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(services.Logger, exception, method.Name, call.Http.TraceIdentifier);
            return ToolResult.Failed(call.Http, ApiErrors.Internal);
        }
    }

    [LoggerMessage(LogLevel.Error, "The tool {Tool} of request {RequestId} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string tool, string requestId);
}
