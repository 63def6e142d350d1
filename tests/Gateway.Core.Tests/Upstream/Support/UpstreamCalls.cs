global using ChannelOptions = Gateway.Grpc.GrpcChannelOptions;

using System.Buffers;
using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Retries;
using Gateway.Grpc;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Metadata = Grpc.Core.Metadata;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>
/// Calls to one upstream address by the gateway's client, told in words of no transport: what a test of calls says holds for whichever
/// transport is below, and this file alone knows which that is. Calls are made once unless a test says otherwise.
/// </summary>
internal sealed class UpstreamCalls : IAsyncDisposable
{
    private static readonly ApiSchema Schema = ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.Clarifai);
    private static readonly RetryOptions Once = new() { MaxAttempts = 1, LoadingTimeout = TimeSpan.Zero };

    private readonly ChannelPool _channels;
    private readonly ClarifaiClient _client;

    public UpstreamCalls(Uri address, ChannelOptions? options = null, RetryOptions? retry = null)
    {
        _channels = new ChannelPool(options ?? new ChannelOptions());
        var cluster = new UpstreamCluster(new UpstreamClusterOptions { Groups = [[address]], Retry = retry ?? Once }, _channels, NullLogger.Instance);
        _client = new ClarifaiClientFactory(Schema).Create(cluster, credential: null);
    }

    /// <summary>Makes a call with one message each way.</summary>
    public async Task<Reply> UnaryAsync(
        ReadOnlySequence<byte> request, UpstreamCall call = default, Metadata? metadata = null, string rpc = "PostModelOutputs")
    {
        using var result = await _client.CallAsync(Schema.Rpc(rpc), request, With(call, metadata));
        return ToReply(result.Status, result.Message, result.Headers, result.Trailers);
    }

    /// <summary>Opens a call with one message and a stream of answers.</summary>
    public ReplyStream Stream(ReadOnlySequence<byte> request, UpstreamCall call = default, Metadata? metadata = null) =>
        new(_client.Stream(Schema.Rpc("GenerateModelOutputs"), request, With(call, metadata)));

    /// <summary>Opens a call with messages both ways.</summary>
    public ReplyDuplex Duplex(UpstreamCall call = default, Metadata? metadata = null) =>
        new(_client.Duplex(Schema.Rpc("StreamModelOutputs"), With(call, metadata)));

    public ValueTask DisposeAsync() => _channels.DisposeAsync();

    private static UpstreamCall With(in UpstreamCall call, Metadata? metadata)
    {
        if (metadata is null)
        {
            return call;
        }

        var sent = new Gateway.Grpc.Metadata();
        foreach (var entry in metadata)
        {
            if (entry.IsBinary)
            {
                sent.AddBinary(entry.Key, entry.ValueBytes);
            }
            else
            {
                sent.Add(entry.Key, entry.Value);
            }
        }

        return call with { Metadata = sent };
    }

    private static Reply ToReply(GrpcStatus status, Payload? message, Gateway.Grpc.Metadata headers, Gateway.Grpc.Metadata trailers)
    {
        var outcome = new Outcome((StatusCode)status.Code, status.Message)
        {
            IsOverSizeLimit = status.IsOverSizeLimit,
            IsConnectionFailure = status.IsConnectionFailure,
            IsUnprocessed = status.IsUnprocessed,
        };
        return new Reply(outcome, message?.Span.ToArray(), ToMetadata(headers), ToMetadata(trailers), status.Details.ToArray());
    }

    private static Metadata ToMetadata(Gateway.Grpc.Metadata received)
    {
        var metadata = new Metadata();
        foreach (var entry in received)
        {
            metadata.Add(entry.IsBinary ? new Metadata.Entry(entry.Key, entry.Bytes.ToArray()) : new Metadata.Entry(entry.Key, entry.Text));
        }

        return metadata;
    }

    private static async ValueTask<byte[]?> ReadAsync(ValueTask<Payload?> read)
    {
        using var message = await read;
        return message?.Span.ToArray();
    }

    /// <summary>A call with a stream of answers.</summary>
    internal sealed class ReplyStream(UpstreamStream stream) : IAsyncDisposable
    {
        /// <summary>How it ended: after a read that gave no message.</summary>
        public Reply End => ToReply(stream.Status, null, stream.Headers, stream.Trailers);

        public ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken = default) => UpstreamCalls.ReadAsync(stream.ReadAsync(cancellationToken));

        public ValueTask DisposeAsync() => stream.DisposeAsync();
    }

    /// <summary>A call with messages both ways.</summary>
    internal sealed class ReplyDuplex(UpstreamDuplex stream) : IAsyncDisposable
    {
        /// <summary>How it ended: after a read that gave no message.</summary>
        public Reply End => ToReply(stream.Status, null, stream.Headers, stream.Trailers);

        public ValueTask<bool> WriteAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken = default) =>
            stream.WriteAsync(message, cancellationToken);

        public ValueTask CompleteAsync() => stream.CompleteAsync();

        public async ValueTask<Metadata> ReadHeadersAsync(CancellationToken cancellationToken = default) =>
            ToMetadata(await stream.ReadHeadersAsync(cancellationToken));

        public ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken = default) => UpstreamCalls.ReadAsync(stream.ReadAsync(cancellationToken));

        public ValueTask DisposeAsync() => stream.DisposeAsync();
    }
}
