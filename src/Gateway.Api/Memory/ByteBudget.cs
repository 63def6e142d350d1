using Gateway.Api.Configuration;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Memory;

/// <summary>
/// What all requests together may hold in memory: bodies, messages, answers that are kept whole. Bytes count when they are there; what a
/// client announces counts for nothing. Who would go over it waits, for a bounded time, until others have given back. Thread-safe.
/// <para>
/// The last eighth is for small requests alone, so that large ones, however many wait, do not hold them up. When all who could give back
/// wait themselves, the one that came last is refused: the first would else wait in vain, and so would all.
/// </para>
/// </summary>
internal sealed class ByteBudget
{
    /// <summary>What a request may hold and still be small, in bytes.</summary>
    public const int Small = 64 * 1024;

    private const int ShareForSmall = 8;
    private const int ShareOfMemory = 4;

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = []; // in the order in which their requests first waited
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly long _forAll;
    private readonly long _forLarge;
    private long _used;
    private long _most;
    private long _heldByWaiters;
    private long _numbers;
    private int _waiting;

    /// <summary>Makes a budget that nobody holds anything of.</summary>
    public ByteBudget(IOptions<GatewayOptions> options, TimeProvider time)
    {
        var limits = options.Value.Limits;
        _forAll = limits.MemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory;
        _forLarge = _forAll - (_forAll / ShareForSmall);
        _patience = limits.MemoryTimeout;
        _time = time;
    }

    /// <summary>The bytes that are held.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>
    /// About the most bytes that were held at a time since the last call: what small requests took on their own is left out.
    /// </summary>
    public long TakeMost() => Interlocked.Exchange(ref _most, 0);

    /// <summary>The bytes that all requests together may hold.</summary>
    public long ForAll => _forAll;

    /// <summary>Whether a large request could begin.</summary>
    public bool HasRoom => Used + Small <= _forLarge;

    /// <summary>The most bytes that one request can come to hold.</summary>
    public long Largest => _forLarge;

    /// <summary>Takes bytes when they are to be had.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="held">How many the request holds already.</param>
    internal bool TryTake(long bytes, long held)
    {
        var isSmall = held + bytes <= Small;
        if (!isSmall && Volatile.Read(ref _waiting) > 0)
        {
            return false; // after those who wait
        }

        var used = Interlocked.Add(ref _used, bytes);
        if (used <= (isSmall ? _forAll : _forLarge))
        {
            NoteMost(used, isLarge: !isSmall);
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    /// <summary>Waits until bytes are to be had.</summary>
    /// <returns>False when the request is to be refused.</returns>
    internal async ValueTask<bool> TakeAsync(ByteShare share, long bytes, CancellationToken cancellationToken)
    {
        if (share.Exceeds(bytes))
        {
            return false;
        }

        var waiter = new Waiter(share, bytes);
        var node = Enqueue(waiter);
        try
        {
            return await waiter.Decided.Task.WaitAsync(_patience, _time, cancellationToken);
        }
        catch (Exception over) when (over is TimeoutException or OperationCanceledException)
        {
            if (TryLeave(node))
            {
                cancellationToken.ThrowIfCancellationRequested();
                return false;
            }

            return await waiter.Decided.Task;
        }
    }

    /// <summary>Counts bytes that are there already, whether there was room for them or not.</summary>
    internal void Add(long bytes) => NoteMost(Interlocked.Add(ref _used, bytes), isLarge: bytes > Small);

    /// <summary>Gives bytes back.</summary>
    internal void Return(long bytes)
    {
        Interlocked.Add(ref _used, -bytes);
        if (Volatile.Read(ref _waiting) > 0)
        {
            lock (_gate)
            {
                Decide();
            }
        }
    }

    // About: two at a time may lose one.
    private void NoteMost(long used, bool isLarge)
    {
        if (isLarge && used > _most)
        {
            _most = used;
        }
    }

    private LinkedListNode<Waiter> Enqueue(Waiter waiter)
    {
        lock (_gate)
        {
            waiter.Share.Number ??= ++_numbers;
            var before = _waiters.Last;
            while (before is not null && before.Value.Share.Number > waiter.Share.Number)
            {
                before = before.Previous;
            }

            var node = before is null ? _waiters.AddFirst(waiter) : _waiters.AddAfter(before, waiter);
            _heldByWaiters += waiter.Share.Held;
            Volatile.Write(ref _waiting, _waiters.Count);
            Decide();
            return node;
        }
    }

    private bool TryLeave(LinkedListNode<Waiter> node)
    {
        lock (_gate)
        {
            if (node.List is null)
            {
                return false;
            }

            Remove(node);
            Decide();
            return true;
        }
    }

    // Who has waited longest goes first. Where all but the ones that wait could give back everything and it would still not do, the last is
    // refused.
    private void Decide()
    {
        while (_waiters.First is { } first)
        {
            var bytes = first.Value.Bytes;
            if (Used + bytes <= _forLarge)
            {
                Interlocked.Add(ref _used, bytes);
                Remove(first);
                first.Value.Decided.SetResult(true);
                continue;
            }

            if (_heldByWaiters + bytes <= _forLarge || _waiters.Last == first)
            {
                return;
            }

            var last = _waiters.Last!;
            Remove(last);
            last.Value.Decided.SetResult(false);
        }
    }

    private void Remove(LinkedListNode<Waiter> node)
    {
        _waiters.Remove(node);
        _heldByWaiters -= node.Value.Share.Held;
        Volatile.Write(ref _waiting, _waiters.Count);
    }

    private sealed record Waiter(ByteShare Share, long Bytes)
    {
        public TaskCompletionSource<bool> Decided { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
