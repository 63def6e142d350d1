using Gateway.Core.Upstream;
using Gateway.Interop.Messages;

namespace Gateway.Interop.Client;

/// <summary>Calls that end before the server ends them. Our client shows a cancellation by the caller's own token as an exception.</summary>
internal static class CancellationCases
{
    /// <summary>cancel_after_begin: the headers are out, no message is.</summary>
    public static async Task AfterBeginAsync(TestServiceClient client)
    {
        using var caller = new CancellationTokenSource();
        await ConnectAsync(client);
        await using var stream = client.StreamingInput(new UpstreamCall { CancellationToken = caller.Token });
        await caller.CancelAsync();

        await CancelledAsync(stream.ReadAsync().AsTask(), caller.Token);
        await ConnectAsync(client); // cancelling the call left the connection alone
    }

    /// <summary>cancel_after_first_response: one message came each way.</summary>
    public static async Task AfterFirstResponseAsync(TestServiceClient client)
    {
        using var caller = new CancellationTokenSource();
        await using var stream = client.FullDuplex(new UpstreamCall { CancellationToken = caller.Token });
        await stream.SendAsync(StreamingCases.Request(27182, 31415));
        Check.Payload(31415, (await stream.ReceiveAsync()).Payload, "the response");
        await caller.CancelAsync();

        await CancelledAsync(stream.ReadAsync().AsTask(), caller.Token);
        Check.Code(GrpcStatusCode.Cancelled, stream.Outcome, "the call");
    }

    /// <summary>timeout_on_sleeping_server: the server was asked for nothing, and the time is up.</summary>
    public static async Task TimeoutAsync(TestServiceClient client)
    {
        await ConnectAsync(client);
        await using var stream = client.FullDuplex(new UpstreamCall { Timeout = TimeSpan.FromMilliseconds(1) });
        await stream.SendAsync(new StreamingOutputCallRequest { Payload = Zeros.Of(27182) });

        Check.Code(GrpcStatusCode.DeadlineExceeded, await stream.EndAsync(), "the call");
    }

    // So that the call is on its way at once, instead of waiting for a connection.
    private static async Task ConnectAsync(TestServiceClient client) => _ = (await client.EmptyAsync()).Success;

    private static async Task CancelledAsync(Task read, CancellationToken caller)
    {
        try
        {
            await read;
        }
        catch (OperationCanceledException exception) when (exception.CancellationToken == caller)
        {
            return;
        }

        throw new CaseFailedException("reading should say that the caller cancelled the call");
    }
}
