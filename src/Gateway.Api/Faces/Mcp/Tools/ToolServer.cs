using System.Runtime.CompilerServices;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Streams;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Gateway.Api.Faces.Mcp.Tools;

/// <summary>
/// The MCP server that a model's methods are, made for each POST. The protocol is the SDK's: revisions, handshake, and what else a client
/// may ask; the tools are ours.
/// </summary>
internal sealed partial class ToolServer(
    ModelCaller models, ResultWriter results, IOptions<GatewayOptions> options, HeartbeatWheel wheel, ILogger<ToolServer> logger)
{
    // A model's methods are one object as long as the directory keeps them, and its tools live as long.
    private readonly ConditionalWeakTable<ModelMethods, ToolSet> _tools = [];

    /// <summary>Answers a POST.</summary>
    public async Task ServeAsync(McpCall call, McpBody body)
    {
        var http = call.Http;
        await using var answer = new ToolAnswer(http, body, options.Value.Streams, wheel);
        await using var transport = new StreamableHttpServerTransport { Stateless = true };
        await using var server = McpServer.Create(transport, OptionsOf(call, body, answer));
        var running = server.RunAsync(http.RequestAborted);
        try
        {
            for (var place = 0; place < body.Messages.Count; place++)
            {
                await ServeAsync(http, body.Messages[place], place, transport, answer);
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

    private static async Task ServeAsync(
        HttpContext http, McpMessage message, int place, StreamableHttpServerTransport transport, ToolAnswer answer)
    {
        if (message.Method is null)
        {
            return; // an answer, though nothing was asked
        }

        if (message.IsRequest && WrongIn(http, message) is { } wrong)
        {
            await answer.SendAsync(new JsonRpcError { Id = new RequestId(place), Error = wrong });
            return;
        }

        // The SDK knows when a request is answered, and nothing but that: the answer is written by the filter.
        await transport.HandlePostRequestAsync(SdkMessage.Of(message, place), Stream.Null, http.RequestAborted);
    }

    private static JsonRpcErrorDetail? WrongIn(HttpContext http, McpMessage request)
    {
        if (RequestShape.WrongIn(request) is { } shape)
        {
            return new JsonRpcErrorDetail { Code = (int)McpErrorCode.InvalidParams, Message = shape };
        }

        return request.IsOfNewEra && RequestHeaders.WrongIn(http.Request.Headers, request) is { } headers
            ? new JsonRpcErrorDetail { Code = (int)McpErrorCode.HeaderMismatch, Message = headers }
            : null;
    }

    private McpServerOptions OptionsOf(McpCall call, McpBody body, ToolAnswer answer)
    {
        var methods = call.Model.Methods;
        var tools = _tools.GetValue(methods, static methods => new ToolSet(methods));
        var server = new McpServerOptions
        {
            ServerInfo =
                new Implementation
                {
                    Name = call.Model.Address.ModelId,
                    Version = methods.VersionId.Length == 0 ? "latest" : methods.VersionId,
                },
            ScopeRequests = false,
        };
        server.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = tools.Tools });
        server.Handlers.CallToolHandler = (request, cancellationToken) => CallAsync(call, tools, request, body, cancellationToken);
        server.Filters.Message.OutgoingFilters.Add(next => async (message, cancellationToken) =>
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
        return server;
    }

    private async ValueTask<CallToolResult> CallAsync(
        McpCall call, ToolSet tools, RequestContext<CallToolRequestParams> request, McpBody body, CancellationToken cancellationToken)
    {
        if (tools.Find(request.Params?.Name) is not { } method)
        {
            throw new McpProtocolException($"Unknown tool: {request.Params?.Name}", McpErrorCode.InvalidParams);
        }

        try
        {
            var progress = request.Params!.ProgressToken is { } token ? new ToolProgress(request.Server, token) : null;
            return await new ToolCall(call, method, progress, models, results, options.Value.Upstream.MaxResponseBytes)
                .RunAsync(body.Messages[(int)(long)request.JsonRpcRequest.Id.Id!].Arguments, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception, method.Name, call.Http.TraceIdentifier);
            return ToolResult.Failed(call.Http, ApiErrors.Internal);
        }
    }

    [LoggerMessage(LogLevel.Error, "The tool {Tool} of request {RequestId} failed")]
    private partial void LogFailed(Exception exception, string tool, string requestId);
}
