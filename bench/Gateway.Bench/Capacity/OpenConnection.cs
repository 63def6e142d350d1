using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Bench.Capacity;

/// <summary>A connection of HTTP/1.1 with a request at a time, as lean as it goes: the load must not be what is measured.</summary>
internal sealed class OpenConnection : IDisposable
{
    private const int MaxAnswerBytes = 256 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[MaxAnswerBytes];

    /// <summary>Opens one.</summary>
    public static async Task<OpenConnection> OpenAsync(Uri address)
    {
        var connection = new OpenConnection();
        await connection._socket.ConnectAsync(address.Host, address.Port);
        return connection;
    }

    /// <summary>Sends a request, and reads its answer to the end.</summary>
    /// <exception cref="InvalidOperationException">The answer was no success: figures of failed requests are worth nothing.</exception>
    public async Task ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        var received = 0;
        int? length = null;
        while (length is null || received < length)
        {
            var count = await _socket.ReceiveAsync(_answer.AsMemory(received));
            if (count == 0)
            {
                throw new InvalidOperationException("The gateway closed a connection.");
            }

            received += count;
            length ??= LengthOf(_answer.AsSpan(0, received));
        }
    }

    public void Dispose() => _socket.Dispose();

    // Of head and body; null while the head has not come whole.
    private static int? LengthOf(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var field = answer.IndexOf("Content-Length: "u8);
        return answer.StartsWith("HTTP/1.1 200 "u8) && Utf8Parser.TryParse(answer[(field + "Content-Length: ".Length)..], out int body, out _)
            ? end + "\r\n\r\n".Length + body
            : throw new InvalidOperationException($"A request failed: {Encoding.Latin1.GetString(answer[..end])}");
    }
}
