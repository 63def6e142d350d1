using System.Buffers;
using System.Globalization;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Api.Streams.Resumption;
using Gateway.Core.Binding;

namespace Gateway.Api.Faces.Rest;

/// <summary>One request, many answers, in the format that <c>Accept</c> chooses. Its client may come back for it, if it asked for that.</summary>
internal sealed class ServerStreamCallHandler(HttpBinding binding, CallServices services) : SingleRequestCallHandler(binding, services)
{
    private readonly StreamAnswer _answer = new(new MessageView(binding.Rpc, services), services);

    /// <inheritdoc/>
    protected override async Task CallAsync(IncomingCall incoming, RequestReader request)
    {
        var http = incoming.Http;
        var timeLeft = TimeLeftOf(incoming);
        if (ResumeRequest.TryRead(http.Request.Headers, Services.Streams, out var resume) is { } unreadable)
        {
            await ErrorWriter.WriteAsync(http, unreadable);
            return;
        }

        using var live = Services.Watch(Plan.Access, incoming.Tenant);
        if (live.Check(request.Message) is { } refusal)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }

        UpstreamMessages Open(ReadOnlySequence<byte> message, CancellationToken end) =>
            new(Binding.Rpc, ClientFor(incoming).Stream(Binding.Rpc, message, _answer.Call(http, timeLeft, end)));

        await using var messages = await OpenAsync(incoming, request, resume, Open);
        if (messages is null)
        {
            await ErrorWriter.WriteAsync(http, ApiErrors.NotResumable);
            return;
        }

        await using var output = new StreamOutput(http, StreamFormat.For(http.Request), Services, messages.Position);
        await _answer.WriteAsync(http, output, messages, live, request);
    }

    // A new call, one that its client may come back for, or one that it came back for: null when that is not kept.
    private async ValueTask<MessageSource?> OpenAsync(
        IncomingCall incoming, RequestReader request, ResumeRequest resume, Func<ReadOnlySequence<byte>, CancellationToken, UpstreamMessages> open)
    {
        var http = incoming.Http;
        if (resume.Window is not { } window)
        {
            return open(request.Message, http.RequestAborted);
        }

        if (resume.Records is { } records)
        {
            return Services.Resumables.Resume(ResumeKey.Of(http), records, http.RequestAborted);
        }

        var key = ResumeKey.Of(http);
        if (!await Services.Resumables.MakeRoomAsync(key.Owner))
        {
            return open(request.Message, http.RequestAborted);
        }

        http.Response.Headers[ResumeRequest.WindowHeader] = window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var message = request.Message.ToArray(); // the request's own memory is gone when the client is
        var live = Services.Watch(Plan.Access, incoming.Tenant); // it lives longer than the request
        live.Check(new ReadOnlySequence<byte>(message));
        return await Services.Resumables.OpenAsync(key, window, live, end => open(new ReadOnlySequence<byte>(message), end), http.RequestAborted);
    }
}
