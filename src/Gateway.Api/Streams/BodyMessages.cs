using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Api.Logging;
using Gateway.Api.Memory;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Streams;

/// <summary>
/// Request messages from a body: JSON values one after another, with any white space, or none, between them. A value ends
/// where its own brackets close, so NDJSON and printed JSON read alike. The body's end is the request's.
/// </summary>
/// <param name="request">Reads the messages; stays the caller's.</param>
internal sealed class BodyMessages(HttpContext http, IMessageReader request) : IRequestMessages
{
    private readonly RequestRecord _record = RequestRecord.Of(http);
    private readonly ByteShare _share = http.Features.GetRequiredFeature<ByteShare>();
    private long _number;
    private long _length;
    private volatile bool _over;

    // JSON's (RFC 8259, 2).
    private static ReadOnlySpan<byte> WhiteSpace => " \t\r\n"u8;

    public ReadOnlySequence<byte> Message => request.Message;

    public ApiError? Failure { get; private set; }

    public async ValueTask<bool> ReadAsync()
    {
        try
        {
            return await ReadNextAsync();
        }
        catch (BodyRefusedException refused)
        {
            Failure = ApiErrors.InMessage(_number, refused.Error);
            return false;
        }
    }

    private async ValueTask<bool> ReadNextAsync()
    {
        request.Begin();
        _share.Release();
        _number++;
        _length = 0;
        var body = http.Request.BodyReader;
        while (!_over)
        {
            var read = await body.ReadAsync(http.RequestAborted);
            var rest = read.Buffer;
            var fed = Feed(ref rest);
            body.AdvanceTo(rest.Start);
            if (!fed || request.IsAtEnd || (read.IsCompleted && _length > 0))
            {
                return Complete();
            }

            if (read.IsCompleted)
            {
                _over = true;
            }
        }

        return false;
    }

    public void StopReading()
    {
        _over = true;
        http.Request.BodyReader.CancelPendingRead();
    }

    // Leaves what comes after the message.
    private bool Feed(ref ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            if (request.IsAtEnd)
            {
                return true;
            }

            var fed = Feed(segment.Span, out var consumed);
            bytes = bytes.Slice(consumed);
            _record.RequestBytes += consumed;
            if (!fed)
            {
                return false;
            }
        }

        return true;
    }

    // White space around a message is no part of it.
    private bool Feed(ReadOnlySpan<byte> chunk, out int consumed)
    {
        var space = _length > 0 ? 0 : chunk.IndexOfAnyExcept(WhiteSpace);
        if (space < 0)
        {
            consumed = chunk.Length;
            return true;
        }

        var fed = request.FeedValue(chunk[space..], out var taken);
        consumed = space + taken;
        var text = chunk[space..consumed];
        _length += request.IsAtEnd ? text.TrimEnd(WhiteSpace).Length : taken;
        return fed && _length <= request.MaxBytes;
    }

    private bool Complete()
    {
        Failure = OneOfMany.Complete(request, _number, _length);
        return Failure is null;
    }
}
