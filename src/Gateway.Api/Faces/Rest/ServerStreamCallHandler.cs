using System.Buffers;
using System.Globalization;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Api.Streams.Resumption;
using Gateway.Api.Tenancy;
using Gateway.Core.Schema;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Api.Faces.Rest;

/// <summary>
/// One request, many answers, in the format that <c>Accept</c> chooses. Its client may come back for it, if it asked for that.
/// </summary>
internal sealed class ServerStreamCallHandler(
    RequestPlan plan,
    ObjectPool<RequestReader> readers,
    OutgoingCalls calls,
    AccessControl access,
    ResumableStreams resumables,
    StreamOutputs outputs,
    MessageAnswer first) : SingleRequestHandler(plan, readers)
{
    private readonly RpcPlan _rpc = plan.Binding.Rpc;
    private readonly RpcAccess _access = plan.Access;
    private readonly MessageView _view = new(plan.Binding.Rpc, first);

    protected override async Task CallAsync(IncomingCall incoming, RequestReader request)
    {
        var http = incoming.Http;
        if (resumables.TryRead(http.Request.Headers, out var resume) is { } unreadable)
        {
            await ErrorWriter.WriteAsync(http, unreadable);
            return;
        }

        using var live = access.Watch(_access, incoming.Tenant);
        if (live.Check(request.Message) is { } refusal)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }

        UpstreamMessages Open(ReadOnlySequence<byte> message, CancellationToken end) =>
            new(_rpc, calls.ClientFor(incoming).Stream(_rpc, message, calls.Stream(incoming, end)));

        await using var messages = await OpenAsync(incoming, request, resume, Open);
        if (messages is null)
        {
            await ErrorWriter.WriteAsync(http, ApiErrors.NotResumable);
            return;
        }

        await using var output = outputs.Begin(http, StreamFormat.For(http.Request), messages.Position);
        await StreamAnswer.WriteAsync(http, _view, output, messages, live, request.Reset);
    }

    // A new call, one that its client may come back for, or one that it came back for: null when that is not kept.
    private async ValueTask<MessageSource?> OpenAsync(
        IncomingCall incoming,
        RequestReader request,
        ResumeRequest resume,
        Func<ReadOnlySequence<byte>, CancellationToken, UpstreamMessages> open)
    {
        var http = incoming.Http;
        if (resume.Window is not { } window)
        {
            return open(request.Message, http.RequestAborted);
        }

        if (resume.Records is { } records)
        {
            return resumables.Resume(ResumeKey.Of(http), records, http.RequestAborted);
        }

        var key = ResumeKey.Of(http);
        if (!await resumables.MakeRoomAsync(key.Owner))
        {
            return open(request.Message, http.RequestAborted);
        }

        http.Response.Headers[ResumeRequest.WindowHeader] = window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var message = request.Message.ToArray(); // the request's own memory is gone when the client is
        var live = access.Watch(_access, incoming.Tenant); // it lives longer than the request
        live.Check(new ReadOnlySequence<byte>(message));
        return await resumables.OpenAsync(key, window, live, end => open(new ReadOnlySequence<byte>(message), end), http.RequestAborted);
    }
}
