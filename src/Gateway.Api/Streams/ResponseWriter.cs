using System.Buffers;
using System.IO.Pipelines;
using Gateway.Api.Http;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;

namespace Gateway.Api.Streams;

/// <summary>
/// Writes response messages as JSON. The first stretch goes into a buffer of the writer's own: most answers end there, so
/// they go out with a length, and a message that turns out malformed can still become an error. Pooled: rent one per call.
/// </summary>
internal sealed class ResponseWriter(JsonLimits limits) : IDisposable
{
    private readonly ProtoToJson _json = new(limits);
    private readonly WireWriter _head = new();

    /// <summary>Why a message could not be written; null when it could.</summary>
    public JsonError? Error => _json.Error;

    /// <summary>How many bytes of records it keeps.</summary>
    public long Kept => _head.Length;

    /// <summary>Writes a message as the body of a response whose status and headers are set.</summary>
    /// <returns>False when the message is malformed: nothing was sent, or the response has started and has to be aborted.</returns>
    public async ValueTask<bool> WriteBodyAsync(MessagePlan plan, ReadOnlyMemory<byte> message, HttpContext http)
    {
        if (!TryBegin(StreamRecord.Of(plan, message), out var done))
        {
            return false;
        }

        if (!done)
        {
            WriteHead(http.Response.BodyWriter);
            return await ContinueAsync(http);
        }

        http.Response.ContentLength = _head.Length;
        WriteHead(http.Response.BodyWriter);
        await ResponseFlow.FlushAsync(http, http.RequestAborted);
        return true;
    }

    /// <summary>Keeps a record of a stream for <see cref="WriteKept"/>, behind those that it keeps already.</summary>
    /// <param name="isWhole">Whether that is all of it; if not, <see cref="WriteRestAsync"/> sends it before anything else.</param>
    /// <returns>False when the message is malformed: nothing of it is kept.</returns>
    public bool TryKeep(StreamRecord record, StreamFormat format, long id, out bool isWhole)
    {
        var before = _head.Mark;
        format.BeginMessage(_head, id, record);
        if (!TryBegin(record, out isWhole))
        {
            _head.Rewind(before);
            return false;
        }

        if (isWhole)
        {
            format.EndRecord(_head);
        }

        return true;
    }

    /// <summary>Writes the records that it keeps to a response.</summary>
    public void WriteKept(PipeWriter output) => WriteHead(output);

    /// <summary>Sends the records that it keeps, and the rest of the last one.</summary>
    /// <returns>False when the message is malformed: the response is aborted.</returns>
    public async ValueTask<bool> WriteRestAsync(HttpContext http, StreamFormat format)
    {
        var output = http.Response.BodyWriter;
        WriteHead(output);
        if (!await ContinueAsync(http))
        {
            http.Abort();
            return false;
        }

        format.EndRecord(output);
        await ResponseFlow.FlushAsync(http, http.RequestAborted);
        return true;
    }

    /// <summary>Writes a record as a text message of a WebSocket, in as many fragments as it takes.</summary>
    /// <returns>False when the message is malformed: nothing of it was sent, or the socket's message is not whole.</returns>
    public async ValueTask<bool> WriteTextAsync(StreamRecord record, SocketOutput socket)
    {
        var readable = TryBegin(record, out var done);
        while (readable && !done)
        {
            await socket.SendAsync(_head.Written, endsMessage: false);
            _head.Reset();
            done = _json.Continue(_head);
            readable = _json.Error is null;
        }

        if (readable)
        {
            await socket.SendAsync(_head.Written, endsMessage: true);
            _head.Reset();
        }

        return readable;
    }

    /// <summary>Forgets the message and gives its memory back.</summary>
    public void Reset()
    {
        _head.Reset();
        _json.Reset();
    }

    public void Dispose()
    {
        _head.Dispose();
        _json.Dispose();
    }

    // The first stretch goes into the head; false when it shows that the message is malformed.
    private bool TryBegin(StreamRecord record, out bool done)
    {
        if (record.Plan is not { } plan)
        {
            _head.Write(record.Bytes.Span);
            return done = true;
        }

        _json.Begin(plan, record.Bytes);
        done = _json.Continue(_head);
        return _json.Error is null;
    }

    // Flushing waits for the client when it reads slower than the message is written.
    private async ValueTask<bool> ContinueAsync(HttpContext http)
    {
        do
        {
            await ResponseFlow.FlushAsync(http, http.RequestAborted);
        }
        while (!_json.Continue(http.Response.BodyWriter));

        await ResponseFlow.FlushAsync(http, http.RequestAborted);
        return _json.Error is null;
    }

    private void WriteHead(PipeWriter output)
    {
        foreach (var segment in _head.Written)
        {
            output.Write(segment.Span);
        }

        _head.Reset();
    }
}
