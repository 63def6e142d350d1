using System.Buffers;
using System.Text.Json;
using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Streams;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Gateway.Core.Wire;
using ModelContextProtocol.Protocol;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Faces.Mcp.Tools;

/// <summary>
/// One call of a tool. What goes wrong with the call is the tool's result, as language models read results and can do better
/// (MCP, "Tools", "Error Handling").
/// </summary>
/// <param name="call">The POST.</param>
/// <param name="method">The method that the tool is.</param>
/// <param name="progress">Takes the results as they come; null when nobody asked.</param>
/// <param name="models">Calls the model.</param>
/// <param name="results">Writes results.</param>
/// <param name="maxResultBytes">The most bytes of JSON that the results may have together.</param>
internal sealed class ToolCall(
    McpCall call, ModelMethod method, ToolProgress? progress, ModelCaller models, ResultWriter results, long maxResultBytes)
{
    private static readonly ReadOnlySequence<byte> None = new("{}"u8.ToArray());

    private readonly ToolResult _result = new(method);
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly TokenCounts _tokens = new();
    private long _bytes;

    /// <summary>Makes the call.</summary>
    /// <param name="arguments">The object of arguments; null for none.</param>
    public async Task<CallToolResult> RunAsync(ReadOnlySequence<byte>? arguments, CancellationToken cancellationToken)
    {
        using var wire = models.NewRequest(call);
        if (Write(arguments, wire) is { } wrong)
        {
            return ToolResult.Failed(call.Http, wrong);
        }

        using var live = models.Watch(call, method);
        if (live.Check(wire.Written) is { } refusal)
        {
            return ToolResult.Failed(call.Http, refusal);
        }

        await using var messages = models.Open(call, method, wire, cancellationToken);
        var failure = await ReadAsync(messages, live, cancellationToken);
        return failure is null ? _result.Complete(_tokens) : ToolResult.Failed(call.Http, failure);
    }

    private ApiError? Write(ReadOnlySequence<byte>? arguments, WireWriter wire)
    {
        using var reader = models.Arguments.NewReader(method, wire);
        foreach (var segment in arguments ?? None)
        {
            reader.Feed(segment.Span);
        }

        reader.Complete();
        return reader.Error is { } unreadable ? ApiErrors.Unreadable(unreadable) : MethodErrors.In(reader);
    }

    // Why the call failed; null when it did not.
    private async Task<ApiError?> ReadAsync(MessageSource messages, LiveCall live, CancellationToken cancellationToken)
    {
        try
        {
            while (await messages.ReadAsync(live.Over) is { } message)
            {
                using (message)
                {
                    if (Outputs.FailureIn(models.RpcOf(method), message) is { } failed)
                    {
                        return failed;
                    }

                    if (await AddAsync(message.Memory, cancellationToken) is { } unread)
                    {
                        return unread;
                    }
                }
            }

            return messages.Failure ?? (method.Kind == RunnerMethodType.UnaryUnary && _bytes == 0 ? ApiErrors.UpstreamUnreadable : null);
        }
        catch (OperationCanceledException) when (live.Over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return live.Ending;
        }
    }

    private async ValueTask<ApiError?> AddAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (!Outputs.TryParse(message, out var response, out var outputs))
        {
            return ApiErrors.UpstreamUnreadable;
        }

        foreach (var (output, data) in response.Outputs.Zip(outputs))
        {
            _tokens.AddPiece(output);
            _json.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_json, JsonAnswer.Options))
            {
                if (!results.TryWrite(method, data.GetValueOrDefault().Span, json))
                {
                    return ApiErrors.UpstreamUnreadable;
                }
            }

            _bytes += _json.WrittenCount;
            if (_bytes > maxResultBytes)
            {
                return McpErrors.ResultTooLarge(maxResultBytes);
            }

            var text = _result.Add(JsonElement.Parse(_json.WrittenSpan));
            await (progress?.TellAsync(text, cancellationToken) ?? Task.CompletedTask);
        }

        return null;
    }
}
