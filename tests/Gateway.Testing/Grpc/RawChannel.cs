using System.Net.Security;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gateway.Testing.Grpc;

/// <summary>A gRPC client of <c>Grpc.Net.Client</c> for whatever method a path names, as bytes.</summary>
public sealed class RawChannel : IAsyncDisposable
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _invoker;

    /// <summary>Prepares a channel; it connects with the first call.</summary>
    /// <param name="address">The server.</param>
    /// <param name="tls">Whom to trust; null for what the system trusts.</param>
    public RawChannel(Uri address, SslClientAuthenticationOptions? tls = null)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true };
        if (tls is not null)
        {
            handler.SslOptions = tls;
        }

        _channel = GrpcChannel.ForAddress(
            address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        _invoker = _channel.CreateCallInvoker();
    }

    /// <summary>Makes a call, and reads it to its end; of several messages the first counts.</summary>
    /// <exception cref="OperationCanceledException">The call's token fired.</exception>
    public async Task<RawResult> UnaryAsync(string path, byte[] message, RawCallOptions options = default)
    {
        using var call = ServerStreaming(path, message, options);
        var response = await call.ReadAsync();
        await call.ReadToEndAsync();
        return new RawResult(call.Status, response, call.Headers, call.Trailers);
    }

    /// <summary>Begins a call with one message, for any number of them.</summary>
    public RawCall ServerStreaming(string path, byte[] message, RawCallOptions options = default)
    {
        var call = _invoker.AsyncServerStreamingCall(MethodOf(MethodType.ServerStreaming, path), null, options.ToCallOptions(), message);
        return new RawCall(null, call.ResponseStream, call.ResponseHeadersAsync, call.GetTrailers, call, options.CancellationToken);
    }

    /// <summary>Begins a call with any number of messages both ways.</summary>
    public RawCall DuplexStreaming(string path, RawCallOptions options = default)
    {
        var call = _invoker.AsyncDuplexStreamingCall(MethodOf(MethodType.DuplexStreaming, path), null, options.ToCallOptions());
        return new RawCall(call.RequestStream, call.ResponseStream, call.ResponseHeadersAsync, call.GetTrailers, call, options.CancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Method<byte[], byte[]> MethodOf(MethodType type, string path)
    {
        var slash = path.LastIndexOf('/');
        return new Method<byte[], byte[]>(type, path[1..slash], path[(slash + 1)..], Bytes, Bytes);
    }
}
