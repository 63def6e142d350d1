namespace Gateway.Grpc.Calls;

/// <summary>A request whose messages are written one by one while the call runs.</summary>
/// <param name="gzip">Whether the request's headers announce gzip.</param>
internal sealed class StreamingContent(bool gzip) : RequestContent
{
    private readonly bool _announcesGzip = gzip;
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the request was half-closed.</summary>
    public bool IsCompleted => _completed.Task.IsCompleted;

    /// <summary>Whether the next messages are sent with gzip; never where the headers do not announce it.</summary>
    public bool Gzip { get; set => field = value && _announcesGzip; } = gzip;

    /// <summary>The stream to write messages to, once the request is under way.</summary>
    public ValueTask<Stream> OpenedAsync(CancellationToken cancellationToken) =>
        _opened.Task.IsCompletedSuccessfully ? new(_opened.Task) : new(_opened.Task.WaitAsync(cancellationToken));

    /// <summary>Half-closes the request.</summary>
    public void Complete() => _completed.TrySetResult();

    protected override async Task WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (!_opened.TrySetResult(stream)) throw new IOException("A request that is streamed cannot be sent twice.");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, CallEnded);
        await stream.FlushAsync(either.Token); // sends the headers, which else wait for the first message
        await _completed.Task.WaitAsync(either.Token);
    }
}
