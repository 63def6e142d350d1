using Gateway.Api.Errors;
using Gateway.Core.Methods;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Gateway.Api.Faces.Mcp.Tools;

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
        await using var answer = new ToolAnswer(http, body, call.Methods.Calls);
        await using var transport = new StreamableHttpServerTransport { Stateless = true };
        await using var server = McpServer.Create(transport, Options(body, answer));
        var running = server.RunAsync(http.RequestAborted);
        try
        {
            for (var place = 0; place < body.Messages.Count; place++)
            {
                await ServeAsync(body.Messages[place], place, transport, answer);
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

    private async Task ServeAsync(McpMessage message, int place, StreamableHttpServerTransport transport, ToolAnswer answer)
    {
        if (message.Method is null)
        {
            return; // an answer, though nothing was asked
        }

        if (message.IsRequest && WrongIn(message) is { } wrong)
        {
            await answer.SendAsync(new JsonRpcError { Id = new RequestId(place), Error = wrong });
            return;
        }

        // The SDK knows when a request is answered, and nothing but that: the answer is written by the filter.
        await transport.HandlePostRequestAsync(SdkMessage.Of(message, place), Stream.Null, call.Http.RequestAborted);
    }

    private JsonRpcErrorDetail? WrongIn(McpMessage request)
    {
        if (RequestShape.WrongIn(request) is { } shape)
        {
            return new JsonRpcErrorDetail { Code = (int)McpErrorCode.InvalidParams, Message = shape };
        }

        return request.IsOfNewEra && RequestHeaders.WrongIn(call.Http.Request.Headers, request) is { } headers
            ? new JsonRpcErrorDetail { Code = (int)McpErrorCode.HeaderMismatch, Message = headers }
            : null;
    }

    private McpServerOptions Options(McpBody body, ToolAnswer answer)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = call.Model.ModelId, Version = methods.VersionId.Length == 0 ? "latest" : methods.VersionId },
            ScopeRequests = false,
        };
        options.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = _tools.Tools });
        options.Handlers.CallToolHandler = (request, cancellationToken) => CallAsync(request, body, cancellationToken);
        options.Filters.Message.OutgoingFilters.Add(next => async (message, cancellationToken) =>
        {
            try
            {
                await answer.SendAsync(message.JsonRpcMessage);
            }
            finally
            {
                await next(message, cancellationToken);
            }
        });
        return options;
    }

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, McpBody body, CancellationToken cancellationToken)
    {
        if (_tools.Find(request.Params?.Name) is not { } method)
        {
            throw new McpProtocolException($"Unknown tool: {request.Params?.Name}", McpErrorCode.InvalidParams);
        }

        try
        {
            var progress = request.Params!.ProgressToken is { } token ? new ToolProgress(request.Server, token) : null;
            return await new ToolCall(call, method, progress, services).RunAsync(body.Messages[(int)(long)request.JsonRpcRequest.Id.Id!].Arguments, cancellationToken);
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
