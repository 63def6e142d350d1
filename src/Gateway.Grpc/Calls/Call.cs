using System.Runtime.CompilerServices;
using Gateway.Grpc.Messages;
using Gateway.Grpc.Protocol;

namespace Gateway.Grpc.Calls;

/// <summary>One call of any kind over one HTTP/2 stream. One read and one write may run at the same time.</summary>
internal sealed class Call
{
    // As often as the handler sends a refused call again.
    private const int MaxLostConnections = 3;

    private readonly GrpcChannel _channel;
    private readonly HttpMessageInvoker _http;
    private readonly HttpRequestMessage _request;
    private readonly RequestContent _content;
    private readonly CallLifetime _lifetime;
    private readonly bool _passesThrough;
    private Task _started = Task.CompletedTask;
    private HttpResponseMessage? _response;
    private MessageReader? _reader;
    private bool _trailersOnly;

    public Call(GrpcChannel channel, HttpMessageInvoker http, string path, RequestContent content, in CallOptions options)
    {
        _channel = channel;
        _http = http;
        _content = content;
        _passesThrough = options.PassThrough is not null;
        _request = RequestHeaders.Create(channel.AddressOf(path), content, options, channel.Options.UserAgent);
        _lifetime = new CallLifetime(content, options, channel.Options.TimeProvider);
        _content.CallEnded = _lifetime.Token;
    }

    /// <summary>The status, once the call has ended.</summary>
    public GrpcStatus Status =>
        _lifetime.Status ?? throw new InvalidOperationException("The call has not ended: read until there is no message.");

    /// <summary>The response's headers; empty when there are none.</summary>
    public Metadata Headers => field ??= _response is null || _trailersOnly ? [] : MetadataHeaders.Read(_response.Headers);

    /// <summary>Whether the response's headers announce compressed messages.</summary>
    public bool AnnouncesGzip => _response is not null && Encodings.IsGzip(ResponseStatus.Value(_response.Headers, HeaderNames.Encoding));

    /// <summary>The response's trailers, once the call has ended; empty when there are none.</summary>
    public Metadata Trailers => field ??= ReadTrailers();

    /// <summary>Sends the request; the call then runs until it is read to its end or disposed.</summary>
    public Call Start()
    {
        _channel.NoteStarted();
        _started = SendAsync();
        return this;
    }

    /// <summary>Waits until the headers are here, or the call has ended.</summary>
    public async ValueTask<Metadata> ReadHeadersAsync(CancellationToken operation)
    {
        using CancellationTokenRegistration registration = _lifetime.CancelWith(operation);
        _lifetime.BeginWait();
        await _started;
        _lifetime.EndWait(received: false);
        if (_lifetime.Status is not null) _lifetime.ThrowIfCancelledByCaller(operation);
        return Headers;
    }

    /// <summary>The next message, or null when the call has ended.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Payload?> ReadAsync(CancellationToken operation)
    {
        using CancellationTokenRegistration registration = _lifetime.CancelWith(operation);
        _lifetime.BeginWait();
        await _started;
        Payload? message = _lifetime.Status is null ? await ReadMessageAsync(_reader!) : null;
        _lifetime.EndWait(received: message is not null);
        if (message is null) _lifetime.ThrowIfCancelledByCaller(operation);
        return message;
    }

    /// <summary>The next message, not before the request's bytes are the caller's again.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Payload?> ReadAfterRequestAsync(CancellationToken operation)
    {
        using CancellationTokenRegistration registration = _lifetime.CancelWith(operation);
        Payload? message = await ReadAsync(operation);
        await RequestWrittenAsync();
        return message;
    }

    /// <summary>Reads the only message of a call that answers with one.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UnaryResult> ReadSingleAsync(CancellationToken operation)
    {
        Payload? message = await ReadAsync(operation);
        try
        {
            if (message is not null) await ReadEndAsync(operation);
            GrpcStatus status = Status is { IsOK: true } && message is null ? CallFailures.NoMessage : Status;
            if (!status.IsOK) return new UnaryResult(this, status, message: null);
            var result = new UnaryResult(this, status, message);
            message = null;
            return result;
        }
        finally
        {
            message?.Dispose();
        }
    }

