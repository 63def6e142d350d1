using System.Globalization;
using Gateway.Api.Configuration;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Credentials;

namespace Gateway.Api.Admission;

/// <summary>
/// How much a tenant, or one of its keys, may ask at a time, and how much it does. Lasts while its settings change. What is taken by halves
/// is given back. Thread-safe.
/// </summary>
/// <param name="policy">The name of its limits to clients: <c>tenant</c> or <c>key</c>.</param>
/// <param name="id">What the limits are called on every replica begins with this.</param>
/// <param name="holder">Who has it, as refusals say: <c>Tenant acme</c>.</param>
/// <param name="time">The clock.</param>
internal sealed class AccountLimits(string policy, string id, string holder, TimeProvider time)
{
    private readonly string _requestsName = $"{id}/requests";
    private readonly string _inputsName = $"{id}/inputs";
    private readonly string _inputsPolicy = $"{policy}-inputs";

    /// <summary>When to ask again where nobody knows when requests end: who asks sooner is likely to be refused again.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private RateOptions _options = new();
    private int _running;
    private int _streams;

    /// <summary>The requests a second; null for no limit.</summary>
    public TokenBucket? Requests { get; private set; }

    /// <summary>The inputs a second; null for no limit.</summary>
    public TokenBucket? Inputs { get; private set; }

    /// <summary>The limits in the time, as items of <c>RateLimit-Policy</c>; empty where there is none.</summary>
    public string Policies { get; private set; } = "";

    /// <summary>Its limits in the time, by what they are called on every replica.</summary>
    public IEnumerable<(string Name, TokenBucket Bucket)> Buckets
    {
        get
        {
            if (Requests is { } requests)
            {
                yield return (_requestsName, requests);
            }

            if (Inputs is { } inputs)
            {
                yield return (_inputsName, inputs);
            }
        }
    }

    /// <summary>What its requests hold of the memory for all.</summary>
    public ByteQuota Memory { get; } = new(char.ToLowerInvariant(holder[0]) + holder[1..]);

    /// <summary>Puts other settings in force: what is taken counts on. One caller at a time.</summary>
    public void Configure(RateOptions options)
    {
        Requests = Changed(Requests, options.RequestsPerSecond);
        Inputs = Changed(Inputs, options.InputsPerSecond);
        Policies = RateLimitHeaders.List(
            PolicyOf(policy, options.RequestsPerSecond), PolicyOf(_inputsPolicy, options.InputsPerSecond));
        Memory.Percent = options.MemoryPercent;
        Volatile.Write(ref _options, options);
    }

    /// <summary>Begins a request; <see cref="Leave"/> ends it where it was not refused.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    public CallRefusal? Enter()
    {
        var options = Volatile.Read(ref _options);
        if (Interlocked.Increment(ref _running) > options.Concurrency)
        {
            Interlocked.Decrement(ref _running);
            return new CallRefusal($"{holder} may have {Number(options.Concurrency)} requests at a time.", Soon);
        }

        if (Requests is not { } requests || requests.TryTake(1, out var wait))
        {
            return null;
        }

        Interlocked.Decrement(ref _running);
        return new CallRefusal($"{holder} may make {Number(options.RequestsPerSecond)} requests a second.", wait);
    }

    /// <summary>Ends a request.</summary>
    public void Leave() => Interlocked.Decrement(ref _running);

    /// <summary>Takes inputs of a prediction.</summary>
    /// <returns>Why they are refused; null when they are not.</returns>
    public CallRefusal? TakeInputs(int count) =>
        Inputs is not { } inputs || inputs.TryTake(count, out var wait)
            ? null
            : new CallRefusal($"{holder} may send {Number(Volatile.Read(ref _options).InputsPerSecond)} inputs a second.", wait);

    /// <summary>Begins a stream; <see cref="LeaveStream"/> ends it where it was not refused.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    public CallRefusal? EnterStream()
    {
        var most = Volatile.Read(ref _options).Streams;
        if (Interlocked.Increment(ref _streams) <= (most ?? int.MaxValue))
        {
            return null;
        }

        Interlocked.Decrement(ref _streams);
        return new CallRefusal($"{holder} may have {Number(most)} streams at a time.", Soon);
    }

    /// <summary>Ends a stream.</summary>
    public void LeaveStream() => Interlocked.Decrement(ref _streams);

    /// <summary>What is left of the limits in the time, as items of <c>RateLimit</c>; empty where there is none.</summary>
    public string States() => RateLimitHeaders.List(StateOf(policy, Requests), StateOf(_inputsPolicy, Inputs));

    private TokenBucket? Changed(TokenBucket? bucket, int? perSecond)
    {
        if (perSecond is not { } rate)
        {
            return null;
        }

        // Half a second's worth at once: what a client sends together, and little beside what it may send in a minute.
        var burst = double.Max(1, rate / 2.0);
        if (bucket is null)
        {
            return new TokenBucket(rate, burst, time);
        }

        bucket.Change(rate, burst);
        return bucket;
    }

    private static string PolicyOf(string name, int? perSecond) =>
        perSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={rate};w=1") : "";

    // All that there is at most is back within a second, but for a debt: what one request took beyond it.
    private static string StateOf(string name, TokenBucket? bucket) =>
        bucket is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"\"{name}\";r={bucket.Remaining};t={Math.Max(1, Math.Ceiling(bucket.WaitFor(long.MaxValue).TotalSeconds))}");

    private static string Number(int? value) => value.GetValueOrDefault().ToString(CultureInfo.InvariantCulture);
}
