using System.Net.Sockets;
using System.Text;

namespace Gateway.Api.Tests.Support;

/// <summary>HTTP/1.1 byte by byte, for what no client sends.</summary>
internal static class RawHttp
{
    /// <summary>Sends text on a connection of its own, and reads all that comes until the gateway closes that.</summary>
    public static async Task<string> ExchangeAsync(Uri address, string text)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync().WaitAsync(StreamTesting.Limit);
    }
}
