using System.Net;
using System.Net.Sockets;

namespace Gateway.Interop.Foreign;

/// <summary>A foreign interop server on a free port.</summary>
internal sealed class ForeignServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectPause = TimeSpan.FromMilliseconds(50);

    private readonly ForeignProcess _process;

    private ForeignServer(ForeignProcess process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="program">The program.</param>
    /// <param name="tls">Whether it speaks TLS, with the certificate that all interop servers have.</param>
    public static async Task<ForeignServer> StartAsync(string program, bool tls)
    {
        var port = FreePort();
        var process = ForeignProcess.Start(program, [$"--port={port}", $"--use_tls={(tls ? "true" : "false")}"]);
        var server = new ForeignServer(process, new Uri($"{(tls ? "https" : "http")}://127.0.0.1:{port}"));
        try
        {
            await server.ListeningAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task ListeningAsync()
    {
        using var timeout = new CancellationTokenSource(StartTimeout);
        while (!await ListensAsync(Address.Port, timeout.Token))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The server does not start.\n{_process.Output}");
            }

            await Task.Delay(ConnectPause, TimeProvider.System, timeout.Token);
        }
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