    /// <summary>Sends a message; false when the call has ended or is failing, which reading explains.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WriteAsync(StreamingContent content, GrpcMessage message, CancellationToken operation)
    {
        if (content.IsCompleted) throw new InvalidOperationException("The request was completed: nothing more can be written.");
        if (!Admits(message)) return false;
        using CancellationTokenRegistration registration = _lifetime.CancelWith(operation);
        try
        {
            if (await content.WriteAsync(message, _lifetime.Token))
            {
                _lifetime.NoteSent();
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            // The call is over.
        }

        _lifetime.ThrowIfCancelledByCaller(operation);
        return false;
    }

    /// <summary>Whether a message may be sent; one that is too large ends the call.</summary>
    public bool Admits(in GrpcMessage message)
    {
        int limit = _channel.Options.MaxSendMessageSize;
        if (message.Bytes.Length <= limit) return true;
        _lifetime.Cancel(MessageFailures.SentTooLarge(message.Bytes.Length, limit));
        return false;
    }

    /// <summary>Cancels what is still open, and waits until nothing of the call is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _lifetime.Cancel(CallFailures.Disposed);
        await _started;
        await EndAsync(CallFailures.Disposed);
    }

    private async Task SendAsync()
    {
        try
        {
            _response = await AnswerAsync();
            _content.Answered();
            _lifetime.Reset(_response);
            if (await RefusalOfAsync(_response) is { } status) await EndAsync(status);
        }
        catch (Exception exception) when (TransportFailure.Covers(exception))
        {
            await EndAsync(FailureToSend(exception));
        }
    }

    // A connection that is lost between being chosen and being used fails the call, though nothing of it was sent; the handler, which sends
    // refused calls again, does not see to this.
    private async Task<HttpResponseMessage> AnswerAsync()
    {
        for (int lost = 0; ; lost++)
        {
            try
            {
                return await _http.SendAsync(_request, _lifetime.Token);
            }
            catch (Exception exception) when (lost < MaxLostConnections && WasLostUnused(exception))
            {
                // Another connection is chosen.
            }
        }
    }

    private bool WasLostUnused(Exception exception) =>
        !_content.WasBegun && _lifetime.Reason is null && TransportFailure.IsLostConnection(exception);

    // The status of a response without messages; otherwise null, and there is a reader.
    private async ValueTask<GrpcStatus?> RefusalOfAsync(HttpResponseMessage response)
    {
        _trailersOnly = ResponseStatus.IsTrailersOnly(response);
        if (_trailersOnly) return ResponseStatus.Read(response.Headers);
        if (ResponseStatus.NotGrpc(response) is { } failure) return failure;

        Stream stream = await response.Content.ReadAsStreamAsync(_lifetime.Token);
        _reader = new MessageReader(stream, _channel.Options.MaxReceiveMessageSize, AnnouncesGzip, unpacks: !_passesThrough);
        return null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Payload?> ReadMessageAsync(MessageReader reader)
    {
        try
        {
            MessageReadResult read = await reader.ReadAsync(_lifetime.Token);
            if (read.Message is not null) return read.Message;
            await EndAsync(StatusAfter(read.Failure));
        }
        catch (Exception exception) when (TransportFailure.Covers(exception))
        {
            await EndAsync(FailureOf(exception));
        }

        return null;
    }

    private async ValueTask ReadEndAsync(CancellationToken operation)
    {
        if (await ReadAsync(operation) is not { } extra) return;
        extra.Dispose();
        await EndAsync(CallFailures.TooManyMessages);
    }

    // A stream that ended inside a message may still say why in its trailers.
    private GrpcStatus StatusAfter(GrpcStatus? failure)
    {
        if (failure is { } found && found != MessageFailures.Truncated) return found;
        GrpcStatus status = ResponseStatus.Read(_response!.TrailingHeaders);
        return failure is not null && (status.IsOK || status == CallFailures.NoStatus) ? failure.Value : status;
    }

    private GrpcStatus FailureOf(Exception exception) => _lifetime.Reason ?? TransportFailure.ToStatus(exception);

    private GrpcStatus FailureToSend(Exception exception)
    {
        GrpcStatus status = FailureOf(exception);
        bool unprocessed = _lifetime.Reason is null && (!_content.WasBegun || TransportFailure.IsRefusal(exception));
        return unprocessed ? status with { IsUnprocessed = true } : status;
    }

    // May run twice, when a read and the disposal meet.
    private ValueTask EndAsync(GrpcStatus status)
    {
        if (_lifetime.End(status)) _channel.NoteEnded();
        return RequestWrittenAsync();
    }

    private async ValueTask RequestWrittenAsync() => await _content.Written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private Metadata ReadTrailers()
    {
        _ = Status;
        if (_response is null) return [];
        return MetadataHeaders.Read(_trailersOnly ? _response.Headers : _response.TrailingHeaders);
    }
}
