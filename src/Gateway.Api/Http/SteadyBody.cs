using System.Buffers;
using System.IO.Pipelines;
using Gateway.Api.Errors;
using Gateway.Api.Memory;
using Gateway.Core.Upstream.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Api.Http;

/// <summary>
/// A request's body that ends when it comes too slowly: of every twenty seconds, the time in which somebody waits for it has to bring its
/// share of bytes. It ends, too, when the gateway's time is over and somebody still waits for it. Who may take the server's check of the
/// rate away takes both away: two-way calls may rest, and end by themselves.
/// </summary>
/// <param name="body">The body.</param>
/// <param name="rate">The server's check.</param>
/// <param name="bytesPerSecond">The least rate.</param>
/// <param name="waits">Is told while somebody waits for the body.</param>
/// <param name="expired">Fires when the time of open requests is over.</param>
internal sealed class SteadyBody(
    PipeReader body, IHttpMinRequestBodyDataRateFeature rate, int bytesPerSecond, TimeProvider time, IWaitObserver waits,
    CancellationToken expired)
    : PipeReader, IRequestBodyPipeFeature, IHttpMinRequestBodyDataRateFeature, IAsyncDisposable
{
    /// <summary>How long one look takes: long enough for a client that changes its network.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private CancellationTokenRegistration _expiry;
    private ReadOnlySequence<byte> _buffer;
    private long _seen; // of what was not consumed: it was counted before
    private bool _isOver; // the server's reader is not to be touched any more
    private volatile bool _isLifted;
    private volatile bool _isTooSlow;
    private bool _isCanceled; // by who reads

    // Of this window.
    private long _arrived;
    private TimeSpan _waited;
    private long? _waitingSince;

    public PipeReader Reader => this;

    public MinDataRate? MinDataRate
    {
        get => rate.MinDataRate;
        set
        {
            rate.MinDataRate = value;
            _isLifted = value is null;
        }
    }

    /// <exception cref="Microsoft.AspNetCore.Http.BadHttpRequestException">It came too slowly.</exception>
    /// <exception cref="BodyRefusedException">The gateway stops.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = body.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? ValueTask.FromResult(Take(reading.Result))
            : _isLifted ? reading
            : WaitAsync(reading);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!body.TryRead(out result))
        {
            return false;
        }

        result = Take(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _seen = _buffer.IsEmpty ? 0 : _buffer.Slice(consumed).Length;
        _buffer = default;
        body.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead()
    {
        _isCanceled = true;
        body.CancelPendingRead();
    }

    public override void Complete(Exception? exception = null) => body.Complete(exception);

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isOver = true;
        }

        await _expiry.DisposeAsync();
        await (_timer?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private Exception? Ending =>
        _isTooSlow ? new Microsoft.AspNetCore.Http.BadHttpRequestException("too slow", StatusCodes.Status408RequestTimeout)
        : expired.IsCancellationRequested && !_isLifted ? new BodyRefusedException(ApiErrors.BodyUnfinished)
        : null;

    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> reading)
    {
        lock (_gate)
        {
            _waitingSince = time.GetTimestamp();
        }

        waits.BeginWait();
        if (_timer is null)
        {
            _timer = time.CreateTimer(_ => Look(), state: null, Window, Window);
            _expiry = expired.UnsafeRegister(steady => ((SteadyBody)steady!).Expire(), this);
        }

        try
        {
            return Take(await reading);
        }
        finally
        {
            waits.EndWait();
            lock (_gate)
            {
                _waited += time.GetElapsedTime(_waitingSince.Value);
                _waitingSince = null;
            }
        }
    }

    private ReadResult Take(in ReadResult result)
    {
        if (result.IsCanceled && Ending is { } ending)
        {
            body.AdvanceTo(result.Buffer.Start);
            throw ending;
        }

        _buffer = result.Buffer;
        Interlocked.Add(ref _arrived, _buffer.Length - _seen);

        // The server cancels a read, too, when it takes no new connections. That is no end of this body, and readers would take it for one.
        return result.IsCanceled && !Interlocked.Exchange(ref _isCanceled, false) && !_buffer.IsEmpty
            ? new ReadResult(_buffer, isCanceled: false, result.IsCompleted)
            : result;
    }

    private void Expire()
    {
        lock (_gate)
        {
            if (!_isLifted && !_isOver)
            {
                body.CancelPendingRead();
            }
        }
    }

    // Half a window is enough to judge by, and every second one of a body that trickles has as much.
    private void Look()
    {
        lock (_gate)
        {
            var waited = _waited + (_waitingSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero);
            var arrived = Interlocked.Exchange(ref _arrived, 0);
            _waited = TimeSpan.Zero;
            _waitingSince = _waitingSince is null ? null : time.GetTimestamp();
            _isTooSlow |= waited >= Window / 2 && arrived < waited.TotalSeconds * bytesPerSecond;
            if (_isTooSlow && !_isOver)
            {
                body.CancelPendingRead();
            }
        }
    }
}
