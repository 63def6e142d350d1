using System.IO.Pipelines;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Logging;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Api.Streams;

/// <summary>
/// The response of one stream: messages, heartbeats while none come, and the last record. It starts with the first of
/// them; until then it can be withdrawn, and a failure still answers with its own HTTP status. Records that come at once are
/// sent at once: each sending has its price, whatever it sends. One writer at a time.
/// </summary>
internal sealed class StreamOutput : IMessageOutput, IAsyncDisposable
{
    // How much of a stream that never pauses is kept until it is sent.
    private const int MaxKept = 16 * 1024;

    private readonly HttpContext _http;
    private readonly StreamFormat _format;
    private readonly StreamOptions _options;
    private readonly ObjectPool<ResponseWriter> _writers;
    private readonly TimeProvider _time;
    private readonly Heartbeats _heartbeats;
    private ResponseWriter? _kept; // records that are not sent yet
    private long _records;
    private long? _lastWrite;

    /// <summary>Prepares the response; heartbeats begin when it starts, or after their grace.</summary>
    /// <param name="format">How records look.</param>
    /// <param name="position">How many records the client has had already.</param>
    /// <param name="options">When heartbeats are due.</param>
    /// <param name="writers">Writers of messages.</param>
    /// <param name="wheel">Tells that they are.</param>
    public StreamOutput(
        HttpContext http,
        StreamFormat format,
        long position,
        StreamOptions options,
        ObjectPool<ResponseWriter> writers,
        HeartbeatWheel wheel,
        TimeProvider time)
    {
        _records = position;
        _http = http;
        _format = format;
        _options = options;
        _writers = writers;
        _time = time;
        _heartbeats = new Heartbeats(http, options.HeartbeatGrace, wheel, BeatAsync);
    }

    public async ValueTask<bool> TryWithdrawAsync()
    {
        await _heartbeats.BeginTurnAsync(_http.RequestAborted);
        var withdrawn = _heartbeats.IsOver = !_http.Response.HasStarted && _kept is not { Kept: > 0 };
        _heartbeats.EndTurn();
        return withdrawn;
    }

    public ValueTask<bool> WriteAsync(StreamRecord record)
    {
        _kept ??= _writers.Get();
        if (!_kept.TryKeep(record, _format, ++_records, out var isWhole))
        {
            return ValueTask.FromResult(false);
        }

        return isWhole && _kept.Kept < MaxKept ? ValueTask.FromResult(true) : SendAsync(isWhole);
    }

    public async ValueTask FlushAsync()
    {
        if (_kept is not null)
        {
            await SendAsync(isWhole: true);
        }
    }

    public void Skip() => _records++;

    public async ValueTask EndAsync(ApiError? failure)
    {
        if (failure is not null && await TryWithdrawAsync())
        {
            await ErrorWriter.WriteAsync(_http, failure);
            return;
        }

        await BeginAsync();
        try
        {
            _heartbeats.IsOver = true;
            var output = _http.Response.BodyWriter;
            WriteKept(output);
            _format.BeginLast(output, ++_records, failed: failure is not null);
            ErrorWriter.WriteLast(_http, output, failure);
            _format.EndStream(output);
            await ResponseFlow.FlushAsync(_http, _http.RequestAborted);
            RequestRecord.Of(_http).IsEnded = true;
        }
        finally
        {
            _heartbeats.EndTurn();
        }
    }

    /// <summary>Ends the heartbeats; when it completes, nothing more is written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _heartbeats.DisposeAsync();
        ReturnWriter();
    }

    // Sends a heartbeat if the stream was silent for long enough, and says when to look next.
    private async ValueTask<TimeSpan> BeatAsync()
    {
        var interval = _options.HeartbeatInterval;
        var due = _lastWrite is { } last ? interval - _time.GetElapsedTime(last) : TimeSpan.Zero;
        if (due <= TimeSpan.Zero)
        {
            Start();
            _format.Heartbeat(_http.Response.BodyWriter);
            await ResponseFlow.FlushAsync(_http, _http.RequestAborted);
            due = interval;
        }

        return due;
    }

    // All that is kept and, if that is not the whole of the last record, the rest of it.
    private async ValueTask<bool> SendAsync(bool isWhole)
    {
        await BeginAsync();
        try
        {
            if (!isWhole)
            {
                return await _kept!.WriteRestAsync(_http, _format);
            }

            WriteKept(_http.Response.BodyWriter);
            await ResponseFlow.FlushAsync(_http, _http.RequestAborted);
            return true;
        }
        finally
        {
            ReturnWriter();
            _heartbeats.EndTurn();
        }
    }

    private void WriteKept(PipeWriter output)
    {
        _kept?.WriteKept(output);
        ReturnWriter();
    }

    // Whatever waits, for a client or for messages, waits without it.
    private void ReturnWriter()
    {
        if (_kept is { } writer)
        {
            _kept = null;
            _writers.Return(writer);
        }
    }

    private async ValueTask BeginAsync()
    {
        await _heartbeats.BeginTurnAsync(_http.RequestAborted);
        Start();
    }

    private void Start()
    {
        _lastWrite = _time.GetTimestamp();
        if (!_http.Response.HasStarted)
        {
            _format.SetHeaders(_http.Response);
            _heartbeats.Schedule(_options.HeartbeatInterval); // the grace is over
        }
    }
}
