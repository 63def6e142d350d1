using System.Buffers;
using Gateway.Api.Calls;
using Gateway.Api.Streaming;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Gateway.Api.Mcp.Tools;

/// <summary>
/// The body of an answer whose events the SDK writes, each in one go: the response becomes an event stream with the first, is counted and guarded like
/// all others, has heartbeats while a tool takes long, and stays empty when there is nothing to answer.
/// </summary>
internal sealed class EventResponse : Stream
{
    private static readonly SseFormat Events = new();

    private readonly HttpContext _http;
    private readonly TimeSpan _interval;
    private readonly Heartbeats _heartbeats;
    private bool _hasBegun;

    /// <summary>Prepares the response; heartbeats begin after their grace.</summary>
    /// <param name="http">The POST.</param>
    /// <param name="services">What all calls share.</param>
    public EventResponse(HttpContext http, CallServices services)
    {
        _http = http;
        _interval = services.Streams.HeartbeatInterval;
        _heartbeats = new Heartbeats(http, services, BeatAsync);
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Says what is sent next, which is when the status can still be chosen.</summary>
    public async ValueTask BeginAsync(JsonRpcMessage next)
    {
        await _heartbeats.BeginTurnAsync(_http.RequestAborted);
        Begin((next as JsonRpcError)?.Error.Code);
        _heartbeats.EndTurn();
    }

    /// <summary>Ends the answer: one to nothing but notifications has no body.</summary>
    public async ValueTask EndAsync()
    {
        await DisposeAsync();
        if (!_hasBegun)
        {
            _http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _heartbeats.BeginTurnAsync(cancellationToken);
        try
        {
            _http.Response.BodyWriter.Write(buffer.Span);
            await CallRecord.FlushAsync(_http, cancellationToken);
        }
        finally
        {
            _heartbeats.EndTurn();
        }
    }

    /// <summary>Ends the heartbeats; when it completes, nothing more is written.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _heartbeats.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Does nothing: what is written is sent, and headers wait for the first event, which may choose the status.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
        // The same.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask<TimeSpan> BeatAsync()
    {
        Begin(error: null);
        Events.Heartbeat(_http.Response.BodyWriter);
        await CallRecord.FlushAsync(_http, _http.RequestAborted);
        return _interval;
    }

    private void Begin(int? error)
    {
        if (_hasBegun)
        {
            return;
        }

        _hasBegun = true;
        var response = _http.Response;
        response.StatusCode = StatusOf(error);
        Events.SetHeaders(response);
        _http.Features.GetRequiredFeature<CallRecord>().Outcome = (int)Clarifai.Api.Status.StatusCode.Success;
    }

    // What is wrong with the protocol, the revision says by HTTP as well; what is wrong with a tool, it does not.
    private int StatusOf(int? error) => (McpErrorCode?)error switch
    {
        McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.HeaderMismatch or McpErrorCode.MissingRequiredClientCapability => StatusCodes.Status400BadRequest,
        McpErrorCode.MethodNotFound when RequestHeaders.AreIn(_http.Request.Headers[McpBody.VersionHeader]) => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status200OK,
    };
}
