global using ChannelOptions = Gateway.Core.Upstream.Connections.ChannelOptions;

using System.Buffers;
using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Retries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>
/// Calls to one upstream address by the gateway's client, told in words of no transport: what a test of calls says holds for whichever
/// transport is below, and this file alone knows which that is. Calls are made once unless a test says otherwise.
/// </summary>
internal sealed class UpstreamCalls : IAsyncDisposable
{
    private static readonly ApiSchema Schema = ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.Clarifai);
    private static readonly RetryOptions Once = new() { MaxAttempts = 1, LoadingTimeout = TimeSpan.Zero };

    private readonly ServiceProvider _services;
    private readonly ClarifaiClient _client;

    public UpstreamCalls(Uri address, ChannelOptions? options = null, RetryOptions? retry = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(Schema);
        services.AddUpstreamChannels(_ => options ?? new ChannelOptions());
        _services = services.BuildServiceProvider();
        var cluster = new UpstreamCluster(
            new UpstreamClusterOptions { Groups = [[address]], Retry = retry ?? Once }, _services.GetRequiredService<UpstreamChannels>(), NullLogger.Instance);
        _client = new ClarifaiClientFactory(cluster).Create(credentials: null);
    }

    /// <summary>Makes a call with one message each way.</summary>
    public async Task<Reply> UnaryAsync(
        ReadOnlySequence<byte> request, UpstreamCall call = default, Metadata? metadata = null, string rpc = "PostModelOutputs")
    {
        using var result = await _client.CallAsync(Schema.Rpc(rpc), request, call with { Metadata = metadata });
        return ToReply(result.Outcome, result.Message, result.Headers, result.Trailers);
    }

    /// <summary>Opens a call with one message and a stream of answers.</summary>
    public ReplyStream Stream(ReadOnlySequence<byte> request, UpstreamCall call = default, Metadata? metadata = null) =>
        new(_client.Stream(Schema.Rpc("GenerateModelOutputs"), request, call with { Metadata = metadata }));

    /// <summary>Opens a call with messages both ways.</summary>
    public ReplyDuplex Duplex(UpstreamCall call = default, Metadata? metadata = null) =>
        new(_client.Duplex(Schema.Rpc("StreamModelOutputs"), call with { Metadata = metadata }));

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static Reply ToReply(CallOutcome outcome, Payload? message, Metadata headers, Metadata trailers) => new(
        new Outcome(outcome.Code, outcome.Message)
        {
            IsOverSizeLimit = outcome.IsOverSizeLimit,
            IsConnectionFailure = outcome.IsConnectionFailure,
            IsUnprocessed = outcome.IsUnprocessed,
        },
        message?.Span.ToArray(),
        headers,
        trailers,
        trailers.GetValueBytes("grpc-status-details-bin") ?? []);

    private static async ValueTask<byte[]?> ReadAsync(ValueTask<Payload?> read)
    {
        using var message = await read;
        return message?.Span.ToArray();
    }

    /// <summary>A call with a stream of answers.</summary>
    internal sealed class ReplyStream(UpstreamStream stream) : IAsyncDisposable
    {
        /// <summary>How it ended: after a read that gave no message.</summary>
        public Reply End => ToReply(stream.Outcome, null, stream.Headers, stream.Trailers);

        public ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken = default) => UpstreamCalls.ReadAsync(stream.ReadAsync(cancellationToken));

        public ValueTask DisposeAsync() => stream.DisposeAsync();
    }

    /// <summary>A call with messages both ways.</summary>
    internal sealed class ReplyDuplex(UpstreamDuplex stream) : IAsyncDisposable
    {
        /// <summary>How it ended: after a read that gave no message.</summary>
        public Reply End => ToReply(stream.Outcome, null, stream.Headers, stream.Trailers);

        public ValueTask<bool> WriteAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken = default) =>
            stream.WriteAsync(message, cancellationToken);

        public ValueTask CompleteAsync() => stream.CompleteAsync();

        public ValueTask<Metadata> ReadHeadersAsync(CancellationToken cancellationToken = default) => stream.ReadHeadersAsync(cancellationToken);

        public ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken = default) => UpstreamCalls.ReadAsync(stream.ReadAsync(cancellationToken));

        public ValueTask DisposeAsync() => stream.DisposeAsync();
    }
}
