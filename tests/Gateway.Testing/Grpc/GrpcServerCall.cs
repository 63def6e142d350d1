using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Gateway.Testing.Grpc;

/// <summary>One call as a test's server sees it, of whichever kind: bytes in, bytes out. One read and one write may run at the same time.</summary>
public sealed class GrpcServerCall(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context)
{
    private bool _hasStarted;

    /// <summary>The HTTP request that carries the call.</summary>
    public HttpContext HttpContext => context.GetHttpContext();

    /// <summary>The method's path, <c>/package.Service/Method</c>.</summary>
    public string Path => context.Method;

    /// <summary>The request's metadata.</summary>
    public Metadata RequestHeaders => context.RequestHeaders;

    /// <summary>Metadata to send before the first message.</summary>
    public Metadata ResponseHeaders { get; } = [];

    /// <summary>Metadata to send with the status.</summary>
    public Metadata ResponseTrailers => context.ResponseTrailers;

    /// <summary>What is left of the time that the client gave this call; null for as long as it takes.</summary>
    public TimeSpan? Timeout => context.Deadline == DateTime.MaxValue ? null : context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>Fires when the client has reset the call or gone away, or when the deadline has passed.</summary>
    public CancellationToken CancellationToken => context.CancellationToken;

    /// <summary>Whether the next messages are sent with gzip; to be said before the first.</summary>
    public bool CompressResponse { get; set; }

    /// <summary>The next message; null when the client has half-closed.</summary>
    public async ValueTask<GrpcServerMessage?> ReadAsync(CancellationToken? cancellationToken = null) =>
        await requests.MoveNext(cancellationToken ?? CancellationToken) ? new GrpcServerMessage(requests.Current) : null;

    /// <summary>The one message of a unary or server-streaming request.</summary>
    public async ValueTask<GrpcServerMessage> ReadSingleAsync()
    {
        var message = await ReadAsync() ?? throw new RpcException(new Status(StatusCode.Internal, "the request ended without a message"));
        return await ReadAsync() is null ? message : throw new RpcException(new Status(StatusCode.Internal, "the request has more than one message"));
    }

    /// <summary>Sends the headers now, instead of with the first message.</summary>
    public async ValueTask StartAsync()
    {
        if (_hasStarted)
        {
            return;
        }

        _hasStarted = true;
        if (CompressResponse)
        {
            ResponseHeaders.Add("grpc-internal-encoding-request", "gzip");
        }

        await context.WriteResponseHeadersAsync(ResponseHeaders);
    }

    /// <summary>Sends a message at once.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> message)
    {
        await StartAsync();
        responses.WriteOptions = CompressResponse ? WriteOptions.Default : new WriteOptions(WriteFlags.NoCompress);
        await responses.WriteAsync(message.ToArray(), CancellationToken);
    }

    /// <summary>Sends messages all at once: few and small ones are one frame.</summary>
    public async ValueTask WriteAllAsync(IReadOnlyList<byte[]> messages)
    {
        await StartAsync();
        for (var i = 0; i < messages.Count; i++)
        {
            responses.WriteOptions = new WriteOptions(WriteFlags.NoCompress | (i < messages.Count - 1 ? WriteFlags.BufferHint : 0));
            await responses.WriteAsync(messages[i], CancellationToken);
        }
    }
}
