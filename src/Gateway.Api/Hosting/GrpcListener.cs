using System.Net;
using System.Net.Sockets;
using Gateway.Api.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Api.Hosting;

/// <summary>
/// The listener for HTTP/2 without TLS. A cleartext port speaks either version of HTTP, and gRPC needs the second; with TLS the two share a
/// port, because the handshake (ALPN) says which it is.
/// </summary>
internal sealed class GrpcListener
{
    private const string EndpointName = "Grpc";
    private const string UrlSetting = $"{GatewayOptions.Section}:{nameof(GatewayOptions.Grpc)}:{nameof(GrpcOptions.Url)}";

    private ListenOptions? _endpoint;

    /// <summary>
    /// Where it listens, as the server writes its addresses; null when there is no such listener. Known once the server has started.
    /// </summary>
    public string? Address => _endpoint?.ToString();

    /// <summary>Where it would listen by default, and something else does; null otherwise.</summary>
    public string? PassedOver { get; private init; }

    /// <summary>Adds the listener, where the settings have one.</summary>
    public static void AddTo(WebApplicationBuilder builder, GrpcOptions options)
    {
        // Whoever did not ask for the listener can do without.
        var url = options.Url;
        var isTaken = builder.Configuration[UrlSetting] is null && IsTaken(BindingAddress.Parse(url).Port);
        var listener = new GrpcListener { PassedOver = isTaken ? url : null };
        builder.Services.AddSingleton(listener);
        if (string.IsNullOrEmpty(url) || isTaken)
        {
            return;
        }

        var isCleartext = url.StartsWith("http:", StringComparison.OrdinalIgnoreCase);
        AddedEndpoint.Add(
            builder, EndpointName, url, isCleartext ? HttpProtocols.Http2 : null, endpoint => listener._endpoint = endpoint);
    }

    // At either loopback address: the server listens at both.
    private static bool IsTaken(int port)
    {
        IPAddress[] addresses = Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];
        return Array.Exists(addresses, address => IsTaken(new IPEndPoint(address, port)));
    }

    private static bool IsTaken(IPEndPoint endpoint)
    {
        using var listener = new TcpListener(endpoint);
        try
        {
            listener.Start();
            return false;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }
}
