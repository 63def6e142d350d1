using Clarifai.Api;
using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Failures;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using ClarifaiStatusCode = Clarifai.Api.Status.StatusCode;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Core.Upstream.Balancing;

/// <summary>One address of an upstream: its channel, and what calls found out about it. Thread-safe.</summary>
internal sealed partial class Endpoint(UpstreamChannel channel, EndpointHealth health, TimeSpan? patience, ILogger logger)
{
    private static readonly TimeSpan QuestionTimeout = TimeSpan.FromSeconds(5);

    // The cheapest call of the API, which needs no credential. "Unimplemented" is an answer, too.
    private static readonly GetStatusCodeRequest Question = new() { StatusCodeId = nameof(ClarifaiStatusCode.Success) };

    /// <summary>The channel to the address.</summary>
    public UpstreamChannel Channel => channel;

    /// <summary>Whether the address may be used.</summary>
    public EndpointHealth Health => health;

    /// <summary>
    /// Notes how a call ended, or that it brought a message. What the upstream answers shows that it works, unless it says otherwise
    /// itself; a call that was cancelled, or had little time, shows nothing. What calls ask for can make an upstream fail that works for
    /// all others, so that after some that failed it is asked a question of ours.
    /// </summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="timeout">The time that it had; null for as long as it took.</param>
    public void Report(in CallOutcome outcome, TimeSpan? timeout)
    {
        if (outcome.IsConnectionFailure)
        {
            NoteEjection(health.Failed(), outcome.Cause is { } cause ? $"{outcome.Message}: {cause}" : outcome.Message);
        }
        else if (IsFault(outcome, timeout))
        {
            if (health.Faulted())
            {
                _ = AskAsync();
            }
        }
        else if (!outcome.TellsNothing && outcome.Code is not (StatusCode.Cancelled or StatusCode.DeadlineExceeded) && health.Worked())
        {
            LogReturned(channel.Address);
        }
    }

    private async Task AskAsync()
    {
        var call = new UpstreamCall(null, QuestionTimeout, CancellationToken.None);
        var (outcome, _) = await channel.UnaryAsync(
            ClarifaiClient.MethodOf(nameof(V2.V2Client.GetStatusCode)),
            call,
            [],
            static (client, options) => client.GetStatusCodeAsync(Question, options));
        if (outcome.IsConnectionFailure || outcome.Code == StatusCode.DeadlineExceeded || IsFault(outcome, patience))
        {
            NoteEjection(health.Convicted(), $"calls end with {outcome.Code}"); // not with the upstream's own words
        }
        else if (health.Cleared())
        {
            LogReturned(channel.Address);
        }
    }

    private bool IsFault(in CallOutcome outcome, TimeSpan? timeout) => outcome.Code switch
    {
        StatusCode.Internal or StatusCode.Unknown => true,
        StatusCode.DeadlineExceeded => patience is not null && !(timeout < patience) && !outcome.TellsNothing,
        _ => outcome.IsHttpServerError,
    };

    private void NoteEjection(TimeSpan? ejection, string reason)
    {
        if (ejection is { } time)
        {
            channel.Telemetry.Ejected(channel.Peer);
            LogEjected(channel.Address, time.TotalSeconds, reason);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Upstream address {Address} is left out for {Seconds} s, then tried again: {Reason}")]
    private partial void LogEjected(Uri address, double seconds, string reason);

    [LoggerMessage(LogLevel.Information, "Upstream address {Address} is back")]
    private partial void LogReturned(Uri address);
}
