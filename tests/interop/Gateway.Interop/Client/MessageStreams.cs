using System.Buffers;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Failures;
using Gateway.Interop.Messages;
using Google.Protobuf;
using Payload = Gateway.Core.Upstream.Calls.Payload;

namespace Gateway.Interop.Client;

/// <summary>Messages for the bytes of the service's streams. What cannot be sent is not a failure yet: the outcome says why.</summary>
internal static class MessageStreams
{
    public static async Task SendAsync(this UpstreamDuplex stream, IMessage request) =>
        await stream.WriteAsync(new ReadOnlySequence<byte>(request.ToByteArray()));

    /// <summary>The next response, which has to come.</summary>
    public static async Task<StreamingOutputCallResponse> ReceiveAsync(this UpstreamStream stream) =>
        Parse<StreamingOutputCallResponse>(await stream.ReadAsync() ?? throw TooEarly(stream.Outcome));

    /// <summary>The next response, which has to come.</summary>
    public static async Task<StreamingOutputCallResponse> ReceiveAsync(this UpstreamDuplex stream) =>
        Parse<StreamingOutputCallResponse>(await stream.ReadAsync() ?? throw TooEarly(stream.Outcome));

    /// <summary>The call's end, before which no further response may come.</summary>
    public static async Task<CallOutcome> EndAsync(this UpstreamStream stream)
    {
        using var extra = await stream.ReadAsync();
        Check.That(extra is null, "no further response should come");
        return stream.Outcome;
    }

    /// <summary>The call's end, before which no further response may come.</summary>
    public static async Task<CallOutcome> EndAsync(this UpstreamDuplex stream)
    {
        using var extra = await stream.ReadAsync();
        Check.That(extra is null, "no further response should come");
        return stream.Outcome;
    }

    /// <summary>Half-closes, and waits for the call's end.</summary>
    public static async Task<CallOutcome> FinishAsync(this UpstreamDuplex stream)
    {
        await stream.CompleteAsync();
        return await stream.EndAsync();
    }

    /// <summary>Half-closes, and waits for the one response of a call that has to be successful.</summary>
    public static async Task<StreamingInputCallResponse> AnswerAsync(this UpstreamDuplex stream)
    {
        await stream.CompleteAsync();
        var response = Parse<StreamingInputCallResponse>(await stream.ReadAsync() ?? throw TooEarly(stream.Outcome));
        Check.Code(GrpcStatusCode.OK, await stream.EndAsync(), "the call");
        return response;
    }

    /// <summary>Reads a message, and disposes its bytes.</summary>
    public static T Parse<T>(Payload payload)
        where T : IMessage<T>, new()
    {
        using (payload)
        {
            var message = new T();
            message.MergeFrom(payload.Span);
            return message;
        }
    }

    private static CaseFailedException TooEarly(in CallOutcome outcome) =>
        new($"a response should come, the call ends with {outcome.Code}: {outcome.Message}");
}
