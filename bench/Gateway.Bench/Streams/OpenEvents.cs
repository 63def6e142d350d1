namespace Gateway.Bench.Streams;

/// <summary>A stream that is open. Disposing it before its end closes its connection.</summary>
public sealed class OpenEvents(HttpResponseMessage response, Stream body) : IDisposable
{
    private readonly StreamReader _lines = new(body, bufferSize: 256);

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

    /// <summary>Reads to the end of the stream, and answers how many heartbeats came; -1 when it was not told that all is done.</summary>
    public async Task<int> ReadToDoneAsync()
    {
        var heartbeats = 0;
        while (await _lines.ReadLineAsync() is { } line)
        {
            if (line == "event: done")
            {
                return heartbeats;
            }

            heartbeats += line == ":" ? 1 : 0;
        }

        return -1;
    }

    public void Dispose()
    {
        _lines.Dispose();
        response.Dispose();
    }
}
