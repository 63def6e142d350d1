using System.Collections.Concurrent;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Memory;
using Gateway.Api.Tenancy;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Streams.Resumption;

/// <summary>The streams of this process that their clients may come back for. Thread-safe.</summary>
internal sealed class ResumableStreams(IOptions<GatewayOptions> options, ByteBudget budget, TimeProvider time) : IAsyncDisposable
{
    // What is kept of a stream besides its messages, about.
    private const int EntrySize = 4 * 1024;

    private readonly ConcurrentDictionary<ResumeKey, ResumableEntry> _entries = new();
    private readonly StreamOptions _options = options.Value.Streams;

    /// <summary>Reads what a request says of resuming its stream.</summary>
    /// <returns>Why it cannot be read; null when it could.</returns>
    public ApiError? TryRead(IHeaderDictionary headers, out ResumeRequest request) => ResumeRequest.TryRead(headers, _options, out request);

    /// <summary>
    /// Whether one more stream may be kept. Each credential has places of its own, and all share the memory; streams that are over, and
    /// kept for clients that may not come back, give way.
    /// </summary>
    /// <param name="owner">Whose stream it is.</param>
    public async ValueTask<bool> MakeRoomAsync(KeyHash owner)
    {
        if (_entries.Count(entry => entry.Key.Owner == owner) >= _options.MaxResumableStreams)
        {
            await RemoveOverAsync(_entries.Where(entry => entry.Key.Owner == owner));
        }

        if (!budget.HasRoom)
        {
            await RemoveOverAsync(_entries);
        }

        return budget.HasRoom && _entries.Count(entry => entry.Key.Owner == owner) < _options.MaxResumableStreams;
    }

    /// <summary>Opens a stream that can be resumed; one of the same key ends.</summary>
    /// <param name="key">What the client will repeat.</param>
    /// <param name="window">How long it may be away.</param>
    /// <param name="live">The call, which changes hands: the stream ends when it is over.</param>
    /// <param name="open">Opens the upstream's, on a token that ends it.</param>
    /// <param name="aborted">Fires when the client is gone.</param>
    public async ValueTask<MessageSource> OpenAsync(
        ResumeKey key, TimeSpan window, LiveCall live, Func<CancellationToken, MessageSource> open, CancellationToken aborted)
    {
        if (_entries.TryGetValue(key, out var old))
        {
            await RemoveAsync(key, old);
        }

        var share = new ByteShare(budget);
        share.Add(EntrySize);
        var stream = new ResumableMessages(open, _options.ResumeBufferBytes, share);
        var entry = new ResumableEntry(stream, live, window, time, gone => RemoveAsync(key, gone));
        _entries[key] = entry;
        var client = entry.Attach(position: 0, aborted);
        entry.EndWithCall();
        return client;
    }

    /// <summary>Gives a stream back to its client.</summary>
    /// <param name="key">What the client repeats.</param>
    /// <param name="records">How many records it has had.</param>
    /// <param name="aborted">Fires when the client is gone.</param>
    /// <returns>What follows; null when it is not kept, or not any more.</returns>
    public MessageSource? Resume(ResumeKey key, long records, CancellationToken aborted) =>
        _entries.TryGetValue(key, out var entry) && entry.Stream.TryFind(records, out var position)
            ? entry.Attach(position, aborted)
            : null;

    public async ValueTask DisposeAsync()
    {
        foreach (var (key, entry) in _entries)
        {
            await RemoveAsync(key, entry);
        }
    }

    private async Task RemoveOverAsync(IEnumerable<KeyValuePair<ResumeKey, ResumableEntry>> entries)
    {
        foreach (var (key, entry) in entries.Where(entry => entry.Value.IsOver))
        {
            await RemoveAsync(key, entry);
        }
    }

    private async Task RemoveAsync(ResumeKey key, ResumableEntry entry)
    {
        if (_entries.TryRemove(KeyValuePair.Create(key, entry)))
        {
            await entry.DisposeAsync();
        }
    }
}
