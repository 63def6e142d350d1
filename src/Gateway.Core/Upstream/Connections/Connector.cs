using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Gateway.Core.Upstream.Connections;

/// <summary>
/// Opens the connections of a channel, TCP and TLS on it: asks for the host's addresses each time, and tries them in order.
/// </summary>
internal sealed class Connector(ChannelOptions options)
{
    // What the kernel probes costs the peer's application nothing, so it may be quick: a host that is gone is noticed after half a minute.
    private const int ProbeAfterSeconds = 20;
    private const int ProbeEverySeconds = 5;
    private const int Probes = 2;

    // As long for bytes that were sent, and that nobody acknowledges: tcp(7), TCP_USER_TIMEOUT, in milliseconds.
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;
    private const int UnacknowledgedMilliseconds = (ProbeAfterSeconds + (Probes * ProbeEverySeconds)) * 1000;

    /// <summary>Connects to a host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="isSecure">Whether by TLS.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">The host has no address, or none of them answered.</exception>
    /// <exception cref="TlsException">The handshake failed.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, bool isSecure, CancellationToken cancellationToken)
    {
        var stream = await ConnectAsync(host, cancellationToken);
        return isSecure ? await SecureAsync(stream, host.Host, cancellationToken) : stream;
    }

    // The handler would do as much, but with settings that it copies once.
    private async ValueTask<SslStream> SecureAsync(Stream stream, string host, CancellationToken cancellationToken)
    {
        var check = new CertificateCheck();
        var tls = options.Tls();
        tls.TargetHost ??= host;
        tls.ApplicationProtocols ??= [SslApplicationProtocol.Http2];
        tls.RemoteCertificateValidationCallback ??= (_, _, chain, errors) => check.Accepts(chain, errors);
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(tls, cancellationToken);
            return secure;
        }
        catch (Exception exception)
        {
            await secure.DisposeAsync();
            if (exception is AuthenticationException or IOException)
            {
                throw new TlsException(check.Fault ?? "the other side broke it off");
            }

            throw;
        }
    }

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        var addresses = await options.ResolveHost(host.Host, cancellationToken);
        var failure = new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(address, host.Port), ShareOf(addresses.Length), cancellationToken);
            }
            catch (SocketException exception)
            {
                failure = exception;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failure = new SocketException((int)SocketError.TimedOut);
            }
        }

        throw failure;
    }

    // One address must not use up the time of those after it.
    private TimeSpan ShareOf(int addresses) =>
        options.ConnectTimeout == Timeout.InfiniteTimeSpan ? options.ConnectTimeout : options.ConnectTimeout / addresses;

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Prepare(socket);
            await socket.ConnectAsync(address, limit.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, ProbeAfterSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeEverySeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(UnacknowledgedMilliseconds));
        }
    }
}
