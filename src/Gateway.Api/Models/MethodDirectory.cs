using System.Collections.Concurrent;
using System.Diagnostics;
using Gateway.Api.Configuration;
using Gateway.Api.Telemetry;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Failures;
using Grpc.Core;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Models;

/// <summary>
/// The methods of models, kept for a while: for each key apart, as what one may see is not for another. Bounded; those not asked for go
/// first. Thread-safe.
/// </summary>
internal sealed class MethodDirectory : IDisposable
{
    // A model under work changes often; a wrong name does not ask the upstream each time.
    private static readonly TimeSpan LeastAge = TimeSpan.FromSeconds(1);

    private readonly MessageJson _messages;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;
    private readonly MemoryCache _cache;
    private readonly CacheTelemetry _telemetry;

    // The loads under way.
    private readonly ConcurrentDictionary<Key, Task<SignatureAnswer?>> _loads = new();

    /// <summary>Makes an empty directory.</summary>
    public MethodDirectory(MessageJson messages, IOptions<GatewayOptions> options, CacheTelemetry telemetry, TimeProvider time)
    {
        _messages = messages;
        _telemetry = telemetry;
        _time = time;
        _lifetime = options.Value.Methods.SignatureLifetime;
        _cache = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.Methods.MaxModels });
    }

    /// <summary>Finds a model's methods.</summary>
    /// <param name="client">The upstream on the tenant's behalf.</param>
    /// <param name="tenant">Who asks.</param>
    /// <param name="model">The model.</param>
    /// <param name="wanted">A method that has to be among them: where it is not, the upstream is asked again. Null for any.</param>
    /// <param name="call">Who asks the upstream, and for how long.</param>
    public async ValueTask<SignatureAnswer> FindAsync(
        ClarifaiClient client, Tenant tenant, ModelAddress model, string? wanted, UpstreamCall call)
    {
        var key = new Key(tenant.CredentialsId, model);
        var known = _cache.Get<Entry>(key);
        var isFresh = known is not null && !NeedsRefresh(known, wanted);
        _telemetry.NoteRequest("signatures", isFresh);
        if (isFresh)
        {
            return known!.Answer;
        }

        var answer = await LoadOnceAsync(client, key, call);

        // What was known serves on while the upstream cannot be asked.
        return answer.CallFailure is not null && known is not null ? known.Answer : answer;
    }

    public void Dispose() => _cache.Dispose();

    // Who comes while another asks takes its answer, unless that one gave up by itself.
    private async ValueTask<SignatureAnswer> LoadOnceAsync(ClarifaiClient client, Key key, UpstreamCall call)
    {
        var loaded = new TaskCompletionSource<SignatureAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_loads.GetOrAdd(key, loaded.Task) is var load && load != loaded.Task)
        {
            if (await WaitAsync(load, call) is { } shared)
            {
                return shared;
            }
        }

        SignatureAnswer? answer = null;
        try
        {
            return answer = await LoadAsync(client, key, call);
        }
        finally
        {
            _loads.TryRemove(key, out _);
            loaded.SetResult(answer?.CallFailure is { Code: StatusCode.Cancelled or StatusCode.DeadlineExceeded } ? null : answer);
        }
    }

    private async ValueTask<SignatureAnswer?> WaitAsync(Task<SignatureAnswer?> load, UpstreamCall call)
    {
        try
        {
            return await load.WaitAsync(call.Timeout ?? Timeout.InfiniteTimeSpan, _time, call.CancellationToken);
        }
        catch (TimeoutException)
        {
            return new SignatureAnswer(CallOutcome.NotWithin(call.Timeout!.Value));
        }
    }

    private async ValueTask<SignatureAnswer> LoadAsync(ClarifaiClient client, Key key, UpstreamCall call)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await new SignatureSource(client, _messages).LoadAsync(key.Model, call);
        _telemetry.NoteLoad(
            began,
            answer.Methods is not null ? null : answer.CallFailure is { } failure ? failure.Code.ToString() : "refused");
        if (answer.Methods is not null)
        {
            _cache.Set(key, new Entry(answer, _time.GetTimestamp()), new MemoryCacheEntryOptions { Size = 1 });
        }
        else if (answer.Failure is not null)
        {
            _cache.Remove(key);
        }

        return answer;
    }

    private bool NeedsRefresh(Entry entry, string? wanted)
    {
        var lifetime = wanted is null || entry.Answer.Methods!.Find(wanted) is not null ? _lifetime : LeastAge;
        return entry.TryClaimRefresh(_time, lifetime);
    }

    private readonly record struct Key(string CredentialsId, ModelAddress Model);

    private sealed class Entry(SignatureAnswer answer, long loaded)
    {
        private long _loaded = loaded;

        public SignatureAnswer Answer => answer;

        // Whoever sees it first asks the upstream; the others take what is there meanwhile.
        public bool TryClaimRefresh(TimeProvider time, TimeSpan lifetime)
        {
            var loaded = Volatile.Read(ref _loaded);
            return time.GetElapsedTime(loaded) >= lifetime
                && Interlocked.CompareExchange(ref _loaded, time.GetTimestamp(), loaded) == loaded;
        }
    }
}
