using Gateway.Api.Calls;
using Gateway.Api.Errors;

namespace Gateway.Api.Streaming;

/// <summary>
/// The response of one stream: messages, heartbeats while none come, and the last record. It starts with the first of
/// them; until then it can be withdrawn, and a failure still answers with its own HTTP status. One writer at a time.
/// </summary>
public sealed class StreamOutput : IMessageOutput, IAsyncDisposable
{
    private readonly HttpContext _http;
    private readonly StreamFormat _format;
    private readonly CallServices _services;
    private readonly ITimer _heartbeat;

    // Held while bytes are written, by the handler or by a heartbeat.
    private readonly SemaphoreSlim _writing = new(1, 1);

    private long _records;
    private long? _lastWrite;
    private bool _over;

    /// <summary>Prepares the response; heartbeats begin when it starts, or after their grace.</summary>
    /// <param name="http">The request.</param>
    /// <param name="format">How records look.</param>
    /// <param name="services">What all calls share.</param>
    /// <param name="position">How many records the client has had already.</param>
    public StreamOutput(HttpContext http, StreamFormat format, CallServices services, long position = 0)
    {
        _records = position;
        _http = http;
        _format = format;
        _services = services;
        _heartbeat = services.Time.CreateTimer(OnHeartbeat, this, services.Streams.HeartbeatGrace, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryWithdrawAsync()
    {
        await _writing.WaitAsync(_http.RequestAborted);
        _over = !_http.Response.HasStarted;
        _writing.Release();
        return _over;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteAsync(StreamRecord record)
    {
        await BeginAsync();
        var writer = _services.Responses.Get();
        try
        {
            return await writer.WriteRecordAsync(record, _http, _format, ++_records);
        }
        finally
        {
            _services.Responses.Return(writer);
            _writing.Release();
        }
    }

    /// <inheritdoc/>
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
            _over = true;
            var output = _http.Response.BodyWriter;
            _format.BeginLast(output, ++_records, failed: failure is not null);
            ErrorWriter.WriteLast(_http, output, failure);
            _format.EndStream(output);
            await CallRecord.FlushAsync(_http, _http.RequestAborted);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Ends the heartbeats; when it completes, nothing more is written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _heartbeat.DisposeAsync();
        await _writing.WaitAsync();
        _over = true;
        _writing.Release();
    }

    private static void OnHeartbeat(object? output) => _ = ((StreamOutput)output!).HeartbeatAsync();

    private async Task HeartbeatAsync()
    {
        try
        {
            await _writing.WaitAsync(_http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            return; // the client left, which the handler notices as well
        }

        try
        {
            if (!_over)
            {
                await BeatAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The same.
        }
        finally
        {
            _writing.Release();
        }
    }

    // Sends a heartbeat if the stream was silent for long enough, and sets the time of the next look.
    private async ValueTask BeatAsync()
    {
        var interval = _services.Streams.HeartbeatInterval;
        var due = _lastWrite is { } last ? interval - _services.Time.GetElapsedTime(last) : TimeSpan.Zero;
        if (due <= TimeSpan.Zero)
        {
            Start();
            _format.Heartbeat(_http.Response.BodyWriter);
            await CallRecord.FlushAsync(_http, _http.RequestAborted);
            due = interval;
        }

        _heartbeat.Change(due, Timeout.InfiniteTimeSpan);
    }

    private async ValueTask BeginAsync()
    {
        await _writing.WaitAsync(_http.RequestAborted);
        Start();
    }

    private void Start()
    {
        _lastWrite = _services.Time.GetTimestamp();
        if (!_http.Response.HasStarted)
        {
            _format.SetHeaders(_http.Response);
            _heartbeat.Change(_services.Streams.HeartbeatInterval, Timeout.InfiniteTimeSpan); // the grace is over
        }
    }
}
