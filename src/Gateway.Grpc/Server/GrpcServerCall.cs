using Gateway.Grpc.Messages;
using Gateway.Grpc.Protocol;
using Gateway.Grpc.Server.Framing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Grpc.Server;

/// <summary>One call as its handler sees it. One read and one write may run at the same time.</summary>
public sealed class GrpcServerCall
{
    private readonly CallFraming _framing;
    private readonly GrpcServerOptions _options;
    private readonly MessageReader _reader;
    private readonly ResponseStream _output;

    internal GrpcServerCall(HttpContext context, CallFraming framing, GrpcServerOptions options, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        HttpContext = context;
        _framing = framing;
        _options = options;
        Timeout = timeout;
        CancellationToken = cancellationToken;
        IHeaderDictionary headers = context.Request.Headers;
        PassThrough = new PassThrough(
            SendsGzip: Encodings.IsGzip(headers[HeaderNames.Encoding]), AcceptsGzip: Encodings.AcceptsGzip(headers[HeaderNames.AcceptEncoding].ToString()));
        _reader = new MessageReader(framing.OpenRequest(context.Request), options.MaxReceiveMessageSize, PassThrough.SendsGzip, unpacks: !options.PassThrough);
        _output = framing.OpenResponse(context.Response, options);
    }

    /// <summary>The HTTP request that carries the call. Its body and its response are the call's own: read and write them here.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The method's path, <c>/package.Service/Method</c>.</summary>
    public string Path => HttpContext.Request.Path.Value ?? "";

    /// <summary>The request's metadata.</summary>
    public Metadata RequestHeaders => field ??= MetadataHeaders.Read(HttpContext.Request.Headers);

    /// <summary>Metadata to send before the first message; what is added after the response has started is not sent.</summary>
    public Metadata ResponseHeaders { get; } = new();

    /// <summary>Metadata to send with the status.</summary>
    public Metadata ResponseTrailers { get; } = new();

    /// <summary>The time that the client gave this call when it began; null for as long as it takes.</summary>
    public TimeSpan? Timeout { get; }

    /// <summary>Fires when the client has reset the call or gone away, or when the deadline has passed.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>What the client says of gzip.</summary>
    public PassThrough PassThrough { get; }

    /// <summary>
    /// Whether to send the next messages with gzip, where the client accepts it. It must be on when the response starts, and may then be
    /// changed between messages. Where calls pass through, it says only that messages may come compressed: the headers announce it.
    /// </summary>
    public bool CompressResponse { get; set; }

    /// <summary>
    /// Reads the next message, which the handler owns; null when the client has half-closed. A broken request does not come back:
    /// the exception then thrown ends the call with the right status, and is not to be caught.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading for good; in place of <see cref="CancellationToken"/>, which it therefore includes.</param>
    /// <exception cref="OperationCanceledException"><see cref="CancellationToken"/> or the token given fired.</exception>
    public async ValueTask<Payload?> ReadAsync(CancellationToken? cancellationToken = null)
    {
        MessageReadResult read = await ReadFromClientAsync(cancellationToken ?? CancellationToken);
        return read.Failure is { } failure ? throw new CallFailedException(failure) : read.Message;
    }

    /// <summary>Reads the one message of a unary or server-streaming request; the exception thrown at any other number ends the call.</summary>
    /// <exception cref="OperationCanceledException"><see cref="CancellationToken"/> fired.</exception>
    public async ValueTask<Payload> ReadSingleAsync()
    {
        Payload message = await ReadAsync() ?? throw new CallFailedException(ServerFailures.NoMessage);
        if (await ReadAsync() is not { } extra) return message;
        extra.Dispose();
        message.Dispose();
        throw new CallFailedException(ServerFailures.TooManyMessages);
    }

    /// <summary>Sends the headers now, instead of with the first message.</summary>
    public async ValueTask StartAsync()
    {
        if (HttpContext.Response.HasStarted) return;
        PrepareHeaders();
        await HttpContext.Response.StartAsync(CancellationToken);
        await HttpContext.Response.Body.FlushAsync(CancellationToken);
    }

    /// <summary>Sends a message at once; its bytes are not used after the returned task completes.</summary>
    /// <exception cref="OperationCanceledException"><see cref="CancellationToken"/> fired.</exception>
    public async ValueTask WriteAsync(GrpcMessage message)
    {
        int limit = _options.MaxSendMessageSize;
        if (message.Bytes.Length > limit) throw new CallFailedException(MessageFailures.SentTooLarge(message.Bytes.Length, limit));
        if (!HttpContext.Response.HasStarted) PrepareHeaders();
        bool gzip = CompressResponse && !_options.PassThrough && HttpContext.Response.Headers.ContainsKey(HeaderNames.Encoding);
        await MessageWriter.WriteAsync(_output, message, gzip, CancellationToken);
    }

    /// <summary>Ends the call.</summary>
    internal ValueTask EndAsync(GrpcStatus status)
    {
        if (HttpContext.Response.HasStarted) return _framing.EndAsync(HttpContext.Response, _output, status, ResponseTrailers);

        // Without a message before it, the status goes into the headers, and these end the response ("Trailers-Only").
        MetadataHeaders.Write(ResponseHeaders, HttpContext.Response.Headers);
        ServerTrailers.Write(HttpContext.Response.Headers, status, ResponseTrailers);
        return ValueTask.CompletedTask;
    }

    private async ValueTask<MessageReadResult> ReadFromClientAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.ReadAsync(cancellationToken);
        }
        catch (IOException)
        {
            return ServerFailures.Cancelled; // the client left; the body can know it before the token does
        }
    }

    private void PrepareHeaders()
    {
        IHeaderDictionary headers = HttpContext.Response.Headers;
        if (CompressResponse && (PassThrough.AcceptsGzip || _options.PassThrough))
        {
            headers[HeaderNames.Encoding] = Encodings.Gzip;
        }

        MetadataHeaders.Write(ResponseHeaders, headers);
    }
}
