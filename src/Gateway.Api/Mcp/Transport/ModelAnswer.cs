using System.Text.Json;
using Gateway.Api.Errors;
using Gateway.Api.Methods;
using Gateway.Api.Streaming;
using Gateway.Core.Schema;
using Gateway.Grpc;

namespace Gateway.Api.Mcp.Transport;

/// <summary>What a model answered to one message: a text, or why there is none. To be disposed.</summary>
internal sealed class ModelAnswer : IAsyncDisposable
{
    private readonly MessageSource? _messages;

    /// <summary>A failure.</summary>
    public ModelAnswer(ApiError failure) => Failure = failure;

    private ModelAnswer(MessageSource messages, Payload message)
    {
        _messages = messages;
        Text = ReturnedText.TryFind(message.Memory, out var text) ? text : default;
    }

    /// <summary>Why there is no answer; null when there is one.</summary>
    public ApiError? Failure { get; private set; }

    /// <summary>The text, UTF-8, as long as this lives.</summary>
    public ReadOnlyMemory<byte> Text { get; }

    /// <summary>Reads the one answer of a call.</summary>
    /// <param name="messages">The call, which changes hands.</param>
    /// <param name="rpc">What was called.</param>
    /// <param name="end">Ends it early.</param>
    public static async Task<ModelAnswer> ReadAsync(MessageSource messages, RpcPlan rpc, CancellationToken end)
    {
        var message = await messages.ReadAsync(end);
        var failure = message is null ? messages.Failure ?? ApiErrors.UpstreamUnreadable : Outputs.FailureIn(rpc, message);
        return failure is null ? new ModelAnswer(messages, message!) : await FailAsync(messages, failure);
    }

    /// <summary>Demands that it be a JSON-RPC response: else it is a failure.</summary>
    public void DemandResponse()
    {
        if (Failure is null && !IsResponse(Text.Span))
        {
            Failure = McpErrors.AnswerUnreadable;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _messages?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<ModelAnswer> FailAsync(MessageSource messages, ApiError failure)
    {
        await messages.DisposeAsync();
        return new ModelAnswer(failure);
    }

    // An object with a result or an error (JSON-RPC 2.0, 5), and nothing behind it.
    private static bool IsResponse(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text);
        try
        {
            var found = false;
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                found |= json.ValueTextEquals("result"u8) || json.ValueTextEquals("error"u8);
                json.Skip();
            }

            return found && !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
