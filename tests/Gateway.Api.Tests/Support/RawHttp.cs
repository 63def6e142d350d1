using System.Net.Sockets;
using System.Text;

namespace Gateway.Api.Tests.Support;

/// <summary>HTTP/1.1 byte by byte, for what no client sends.</summary>
internal static class RawHttp
{
    /// <summary>Opens a connection, and sends nothing.</summary>
    public static async Task<TcpClient> ConnectAsync(Uri address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        return client;
    }

    /// <summary>Waits for bytes on a connection.</summary>
    /// <returns>How many came; 0 when the gateway closed it, in whatever way.</returns>
    public static async Task<int> ReadAsync(TcpClient client)
    {
        try
        {
            return await client.Client.ReceiveAsync(new byte[1024]).WaitAsync(StreamTesting.Limit);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    /// <summary>Sends text on a connection of its own, and reads all that comes until the gateway closes that.</summary>
    public static async Task<string> ExchangeAsync(Uri address, string text)
    {
        using var socket = await ConnectAsync(address);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync().WaitAsync(StreamTesting.Limit);
    }

    /// <summary>Opens connections until one is refused.</summary>
    public static async Task UntilRefusedAsync(Uri address)
    {
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(address.Host, address.Port);
            }
            catch (SocketException)
            {
                return; // refused, or reset when it was still waiting to be accepted
            }
        }
    }
}
