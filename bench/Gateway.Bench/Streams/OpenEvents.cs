namespace Gateway.Bench.Streams;

/// <summary>A stream that is open. Disposing it before its end closes its connection.</summary>
public sealed class OpenEvents(HttpResponseMessage response, Stream body) : IDisposable
{
    private readonly StreamReader _lines = new(body, bufferSize: 256);
    private int _heartbeats;

    /// <summary>How many heartbeats came so far.</summary>
    public int Heartbeats => Volatile.Read(ref _heartbeats);

    /// <summary>Reads to the end of an event, and answers its lines; null when the stream has ended.</summary>
    public async Task<string?> ReadEventAsync()
    {
        string? text = null;
        while (await _lines.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                return text;
            }

            text = text + line + '\n';
        }

        return null;
    }

    /// <summary>Reads to the end of the stream, and answers whether it was told that all is done.</summary>
    public async Task<bool> ReadToDoneAsync()
    {
        while (await _lines.ReadLineAsync() is { } line)
        {
            if (line == "event: done")
            {
                return true;
            }

            if (line == ":")
            {
                Interlocked.Increment(ref _heartbeats);
            }
        }

        return false;
    }

    public void Dispose()
    {
        _lines.Dispose();
        response.Dispose();
    }
}
