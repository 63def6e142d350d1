using System.Buffers;
using System.Text.Json;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Logging;
using Gateway.Api.Models;
using Gateway.Core.Methods;
using Gateway.Core.Wire;

namespace Gateway.Api.Faces.Mcp.Transport;

/// <summary>
/// A model that speaks MCP itself: its method takes the text of one JSON-RPC message and returns that of the result or the response, or
/// <c>{}</c> where there is none. Messages pass through as they are, and so do results, in a response that has the request's id.
/// </summary>
internal sealed class ModelTransport(ModelCaller models)
{
    /// <summary>The method's name.</summary>
    public const string Method = "mcp_transport";

    /// <summary>Answers a POST.</summary>
    /// <param name="call">The POST.</param>
    /// <param name="method">The model's method, which has an argument for messages.</param>
    /// <param name="body">What the POST brought.</param>
    public Task ServeAsync(McpCall call, ModelMethod method, McpBody body) =>
        body.IsBatch ? ServeBatchAsync(call, method, body) : ServeAsync(call, method, body.Messages[0]);

    private async Task ServeAsync(McpCall call, ModelMethod method, McpMessage message)
    {
        var http = call.Http;
        await using var answer = await AskAsync(call, method, message);
        if (answer.Failure is { } failure)
        {
            await ErrorWriter.WriteAsync(http, message.IsRequest ? AsAnswer(failure, message) : failure);
        }
        else if (!message.IsRequest)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else
        {
            Begin(http, answer.Reply!.IsError ? StatusOfError(message) : StatusCodes.Status200OK);
            Write(http, message, answer);
            http.Response.ContentLength = http.Response.BodyWriter.UnflushedBytes;
            await ResponseFlow.FlushAsync(http, http.RequestAborted);
        }
    }

    // One after the other: the model may count on their order. What is answered is sent at once, so that no more than one is held.
    private async Task ServeBatchAsync(McpCall call, ModelMethod method, McpBody body)
    {
        var http = call.Http;
        var isEmpty = true;
        foreach (var message in body.Messages)
        {
            await using var answer = await AskAsync(call, method, message);
            if (!message.IsRequest)
            {
                continue;
            }

            if (isEmpty)
            {
                Begin(http, StatusCodes.Status200OK);
            }

            http.Response.BodyWriter.Write(isEmpty ? "["u8 : ","u8);
            isEmpty = false;
            Write(http, message, answer);
            await ResponseFlow.FlushAsync(http, http.RequestAborted);
        }

        if (isEmpty)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        http.Response.BodyWriter.Write("]"u8);
        await ResponseFlow.FlushAsync(http, http.RequestAborted);
    }

    private static void Begin(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        RequestRecord.Of(http).Outcome = (int)Clarifai.Api.Status.StatusCode.Success;
    }

    private static void Write(HttpContext http, McpMessage request, ModelAnswer answer)
    {
        var output = http.Response.BodyWriter;
        if (answer.Failure is not { } failure)
        {
            answer.Reply!.Write(output, request.Id!);
            return;
        }

        using var json = new Utf8JsonWriter(output, JsonAnswer.Options);
        McpErrorShape.Write(http, json, failure, new AnsweredRequest(request.Id!));
    }

    private async Task<ModelAnswer> AskAsync(McpCall call, ModelMethod method, McpMessage message)
    {
        using var wire = models.NewRequest(call);
        if (Write(method, message, wire) is { } wrong)
        {
            return new ModelAnswer(MethodErrors.Argument(wrong));
        }

        using var live = models.Watch(call, method);
        if (live.Check(wire.Written) is { } refusal)
        {
            return new ModelAnswer(refusal);
        }

        var messages = models.Open(call, method, wire, call.Http.RequestAborted);
        var answer = await ModelAnswer.ReadAsync(messages, models.RpcOf(method), live);
        if (message.IsRequest)
        {
            answer.DemandReply();
        }

        return answer;
    }

    private ArgumentError? Write(ModelMethod method, McpMessage message, WireWriter wire)
    {
        using var text = models.Arguments.NewWire();
        using var arguments = models.Arguments.NewSet(method, wire);
        foreach (var segment in message.Text)
        {
            text.WriteBytes(segment.Span);
        }

        arguments.Begin();
        return arguments.AddText(method.Message!.Name, text) ?? arguments.End();
    }

    // What is said by HTTP is who may call (MCP, "Authorization").
    private static ApiError AsAnswer(ApiError failure, McpMessage request) =>
        failure.HttpStatus is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
        ? failure
        : failure with { HttpStatus = StatusOfError(request) };

    // The client's library looks for the answer to its request in a success. A client of the era without handshakes looks at the status
    // first: it goes back to a handshake, which is what such models speak, on a bad request.
    private static int StatusOfError(McpMessage request) => request.IsOfNewEra ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
}
