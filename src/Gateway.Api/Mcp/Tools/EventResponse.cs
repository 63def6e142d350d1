using System.Buffers;
using Gateway.Api.Calls;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Gateway.Api.Mcp.Tools;

/// <summary>
/// The body of an answer whose events the SDK writes: the response becomes an event stream with the first, is counted and guarded like all others, and
/// stays empty when there is nothing to answer.
/// </summary>
/// <param name="http">The POST.</param>
internal sealed class EventResponse(HttpContext http) : Stream
{
    private bool _hasBegun;

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

    /// <summary>Sets status and headers, unless they are set.</summary>
    /// <param name="first">What is sent first.</param>
    public void Begin(JsonRpcMessage first)
    {
        if (_hasBegun)
        {
            return;
        }

        _hasBegun = true;
        var response = http.Response;
        response.StatusCode = StatusOf((first as JsonRpcError)?.Error.Code);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        http.Features.GetRequiredFeature<CallRecord>().Outcome = (int)Clarifai.Api.Status.StatusCode.Success;
    }

    /// <summary>Ends the answer: one to nothing but notifications has no body.</summary>
    public void End()
    {
        if (!_hasBegun)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        http.Response.BodyWriter.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        // The SDK would send the headers before it knows what follows.
        if (_hasBegun)
        {
            await CallRecord.FlushAsync(http, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => http.Response.BodyWriter.Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // Whoever writes flushes by the other one.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    // What is wrong with the protocol, the revision says by HTTP as well; what is wrong with a tool, it does not.
    private int StatusOf(int? error) => (McpErrorCode?)error switch
    {
        McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.HeaderMismatch or McpErrorCode.MissingRequiredClientCapability => StatusCodes.Status400BadRequest,
        McpErrorCode.MethodNotFound when RequestHeaders.AreIn(http.Request.Headers[McpBody.VersionHeader]) => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status200OK,
    };
}
