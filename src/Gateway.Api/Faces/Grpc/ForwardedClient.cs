using Gateway.Api.Http;
using Gateway.Api.Logging;
using Gateway.Api.Memory;
using Gateway.Core.Upstream.Calls;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Faces.Grpc;

/// <summary>The client's side of a call on its way through the gateway. One read and one write may run at the same time.</summary>
internal sealed class ForwardedClient(
    IAsyncStreamReader<Payload> requests,
    IServerStreamWriter<Payload> responses,
    ServerCallContext context,
    UnpackedMessage unpacked,
    long maxBytes,
    TimeProvider time)
{
    // A message is in the server's memory first, and then in its own.
    private const int Copies = 2;

    private static readonly Status Malformed = new(
        StatusCode.Internal, "received a message that is not framed as gRPC has it, or is not valid gzip");
    private static readonly Status BrokenOff = new(StatusCode.Cancelled, "the request broke off");
    private static readonly Status NoMessage = new(StatusCode.Internal, "the request ended without a message");
    private static readonly Status TooManyMessages = new(StatusCode.Internal, "the request has more than one message");

    private bool _hasStarted;

    /// <summary>The HTTP request that carries the call.</summary>
    public HttpContext Http { get; } = context.GetHttpContext();

    /// <summary>What the call holds in memory.</summary>
    public ByteShare Share { get; } = ShareOf(context.GetHttpContext());

    /// <summary>Fires when the client has left, or its time is up.</summary>
    public CancellationToken CancellationToken => context.CancellationToken;

    /// <summary>What is left of the time that the client gave; null for as long as it takes.</summary>
    public TimeSpan? TimeLeft => context.Deadline == DateTime.MaxValue ? null : context.Deadline - time.GetUtcNow().UtcDateTime;

    /// <summary>Metadata to send before the first message.</summary>
    public Metadata Headers { get; } = [];

    /// <summary>Metadata to send with the status.</summary>
    public Metadata Trailers => context.ResponseTrailers;

    /// <summary>What the request log says of the call.</summary>
    public RequestRecord Record { get; } = RequestRecord.Of(context.GetHttpContext());

    /// <summary>Reads the next message, which the caller owns; null when the client has half-closed.</summary>
    /// <exception cref="RpcException">It is none, or too large.</exception>
    public async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await requests.MoveNext(cancellationToken))
            {
                return null;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or FormatException)
        {
            // The server would take it for a fault of its own; gRPC-Web's reader of base64 has exceptions of its own.
            throw new RpcException(Malformed);
        }
        catch (BodyRefusedException refused)
        {
            throw new RpcException(GatewayStatus.Of(refused.Error));
        }
        catch (IOException exception)
        {
            throw new RpcException(
                BodyFailure.IsClientLost(Http, exception) ? BrokenOff : GatewayStatus.Of(BodyFailure.Of(exception, maxBytes)));
        }

        var message = requests.Current.IsPacked ? await UnpackAsync(requests.Current, cancellationToken) : requests.Current;
        Record.RequestBytes += message.Length;
        return message;
    }

    /// <summary>Gives back what the messages so far were counted for: none of them is used any more.</summary>
    public void Release() => Share.Release();

    /// <summary>Reads the one message of a request.</summary>
    /// <exception cref="RpcException">There is none, or there are more.</exception>
    public async ValueTask<Payload> ReadSingleAsync()
    {
        var message = await ReadAsync(CancellationToken) ?? throw new RpcException(NoMessage);
        if (await ReadAsync(CancellationToken) is not { } extra)
        {
            return message;
        }

        extra.Dispose();
        message.Dispose();
        throw new RpcException(TooManyMessages);
    }

    private async ValueTask<Payload> UnpackAsync(Payload packed, CancellationToken cancellationToken)
    {
        using (packed)
        {
            var (message, error) = await unpacked.ReadAsync(packed, Share, cancellationToken);
            return message ?? throw new RpcException(error is null ? Malformed : GatewayStatus.Of(error));
        }
    }

    private static ByteShare ShareOf(HttpContext http)
    {
        var share = http.Features.GetRequiredFeature<ByteShare>();
        share.Weight = Copies;
        return share;
    }

    /// <summary>Sends the headers now, instead of with the first message.</summary>
    public Task StartAsync()
    {
        if (_hasStarted)
        {
            return Task.CompletedTask;
        }

        _hasStarted = true;
        return context.WriteResponseHeadersAsync(Headers);
    }

    /// <summary>Says that no more messages follow. Without one before it, headers and trailers are one ("Trailers-Only").</summary>
    public void End()
    {
        if (!_hasStarted)
        {
            foreach (var entry in Headers.Where(entry => Trailers.Get(entry.Key) is null))
            {
                Trailers.Add(entry);
            }
        }
    }

    /// <summary>Sends a message, which stays the caller's, and waits for a client that reads slower, but not for ever.</summary>
    public async ValueTask WriteAsync(Payload message)
    {
        await StartAsync();
        Record.Outcome = message.Status.Code;
        await ResponseFlow.SendAsync(Http, message.Length, new ValueTask(responses.WriteAsync(message, CancellationToken)));
    }
}
