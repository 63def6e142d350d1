using System.Buffers;
using System.Globalization;
using Gateway.Api.Errors;
using Gateway.Api.Streams;
using Gateway.Api.Streams.Resumption;
using Gateway.Api.Tenancy;

namespace Gateway.Api.Pipeline;

/// <summary>Opens the streams that answer requests, which their clients may come back for, if they ask for that. Thread-safe.</summary>
internal sealed class ResumableCalls(AccessControl access, ResumableStreams streams)
{
    /// <summary>A new call, one that its client may come back for, or one that it came back for.</summary>
    /// <param name="incoming">The request, which may be made.</param>
    /// <param name="rpc">Who may make the call.</param>
    /// <param name="request">The message to call with; it stays the caller's.</param>
    /// <param name="open">Makes the call with a message, on a token that ends it.</param>
    /// <returns>The stream, or why there is none.</returns>
    public async ValueTask<(MessageSource? Messages, ApiError? Error)> OpenAsync(
        IncomingCall incoming,
        RpcAccess rpc,
        ReadOnlySequence<byte> request,
        Func<ReadOnlySequence<byte>, CancellationToken, MessageSource> open)
    {
        var http = incoming.Http;
        if (streams.TryRead(http.Request.Headers, out var resume) is { } unreadable)
        {
            return (null, unreadable);
        }

        if (resume.Window is not { } window)
        {
            return (open(request, http.RequestAborted), null);
        }

        incoming.Record.ForgetWaits(); // somebody else waits for the upstream, and may when nobody is there
        var key = ResumeKey.Of(http);
        if (resume.Records is { } records)
        {
            var resumed = streams.Resume(key, records, http.RequestAborted);
            return (resumed, resumed is null ? ApiErrors.NotResumable : null);
        }

        if (!await streams.MakeRoomAsync(key.Owner))
        {
            return (open(request, http.RequestAborted), null);
        }

        http.Response.Headers[ResumeRequest.WindowHeader] = window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var message = new ReadOnlySequence<byte>(request.ToArray()); // the request's own memory is gone when the client is
        var live = access.Watch(rpc, incoming.Tenant); // it lives longer than the request
        live.Check(message);
        return (await streams.OpenAsync(key, window, live, end => open(message, end), http.RequestAborted), null);
    }
}
