using System.Collections.Concurrent;
using Gateway.Grpc.Calls;
using Gateway.Grpc.Connections;

namespace Gateway.Grpc;

/// <summary>
/// Connections to one gRPC server, opened as calls need them. Thread-safe. Failures of gRPC and of the network are values, never
/// exceptions; an <see cref="OperationCanceledException"/> comes only from the caller's own token.
/// </summary>
public sealed class GrpcChannel : IAsyncDisposable
{
    // Paths come from compiled plans and are few; whoever makes them up pays for each.
    private const int MaxCachedAddresses = 1024;

    // Streams may last for hours: on connections of their own they neither take the unary calls' places nor keep their connections old.
    private readonly HttpMessageInvoker _unary;
    private readonly HttpMessageInvoker _streams;
    private readonly ConcurrentDictionary<string, Uri> _addresses = new(StringComparer.Ordinal);
    private readonly string _authority;
    private int _callsInFlight;

    /// <summary>Makes a channel; nothing is connected yet.</summary>
    /// <param name="address"><c>http://</c> for cleartext HTTP/2 with prior knowledge, <c>https://</c> for TLS; no path.</param>
    /// <param name="options">Limits, times and TLS settings.</param>
    /// <exception cref="ArgumentException">The address is neither, or has a path.</exception>
    public GrpcChannel(Uri address, GrpcChannelOptions options)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps) || address.PathAndQuery != "/")
        {
            throw new ArgumentException("must be http://host:port or https://host:port, without a path", nameof(address));
        }

        Address = address;
        Options = options;
        _authority = address.GetLeftPart(UriPartial.Authority);
        _unary = HandlerFactory.Create(options, HandlerFactory.UnaryWindow);
        _streams = HandlerFactory.Create(options, HandlerFactory.StreamWindow);
    }

    /// <summary>The address of the server.</summary>
    public Uri Address { get; }

    /// <summary>How many calls have begun and neither ended nor been disposed.</summary>
    public int CallsInFlight => Volatile.Read(ref _callsInFlight);

    internal GrpcChannelOptions Options { get; }

    /// <summary>Calls a method with one request and one response.</summary>
    /// <param name="path">The method, as in <c>/clarifai.api.V2/PostModelOutputs</c>.</param>
    /// <param name="request">The request; its bytes stay the caller's, and must not change until the returned task completes.</param>
    /// <param name="options">What the call asks for.</param>
    /// <exception cref="OperationCanceledException">The caller's own token fired.</exception>
    public ValueTask<UnaryResult> UnaryAsync(string path, GrpcMessage request, CallOptions options) =>
        Start(_unary, path, request, options).ReadSingleAsync(CancellationToken.None);

    /// <summary>Calls a method with one request and a stream of responses.</summary>
    /// <param name="path">The method.</param>
    /// <param name="request">The request; its bytes stay the caller's, and must not change until the first read, or the disposal, completes.</param>
    /// <param name="options">What the call asks for.</param>
    public ServerStream ServerStreaming(string path, GrpcMessage request, CallOptions options) =>
        new(Start(_streams, path, request, options));

    /// <summary>Calls a method with a stream of requests and one response.</summary>
    public ClientStream ClientStreaming(string path, CallOptions options)
    {
        var content = new StreamingContent(options.CompressRequest);
        return new ClientStream(new Call(this, _streams, path, content, options).Start(), content);
    }

    /// <summary>Calls a method with streams both ways.</summary>
    public DuplexStream DuplexStreaming(string path, CallOptions options)
    {
        var content = new StreamingContent(options.CompressRequest);
        return new DuplexStream(new Call(this, _streams, path, content, options).Start(), content);
    }

    /// <summary>Closes the connections, and with them the calls that still run.</summary>
    public ValueTask DisposeAsync()
    {
        _unary.Dispose();
        _streams.Dispose();
        return ValueTask.CompletedTask;
    }

    internal void NoteStarted() => Interlocked.Increment(ref _callsInFlight);

    internal void NoteEnded() => Interlocked.Decrement(ref _callsInFlight);

    internal Uri AddressOf(string path)
    {
        if (_addresses.TryGetValue(path, out Uri? address)) return address;
        if (path is not ['/', ..]) throw new ArgumentException("must begin with /", nameof(path));

        // Joined as text: as a relative reference, "//host/method" would name another host.
        address = new Uri(_authority + path);
        if (_addresses.Count < MaxCachedAddresses) _addresses.TryAdd(path, address);
        return address;
    }

    private Call Start(HttpMessageInvoker http, string path, in GrpcMessage request, in CallOptions options)
    {
        var call = new Call(this, http, path, new SingleContent(request, options.CompressRequest), options);
        call.Admits(request);
        return call.Start();
    }
}
