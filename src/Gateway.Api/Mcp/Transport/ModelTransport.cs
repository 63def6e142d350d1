using System.Buffers;
using System.Text.Json;
using Gateway.Api.Calls;
using Gateway.Api.Errors;
using Gateway.Api.Methods;
using Gateway.Core.Methods;
using Gateway.Core.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Mcp.Transport;

/// <summary>
/// A model that speaks MCP itself: its method takes the text of one JSON-RPC message and returns that of the result or the response, or <c>{}</c> where
/// there is none. Messages pass through as they are, and so do results, in a response that has the request's id.
/// </summary>
/// <param name="call">Calls the model.</param>
/// <param name="method">The method, which has an argument for messages.</param>
internal sealed class ModelTransport(ModelCall call, ModelMethod method)
{
    /// <summary>The method's name.</summary>
    public const string Method = "mcp_transport";

    /// <summary>Answers a POST.</summary>
    public Task ServeAsync(McpBody body) => body.IsBatch ? ServeBatchAsync(body) : ServeAsync(body.Messages[0]);

    private async Task ServeAsync(McpMessage message)
    {
        var http = call.Http;
        await using var answer = await AskAsync(message);
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
            Begin(answer.Reply!.IsError ? StatusOfError(message) : StatusCodes.Status200OK);
            Write(message, answer);
            http.Response.ContentLength = http.Response.BodyWriter.UnflushedBytes;
            await CallRecord.FlushAsync(http, http.RequestAborted);
        }
    }

    // One after the other: the model may count on their order. What is answered is sent at once, so that no more than one is held.
    private async Task ServeBatchAsync(McpBody body)
    {
        var http = call.Http;
        var isEmpty = true;
        foreach (var message in body.Messages)
        {
            await using var answer = await AskAsync(message);
            if (!message.IsRequest)
            {
                continue;
            }

            if (isEmpty)
            {
                Begin(StatusCodes.Status200OK);
            }

            http.Response.BodyWriter.Write(isEmpty ? "["u8 : ","u8);
            isEmpty = false;
            Write(message, answer);
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

    private void Begin(int status)
    {
        call.Http.Response.StatusCode = status;
        call.Http.Response.ContentType = "application/json";
        call.Http.Features.GetRequiredFeature<CallRecord>().Outcome = (int)Clarifai.Api.Status.StatusCode.Success;
    }

    private void Write(McpMessage request, ModelAnswer answer)
    {
        var output = call.Http.Response.BodyWriter;
        if (answer.Failure is not { } failure)
        {
            answer.Reply!.Write(output, request.Id!);
            return;
        }

        using var json = new Utf8JsonWriter(output, JsonAnswer.Options);
        McpErrorShape.Write(call.Http, json, failure, new AnsweredRequest(request.Id!));
    }

    private async Task<ModelAnswer> AskAsync(McpMessage message)
    {
        using var wire = call.NewRequest();
        if (Write(message, wire) is { } wrong)
        {
            return new ModelAnswer(MethodErrors.Argument(wrong));
        }

        using var live = call.Watch(method);
        if (live.Check(wire.Written) is { } refusal)
        {
            return new ModelAnswer(refusal);
        }

        var messages = call.Open(method, wire, call.Http.RequestAborted);
        var answer = await ModelAnswer.ReadAsync(messages, call.RpcOf(method), live);
        if (message.IsRequest)
        {
            answer.DemandReply();
        }

        return answer;
    }

    private ArgumentError? Write(McpMessage message, WireWriter wire)
    {
        using var text = new WireWriter(call.Methods.Calls.Segments);
        using var arguments = call.Methods.ArgumentsOf(method, wire);
        foreach (var segment in message.Text)
        {
            text.WriteBytes(segment.Span);
        }

        arguments.Begin();
        return arguments.AddText(method.Message!.Name, text) ?? arguments.End();
    }

    // What is said by HTTP is who may call (MCP, "Authorization").
    private static ApiError AsAnswer(ApiError failure, McpMessage request) => failure.HttpStatus is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
        ? failure
        : failure with { HttpStatus = StatusOfError(request) };

    // The client's library looks for the answer to its request in a success. A client of the era without handshakes looks at the status first: it goes back to
    // a handshake, which is what such models speak, on a bad request.
    private static int StatusOfError(McpMessage request) => request.IsOfNewEra ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
}
