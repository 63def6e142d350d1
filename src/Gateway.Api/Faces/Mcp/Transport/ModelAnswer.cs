using Gateway.Api.Errors;
using Gateway.Api.Models;
using Gateway.Api.Streams;
using Gateway.Api.Tenancy;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Faces.Mcp.Transport;

/// <summary>What a model answered to one message: a text, or why there is none. To be disposed.</summary>
internal sealed class ModelAnswer : IAsyncDisposable
{
    private readonly MessageSource? _messages;

    // UTF-8, as long as the messages are not disposed.
    private readonly ReadOnlyMemory<byte> _text;

    /// <summary>A failure.</summary>
    public ModelAnswer(ApiError failure) => Failure = failure;

    private ModelAnswer(MessageSource messages, Payload message)
    {
        _messages = messages;
        _text = ReturnedText.TryFind(message.Memory, out var text) ? text : default;
    }

    /// <summary>Why there is no answer; null when there is one.</summary>
    public ApiError? Failure { get; private set; }

    /// <summary>The reply to a request, as long as this lives; null when there is none, or none was demanded.</summary>
    public ModelReply? Reply { get; private set; }

    /// <summary>Reads the one answer of a call.</summary>
    /// <param name="messages">The call, which changes hands.</param>
    /// <param name="rpc">What was called.</param>
    /// <param name="live">The call, as tenants know it; where it is over before its answer, the failure says why.</param>
    public static async Task<ModelAnswer> ReadAsync(MessageSource messages, RpcPlan rpc, LiveCall live)
    {
        try
        {
            var message = await messages.ReadAsync(live.Over);
            var failure = message is null ? messages.Failure ?? ApiErrors.UpstreamUnreadable : Outputs.FailureIn(rpc, message);
            return failure is null ? new ModelAnswer(messages, message!) : await FailAsync(messages, failure);
        }
        catch (OperationCanceledException) when (live.Over.IsCancellationRequested)
        {
            return await FailAsync(messages, live.Ending);
        }
    }

    /// <summary>Reads the text as the reply to a request: where it is none, the answer is a failure.</summary>
    public void DemandReply()
    {
        if (Failure is null)
        {
            Reply = ModelReply.Read(_text);
            Failure = Reply is null ? McpErrors.AnswerUnreadable : null;
        }
    }

    public ValueTask DisposeAsync() => _messages?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<ModelAnswer> FailAsync(MessageSource messages, ApiError failure)
    {
        await messages.DisposeAsync();
        return new ModelAnswer(failure);
    }
}
