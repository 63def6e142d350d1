using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Memory;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Streams.Resumption;

/// <summary>
/// A stream that outlives its client's connection. It reads ahead and keeps the latest messages, as many as its buffer holds. What no
/// client has been sent is never dropped: the upstream waits then.
/// <code>
///   numbers, from 1:   _first ... history ... _sent ... not sent yet ... _last   ← upstream
/// </code>
/// Thread-safe.
/// </summary>
internal sealed class ResumableMessages : IAsyncDisposable
{
    private readonly MessageSource _source;
    private readonly CancellationTokenSource _life = new();
    private readonly long _capacity;
    private readonly ByteShare _share;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Payload> _kept = [];
    private readonly Task _pump;
    private TaskCompletionSource _changed = NewSignal();
    private long _first = 1;
    private long _sent;
    private long _bytes;
    private bool _ended;

    /// <summary>Begins to read a stream.</summary>
    /// <param name="open">Opens the stream on a token that ends it; it changes hands.</param>
    /// <param name="capacity">How many bytes of messages to keep; a longer message is kept alone.</param>
    /// <param name="share">Where they come from; it changes hands. While there are none, one message is kept all the same.</param>
    public ResumableMessages(Func<CancellationToken, MessageSource> open, long capacity, ByteShare share)
    {
        _source = open(_life.Token);
        _capacity = capacity;
        _share = share;
        _pump = PumpAsync();
    }

    /// <summary>Why the stream failed; null when it ended well. To be asked at the end.</summary>
    public ApiError? Failure => _source.Failure;

    /// <summary>The tokens that the stream took, those of messages that are not kept any more included; whole at the end.</summary>
    public TokenCounts? Tokens => _source.Tokens;

    private long Last => _first + _kept.Count - 1;

    /// <summary>Whether a client was sent a message already.</summary>
    public bool WasSent
    {
        get
        {
            lock (_gate)
            {
                return _sent > 0;
            }
        }
    }

    /// <summary>Whether there is nothing more to come.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>Finds where a client goes on that has had some records.</summary>
    /// <param name="records">How many, the last record of all included.</param>
    /// <param name="position">How many of them are messages.</param>
    /// <returns>False when what follows is not kept any more, or was never sent.</returns>
    public bool TryFind(long records, out long position)
    {
        lock (_gate)
        {
            position = Math.Min(records, Last);
            return records >= _first - 1 && records <= Last + (_ended ? 1 : 0);
        }
    }

    /// <summary>Reads a message, which the caller owns; null when the stream ended before it.</summary>
    /// <param name="number">Its number, one after a position that <see cref="TryFind"/> gave.</param>
    /// <param name="cancellationToken">Gives up waiting; the stream goes on.</param>
    public async ValueTask<Payload?> ReadAsync(long number, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_kept.TryGetValue(number, out var message))
                {
                    return Payload.CopyOf(new ReadOnlySequence<byte>(message.Memory), message.Status);
                }

                if (_ended)
                {
                    return null;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Notes that a client was sent all messages up to a number.</summary>
    public void NoteSent(long number)
    {
        lock (_gate)
        {
            _sent = Math.Max(_sent, number);
            Signal();
        }
    }

    /// <summary>Ends the upstream call, if it still runs, and lets go of the messages.</summary>
    public async ValueTask DisposeAsync()
    {
        await _life.CancelAsync();
        await _pump;
        _life.Dispose();
        lock (_gate)
        {
            foreach (var message in _kept.Values)
            {
                message.Dispose();
            }

            _kept.Clear();
            _share.Dispose();
        }

        await _source.DisposeAsync();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task PumpAsync()
    {
        try
        {
            while (await _source.ReadAsync(_life.Token) is { } message)
            {
                await KeepAsync(message);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed, or nobody came back.
        }
        finally
        {
            lock (_gate)
            {
                _ended = true;
                Signal();
            }
        }
    }

    private async ValueTask KeepAsync(Payload message)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (MakeRoom(message.Length))
                {
                    _kept.Add(Last + 1, message);
                    _bytes += message.Length;
                    Signal();
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(_life.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_life.IsCancellationRequested)
            {
                message.Dispose();
                return;
            }
        }
    }

    private bool MakeRoom(int length)
    {
        while (_kept.Count > 0)
        {
            if (_bytes + length <= _capacity && _share.TryTake(length))
            {
                return true;
            }

            if (_first > _sent)
            {
                return false;
            }

            _kept.Remove(_first++, out var oldest);
            _bytes -= oldest!.Length;
            _share.Release(oldest.Length);
            oldest.Dispose();
        }

        _share.Add(length);
        return true;
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }
}
