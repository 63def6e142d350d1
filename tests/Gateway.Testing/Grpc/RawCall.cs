using Grpc.Core;

namespace Gateway.Testing.Grpc;

/// <summary>A call of <see cref="RawChannel"/> that runs. One read and one write may run at the same time; disposing it early resets it.</summary>
public sealed class RawCall(
    IClientStreamWriter<byte[]>? requests,
    IAsyncStreamReader<byte[]> responses,
    Task<Metadata> headers,
    Func<Metadata> trailers,
    IDisposable call,
    CancellationToken cancellationToken) : IDisposable
{
    private Metadata? _trailers;
    private Status? _status;

    /// <summary>How it ended, without what the client alone knows.</summary>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public Status Status => _status ?? throw new InvalidOperationException("The call has not ended: read until there is no message.");

    /// <summary>The response's headers, once they are here; empty when there were none.</summary>
    public Metadata Headers => headers.IsCompletedSuccessfully ? headers.GetAwaiter().GetResult() : [];

    /// <summary>The response's trailers, once the call has ended.</summary>
    public Metadata Trailers => _trailers ?? trailers();

    /// <summary>Sends a message. False: the call has ended, and reading says how.</summary>
    public async Task<bool> WriteAsync(byte[] message)
    {
        try
        {
            await requests!.WriteAsync(message, CancellationToken.None);
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    /// <summary>Says that no more messages follow.</summary>
    public Task CompleteAsync() => requests!.CompleteAsync();

    /// <summary>Waits for the response's headers; empty when the call ends without.</summary>
    public async Task<Metadata> ReadHeadersAsync()
    {
        await ((Task)headers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Headers;
    }

    /// <summary>Reads the next message; null when the call has ended.</summary>
    /// <exception cref="OperationCanceledException">The call's token fired.</exception>
    public async Task<byte[]?> ReadAsync()
    {
        if (_status is not null)
        {
            return null;
        }

        try
        {
            if (await responses.MoveNext(CancellationToken.None))
            {
                return responses.Current;
            }

            _status = Status.DefaultSuccess;
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _trailers = failure.Trailers;
            _status = new Status(failure.StatusCode, failure.Status.Detail);
        }

        return null;
    }

    /// <summary>Reads what is left, and forgets it; then the status is known.</summary>
    public async Task ReadToEndAsync()
    {
        while (await ReadAsync() is not null)
        {
            // Only the end counts.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => call.Dispose();
}
