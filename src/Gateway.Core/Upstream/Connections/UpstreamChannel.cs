using System.Buffers;
using System.Runtime.CompilerServices;
using Clarifai.Api;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Telemetry;
using Grpc.Core;

namespace Gateway.Core.Upstream.Connections;

/// <summary>
/// Calls to one upstream address. Failures of gRPC and of the network are values, never exceptions; an
/// <see cref="OperationCanceledException"/> comes only from the caller's own token. Thread-safe.
/// </summary>
internal sealed class UpstreamChannel(
    Uri address, UpstreamMethods methods, PayloadClient unary, PayloadClient streams, V2.V2Client typed, ChannelOptions options,
    UpstreamTelemetry telemetry)
{
    private readonly PeerAddress _peer = new(address);
    private int _callsInFlight;

    /// <summary>The address.</summary>
    public Uri Address => address;

    /// <summary>How many calls have begun and neither ended nor been disposed.</summary>
    public int CallsInFlight => Volatile.Read(ref _callsInFlight);

    /// <summary>The address, as telemetry names it.</summary>
    public PeerAddress Peer => _peer;

    /// <summary>What is measured of calls.</summary>
    public UpstreamTelemetry Telemetry => telemetry;

    /// <summary>Fires when this side shuts down.</summary>
    public CancellationToken Shutdown => options.Shutdown;

    /// <summary>The most bytes of a response message.</summary>
    public int MaxMessageBytes => options.MaxReceiveMessageSize;

    /// <summary>Calls a unary RPC with the bytes of its request, which stay the caller's, untouched until the task completes.</summary>
    public ValueTask<UnaryResult<Payload>> UnaryAsync(RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call, Metadata headers)
    {
        var message = new RequestMessage(request, call.Memory);
        return UnaryAsync(
            rpc.Method, call, headers, (unary.Invoker, Method: methods[rpc], Message: message), static (to, with) =>
                to.Invoker.AsyncUnaryCall(to.Method, null, with, to.Message), message);
    }

    /// <summary>Calls a unary RPC by the generated client.</summary>
    public ValueTask<UnaryResult<TResponse>> UnaryAsync<TResponse>(
        string method, UpstreamCall call, Metadata headers, Func<V2.V2Client, CallOptions, AsyncUnaryCall<TResponse>> send)
        where TResponse : class =>
        UnaryAsync(method, call, headers, (typed, send), static (to, with) => to.send(to.typed, with), lent: null);

    /// <summary>
    /// Opens a server-streaming RPC; the request's bytes stay the caller's, untouched until the first read, or the disposal, completes.
    /// </summary>
    public ServerStream ServerStreaming(RpcPlan rpc, ReadOnlySequence<byte> request, in UpstreamCall call, Metadata headers)
    {
        var limits = new CallLimits(call, options.TimeProvider);
        var message = new RequestMessage(request);
        var span = Begin(rpc.Method, headers);
        var grpc = streams.Invoker.AsyncServerStreamingCall(methods[rpc], null, Options(limits, headers), message);
        return new ServerStream(this, grpc, message, limits, span);
    }

    /// <summary>Opens an RPC that streams both ways.</summary>
    public TwoWayCall DuplexStreaming(RpcPlan rpc, in UpstreamCall call, Metadata headers)
    {
        var limits = new CallLimits(call, options.TimeProvider, isOpen: true);
        var span = Begin(rpc.Method, headers);
        return new TwoWayCall(this, streams.Invoker.AsyncDuplexStreamingCall(methods[rpc], null, Options(limits, headers)), limits, span);
    }

    /// <summary>Notes that a call has begun.</summary>
    public void NoteStarted() => Interlocked.Increment(ref _callsInFlight);

    /// <summary>Notes that a call has ended.</summary>
    public void NoteEnded() => Interlocked.Decrement(ref _callsInFlight);

    private CallSpan Begin(string method, Metadata headers)
    {
        var span = telemetry.Begin(method);
        span.Inject(headers);
        return span;
    }

    private static CallOptions Options(CallLimits limits, Metadata headers) => new(headers, limits.Deadline, limits.Token);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<UnaryResult<TResponse>> UnaryAsync<TTo, TResponse>(
        string method,
        UpstreamCall call,
        Metadata headers,
        TTo to,
        Func<TTo, CallOptions, AsyncUnaryCall<TResponse>> send,
        RequestMessage? lent)
        where TResponse : class
    {
        var limits = new CallLimits(call, options.TimeProvider, shutdown: options.Shutdown);
        var span = Begin(method, headers);
        NoteStarted();
        try
        {
            var grpc = send(to, Options(limits, headers));
            limits.BeginWait();
            try
            {
                var message = await grpc.ResponseAsync;
                telemetry.End(span, _peer, CallOutcome.OK, message is Payload payload ? payload.Status.Code : 0);
                return new UnaryResult<TResponse>(
                    new ResponseMetadata(() => grpc.ResponseHeadersAsync, grpc.GetTrailers), CallOutcome.OK, message);
            }
            catch (RpcException failure)
            {
                var outcome = limits.OutcomeOf(failure.Status, MaxMessageBytes);
                telemetry.End(span, _peer, outcome);
                limits.ThrowIfCancelledByCaller(CancellationToken.None);
                return new UnaryResult<TResponse>(
                    new ResponseMetadata(() => grpc.ResponseHeadersAsync, () => failure.Trailers), outcome, null);
            }
        }
        finally
        {
            limits.End();
            NoteEnded();
            if (lent is not null)
            {
                await lent.CloseAsync();
            }
        }
    }
}
