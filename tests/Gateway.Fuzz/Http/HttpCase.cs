using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Fuzz.Generation;

namespace Gateway.Fuzz.Http;

/// <summary>One connection of random bytes: it comes to an end, with answers that are well-formed, none of them a fault of the gateway's own.</summary>
/// <param name="seed">The run's seed.</param>
/// <param name="number">The case's number.</param>
internal sealed class HttpCase(ulong seed, long number)
{
    // Far beyond what any case takes; Kestrel gives a slow body five seconds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // Then this side says that there is no more. Before, that would end what is on its way: to Kestrel, a client that half-closes has left.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly Dice _dice = Dice.Of(seed, number);

    /// <summary>Whether anything of it was answered with success; known once it ran.</summary>
    public bool WasServed { get; private set; }

    /// <summary>What is wrong with how it is answered; null when nothing is.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="shows">Whether to print what goes and comes.</param>
    public async Task<string?> RunAsync(GatewayUnderTest gateway, bool shows = false)
    {
        var isHttp2 = _dice.OneIn(4);
        var request = isHttp2 ? null : new RequestText(_dice, number.ToString(CultureInfo.InvariantCulture));
        var sent = request?.Bytes ?? FrameBytes.Of(_dice);
        var received = await ExchangeAsync(isHttp2 ? gateway.Http2 : gateway.Http, sent);
        if (shows)
        {
            Console.WriteLine($"{Encoding.Latin1.GetString(sent)}\n-----\n{Encoding.Latin1.GetString(received ?? [])}\n-----");
        }

        if (received is null)
        {
            return $"HTTP/{(isHttp2 ? 2 : 1)}: does not come to an end";
        }

        return request is null ? CheckFrames(received) : CheckResponses(request, received);
    }

    private static async Task<byte[]?> ExchangeAsync(IPEndPoint at, byte[] sent)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(Limit);
        var received = new MemoryStream();
        try
        {
            await socket.ConnectAsync(at, limit.Token);
            var sending = SendAsync(socket, sent, limit.Token);
            var buffer = new byte[16 * 1024];
            while (true)
            {
                var reading = socket.ReceiveAsync(buffer, limit.Token).AsTask();
                if (await Task.WhenAny(reading, Task.Delay(Silence, TimeProvider.System, limit.Token)) != reading)
                {
                    socket.Shutdown(SocketShutdown.Send);
                }

                if (await reading is not (> 0 and var read))
                {
                    break;
                }

                received.Write(buffer, 0, read);
            }

            await sending;
        }
        catch (SocketException)
        {
            // Closed with bytes of ours unread.
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        return received.ToArray();
    }

    private static async Task SendAsync(Socket socket, byte[] bytes, CancellationToken limit)
    {
        try
        {
            for (var at = 0; at < bytes.Length;)
            {
                at += await socket.SendAsync(bytes.AsMemory(at), limit);
            }
        }
        catch (SocketException)
        {
            // The gateway wants no more of it.
        }
    }

    private string? CheckResponses(RequestText request, byte[] received)
    {
        if (Responses.Read(received, request.Method != "HEAD") is not { } responses)
        {
            return "HTTP/1: what comes is no response";
        }

        WasServed = responses.Any(response => response.Status == 200);
        return responses.Any(response => response.Id == request.HiddenId) ? "HTTP/1: two readings: the body is answered as a request"
            : responses.Count > 2 ? "HTTP/1: more responses than requests"
            : responses.Find(response => response.Status is >= 500 and not (501 or 505)) is { Status: > 0 } fault ? $"HTTP/1: {fault.Status}"
            : null;
    }

    // A header block that begins with :status 500 is one byte, and any other 5xx a literal after the name's index (RFC 7541, 6.1 and appendix A).
    private string? CheckFrames(ReadOnlySpan<byte> received)
    {
        while (received.Length >= 9)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(received) >> 8;
            var payload = received.Slice(9, Math.Min(length, received.Length - 9));
            if (received[3] == 1 && payload.Length > 0)
            {
                WasServed |= payload[0] == 0x88;
                if (payload[0] == 0x8e || (payload.Length > 2 && payload[0] is 0x08 or 0x48 && payload[2] == (byte)'5' && !payload[2..].StartsWith("501"u8)))
                {
                    return "HTTP/2: 5xx";
                }
            }

            received = received[Math.Min(9 + length, received.Length)..];
        }

        return null;
    }
}
