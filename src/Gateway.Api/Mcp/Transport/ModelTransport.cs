using System.Buffers;
using System.Text.Json;
using Gateway.Api.Calls;
using Gateway.Api.Errors;
using Gateway.Api.Methods;
using Gateway.Core.Methods;
using Gateway.Core.Wire;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol.Protocol;

namespace Gateway.Api.Mcp.Transport;

/// <summary>
/// A model that speaks MCP itself: its method takes the text of one JSON-RPC message and returns that of the answer, or <c>{}</c> where there is none. Both
/// pass through as they are.
/// </summary>
/// <param name="call">Calls the model.</param>
/// <param name="method">The method, which has an argument for messages.</param>
internal sealed class ModelTransport(ModelCall call, ModelMethod method)
{
    /// <summary>The method's name.</summary>
    public const string Method = "mcp_transport";

    /// <summary>Answers a POST.</summary>
    public Task ServeAsync(McpBody body) => body.IsBatch ? ServeBatchAsync(body) : ServeAsync(body.Messages[0].Message, body.Messages[0].Json);

    private async Task ServeAsync(JsonRpcMessage message, JsonElement json)
    {
        var http = call.Http;
        await using var answer = await AskAsync(message, json);
        if (answer.Failure is { } failure)
        {
            await ErrorWriter.WriteAsync(http, message is JsonRpcRequest ? AsAnswer(failure) : failure);
        }
        else if (message is not JsonRpcRequest)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else
        {
            Begin();
            http.Response.ContentLength = answer.Text.Length;
            http.Response.BodyWriter.Write(answer.Text.Span);
            await CallRecord.FlushAsync(http, http.RequestAborted);
        }
    }

    // One after the other: the model may count on their order. What is answered is sent at once, so that no more than one is held.
    private async Task ServeBatchAsync(McpBody body)
    {
        var http = call.Http;
        var isEmpty = true;
        foreach (var (message, json) in body.Messages)
        {
            await using var answer = await AskAsync(message, json);
            if (message is not JsonRpcRequest request)
            {
                continue;
            }

            if (isEmpty)
            {
                Begin();
            }

            http.Response.BodyWriter.Write(isEmpty ? "["u8 : ","u8);
            isEmpty = false;
            Write(request, answer);
            await CallRecord.FlushAsync(http, http.RequestAborted);
        }

        if (isEmpty)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        http.Response.BodyWriter.Write("]"u8);
        await CallRecord.FlushAsync(http, http.RequestAborted);
    }

    private void Begin()
    {
        call.Http.Response.ContentType = "application/json";
        call.Http.Features.GetRequiredFeature<CallRecord>().Outcome = (int)Clarifai.Api.Status.StatusCode.Success;
    }

    private void Write(JsonRpcRequest request, ModelAnswer answer)
    {
        if (answer.Failure is not { } failure)
        {
            call.Http.Response.BodyWriter.Write(answer.Text.Span);
            return;
        }

        using var json = new Utf8JsonWriter(call.Http.Response.BodyWriter, JsonAnswer.Options);
        McpErrorShape.Write(call.Http, json, failure, new AnsweredRequest(request.Id));
    }

    private async Task<ModelAnswer> AskAsync(JsonRpcMessage message, JsonElement json)
    {
        var arguments = new ArgumentSet(method, call.Methods.Arguments);
        if ((arguments.AddText(method.Message!.Name, json.GetRawText()) ?? arguments.Missing()) is { } wrong)
        {
            return new ModelAnswer(MethodErrors.Argument(wrong));
        }

        using var wire = new WireWriter(call.Methods.Calls.Segments);
        var messages = call.Open(method, arguments.Input, wire, call.Http.RequestAborted);
        var answer = await ModelAnswer.ReadAsync(messages, call.RpcOf(method), call.Methods.Calls.Drain.Expired);
        if (message is JsonRpcRequest)
        {
            answer.DemandResponse();
        }

        return answer;
    }

    // The client's library looks for the answer to its request in a success; what is said by HTTP is who may call (MCP, "Authorization").
    private static ApiError AsAnswer(ApiError failure) =>
        failure.HttpStatus is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden ? failure : failure with { HttpStatus = StatusCodes.Status200OK };
}
