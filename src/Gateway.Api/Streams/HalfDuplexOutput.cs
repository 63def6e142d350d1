using Gateway.Api.Errors;

namespace Gateway.Api.Streams;

/// <summary>
/// Holds the answers back until the request was read, for clients that read nothing while they send, as HTTP/1.1 clients and
/// proxies commonly do. What the upstream has answered by then waits in its stream. Not for longer than the grace that the
/// HTTP status has: by then either heartbeats have started the response, or both sides wait for each other. A request that
/// turns out to be wrong meanwhile is refused like any other, whatever its first messages were answered.
/// </summary>
/// <param name="output">Where the answers go in the end; stays the caller's.</param>
/// <param name="answers">Where they come from; stays the caller's.</param>
/// <param name="requestRead">Waits for the request to be read, or for the grace to be over.</param>
internal sealed class HalfDuplexOutput(IMessageOutput output, DuplexMessages answers, Func<Task> requestRead) : IMessageOutput
{
    private bool _waited;

    public ValueTask<bool> TryWithdrawAsync() => output.TryWithdrawAsync();

    public async ValueTask<bool> WriteAsync(StreamRecord record)
    {
        if (!_waited)
        {
            _waited = true;
            await requestRead().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return answers.IsRefused || await output.WriteAsync(record);
    }

    public ValueTask FlushAsync() => output.FlushAsync();

    public void Skip() => output.Skip();

    public ValueTask EndAsync(ApiError? failure) => output.EndAsync(failure);
}
