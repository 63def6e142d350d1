using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Core.Upstream.Batching;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Retries;
using Grpc.Core;

namespace Gateway.Core.Upstream.Telemetry;

/// <summary>
/// What is measured and traced of calls upstream, by OpenTelemetry's conventions for RPC (semantic conventions 1.40) where they have a name
/// for it. Costs a question each while nobody listens. Thread-safe.
/// </summary>
public sealed class UpstreamTelemetry
{
    private const string Method = "rpc.method";
    private const string StatusCodeTag = "rpc.response.status_code";
    private const string ServerAddress = "server.address";
    private const string ServerPort = "server.port";
    private const string ErrorType = "error.type";
    private const string RetryCauseTag = "gateway.retry.cause";

    private static readonly KeyValuePair<string, object?> Grpc = new("rpc.system.name", "grpc");
    // As gRPC's own documents write them, by number.
    private static readonly string[] StatusNames =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
        "UNAUTHENTICATED",
    ];

    private readonly Histogram<double> _calls;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _ejections;
    private readonly Counter<long> _batchRequests;
    private readonly Counter<long> _batchCalls;
    private readonly Counter<long> _batchSplits;
    private int _openStreams;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Where the meter comes from.</param>
    public UpstreamTelemetry(IMeterFactory meters)
    {
        var meter = GatewayTelemetry.Meter(meters);
        _calls = meter.CreateHistogram(
            "rpc.client.call.duration", "s", "The time of one attempt at a call upstream", advice: Durations.Buckets);
        _retries = meter.CreateCounter<long>("gateway.upstream.retries", "{retry}", "Attempts that followed another one");
        _ejections = meter.CreateCounter<long>("gateway.upstream.ejections", "{ejection}", "How often an address was left out");
        _batchRequests = meter.CreateCounter<long>("gateway.batch.requests", "{request}", "Requests that travelled with others");
        _batchCalls = meter.CreateCounter<long>("gateway.batch.calls", "{call}", "Calls in which requests travelled together");
        _batchSplits = meter.CreateCounter<long>("gateway.batch.splits", "{call}", "Of these, those made again one by one");
        meter.CreateObservableUpDownCounter(
            "gateway.streams.open", () => Volatile.Read(ref _openStreams), "{stream}", "Streams that are open upstream");
    }

    /// <summary>A status code as telemetry writes it, such as <c>UNAVAILABLE</c>.</summary>
    public static string NameOf(StatusCode code) => (int)code < StatusNames.Length ? StatusNames[(int)code] : GatewayTelemetry.Other;

    /// <summary>Begins one attempt at a call.</summary>
    /// <param name="method">What is called, such as <c>clarifai.api.V2/PostModelOutputs</c>.</param>
    internal CallSpan Begin(string method)
    {
        // Below a request that is not sampled, no attempt is: asking costs as much as a span.
        var isTraced = GatewayTelemetry.Spans.HasListeners() && Activity.Current is not { IsAllDataRequested: false };
        if (!isTraced && !_calls.Enabled)
        {
            return default;
        }

        return new CallSpan(method, Stopwatch.GetTimestamp(), isTraced ? Start(method) : null);
    }

    /// <summary>Ends an attempt.</summary>
    /// <param name="span">What its beginning gave.</param>
    /// <param name="address">Where it went.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="code">The V2 status code of the answer; 0 for none.</param>
    internal void End(in CallSpan span, PeerAddress address, in CallOutcome outcome, int code = 0)
    {
        if (span.Method is null)
        {
            return;
        }

        var status = NameOf(outcome.Code);
        if (_calls.Enabled)
        {
            var tags = new TagList
            {
                Grpc,
                { Method, span.Method },
                { StatusCodeTag, status },
                { ServerAddress, address.Host },
                { ServerPort, address.Port },
            };
            if (!outcome.IsOK)
            {
                tags.Add(ErrorType, status);
            }

            _calls.Record(Stopwatch.GetElapsedTime(span.Started).TotalSeconds, tags);
        }

        if (span.Activity is { } activity)
        {
            Describe(activity, span.Method, address, outcome, status, code);
            Stop(activity);
        }
    }

    /// <summary>Notes that a stream was opened upstream; <see cref="StreamClosed"/> ends it.</summary>
    internal void StreamOpened() => Interlocked.Increment(ref _openStreams);

    /// <summary>Notes that a stream has ended.</summary>
    internal void StreamClosed() => Interlocked.Decrement(ref _openStreams);

    /// <summary>Notes that another attempt follows.</summary>
    internal void Retried(RetryCause cause, TimeSpan wait)
    {
        if (_retries.Enabled || Activity.Current is not null)
        {
            var name = cause == RetryCause.Loading ? "loading" : "unavailable";
            _retries.Add(1, new KeyValuePair<string, object?>(RetryCauseTag, name));
            Activity.Current?.AddEvent(new ActivityEvent(
                "gateway.retry", tags: new ActivityTagsCollection { [RetryCauseTag] = name, ["gateway.retry.wait"] = wait.TotalSeconds }));
        }
    }

    /// <summary>Notes that an address is left out.</summary>
    internal void Ejected(PeerAddress address) =>
        _ejections.Add(1, new TagList { { ServerAddress, address.Host }, { ServerPort, address.Port } });

    /// <summary>
    /// Begins the one call of requests that travel together: a span below the first of them, linked with all of them.
    /// </summary>
    /// <param name="members">The requests.</param>
    /// <returns>The span, to be stopped; null when none of them is traced.</returns>
    internal Activity? Merged(IReadOnlyList<BatchMember> members)
    {
        _batchRequests.Add(members.Count);
        _batchCalls.Add(1);
        var traced = members.Select(member => member.Activity).OfType<Activity>().ToList();
        if (traced.Count == 0)
        {
            return null;
        }

        var first = traced.Find(activity => activity.Recorded) ?? traced[0];
        var span = GatewayTelemetry.Spans.StartActivity(
            "gateway.batch", ActivityKind.Internal, first.Context, links: traced.Select(activity => new ActivityLink(activity.Context)));
        if (span is not null)
        {
            span.SetTag("gateway.batch.requests", members.Count);
            traced.ForEach(activity => activity.AddLink(new ActivityLink(span.Context)));
        }

        return span;
    }

    /// <summary>Notes that a call of requests that travelled together is made again one by one.</summary>
    internal void Split()
    {
        _batchSplits.Add(1);
        Activity.Current?.AddEvent(new ActivityEvent("gateway.batch.split"));
    }

    // What begins a span makes it the current one, of a flow that may be the caller's own.
    private static Activity? Start(string name)
    {
        var current = Activity.Current;
        var activity = GatewayTelemetry.Spans.StartActivity(name, ActivityKind.Client);
        Activity.Current = current;
        return activity;
    }

    private static void Stop(Activity activity)
    {
        var current = Activity.Current;
        activity.Stop();
        Activity.Current = current;
    }

    private static void Describe(
        Activity activity, string method, PeerAddress address, in CallOutcome outcome, string status, int code)
    {
        activity.SetTag(Grpc.Key, Grpc.Value)
            .SetTag(Method, method)
            .SetTag(StatusCodeTag, status)
            .SetTag(ServerAddress, address.Host)
            .SetTag(ServerPort, address.Port);
        if (code != 0)
        {
            activity.SetTag("clarifai.status_code", code);
        }

        // Without the status's text: it is the peer's, and may repeat what it was sent.
        if (!outcome.IsOK)
        {
            activity.SetTag(ErrorType, status).SetStatus(ActivityStatusCode.Error);
        }
    }
}
