using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Lifetime;
using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Grpc.Core;

namespace Gateway.Api.Faces.Grpc;

/// <summary>
/// Messages both ways, each sent as it comes. A half-closed request is half-closed upstream; the response goes on. Of a tenant who may not
/// call whatever it wants, the upstream hears nothing before the first message was checked.
/// </summary>
internal sealed class DuplexForwardHandler(
    ForwardAdmission admission, OutgoingCalls calls, Drain drain, TimeProvider time) : IForwardHandler
{
    public async Task<Status> ForwardAsync(ForwardedCall call)
    {
        call.Client.Record.ForgetWaits();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(call.Client.CancellationToken, call.Over);
        using var resting = new RestingCall(call.Live!, drain, time);
        using var first = call.Tenant.IsRestricted ? await ReadFirstAsync(call, over) : null;
        ReadOnlySequence<byte> checkedFirst = default;
        if (call.Tenant.IsRestricted && RefusalOf(call, first, out checkedFirst) is { } refused)
        {
            return refused;
        }

        await using var stream = call.Upstream.Duplex(admission.Rpc, calls.AsStream(call.With(call.Client.TimeLeft, over.Token)));
        var requests = ForwardRequestsAsync(call, stream, first is null ? null : checkedFirst, resting, over.Token);
        var responses = ForwardResponsesAsync(call, stream, resting, over.Token);
        try
        {
            // The response ends the call, or else a request that may not go on does.
            await Task.WhenAny(requests, responses);
            return !responses.IsCompleted && await requests is { } refusal ? refusal : await responses;
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(requests, responses).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The client may wait for the headers before it sends its first message; the upstream's are not there yet, and neither is its limit for
    // silence.
    private async ValueTask<Payload?> ReadFirstAsync(ForwardedCall call, CancellationTokenSource over)
    {
        var reading = call.Client.ReadAsync(over.Token).AsTask();
        if (!reading.IsCompleted)
        {
            await call.Client.StartAsync();
        }

        try
        {
            return await reading.WaitAsync(RequestTimeout.AsWait(calls.FirstMessageTimeout), time, over.Token);
        }
        catch (TimeoutException)
        {
            await over.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new RpcException(GatewayStatus.Of(ApiErrors.NoFirstMessage));
        }
    }

    // A request without messages names nothing.
    private Status? RefusalOf(ForwardedCall call, Payload? first, out ReadOnlySequence<byte> request)
    {
        request = default;
        return first is not null
            ? admission.Admit(call, first, out request)
            : admission.Check(call, request) is { } refusal
            ? GatewayStatus.Of(refusal)
            : null;
    }

    // Why a message may not go on; null once all have.
    private async Task<Status?> ForwardRequestsAsync(
        ForwardedCall call, UpstreamDuplex stream, ReadOnlySequence<byte>? first, RestingCall resting, CancellationToken over)
    {
        if (first is { } known)
        {
            resting.Asked();
            if (!await stream.WriteAsync(known, over))
            {
                return null;
            }
        }

        while (await call.Client.ReadAsync(over) is { } message)
        {
            resting.Asked();
            using (message)
            {
                if (admission.Admit(call, message, out var request) is { } refusal)
                {
                    return refusal;
                }

                if (!await stream.WriteAsync(request, over))
                {
                    return null;
                }
            }

            call.Client.Release();
        }

        resting.AskedAll();
        await stream.CompleteAsync();
        return null;
    }

    private static async Task<Status> ForwardResponsesAsync(
        ForwardedCall call, UpstreamDuplex stream, RestingCall resting, CancellationToken over)
    {
        var client = call.Client;
        ForwardedMetadata.CopyResponse(await stream.ReadHeadersAsync(over), client.Headers, stream.Credential);
        var reading = stream.ReadAsync(over);
        if (!reading.IsCompleted)
        {
            // The client may wait for the headers before it sends its first message.
            await client.StartAsync();
        }

        for (var response = await reading; response is not null; response = await stream.ReadAsync(over))
        {
            resting.Answered();
            using (response)
            {
                await client.WriteAsync(response);
            }
        }

        ForwardedMetadata.CopyResponse(stream.Trailers, client.Trailers, stream.Credential);
        return GatewayStatus.Of(stream.Outcome);
    }
}
