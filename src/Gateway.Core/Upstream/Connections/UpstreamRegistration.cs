using System.Collections.Frozen;
using Clarifai.Api;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Telemetry;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Core.Upstream.Connections;

/// <summary>Registers what the gateway calls its upstream with.</summary>
public static class UpstreamRegistration
{
    /// <summary>Adds the clients of every upstream address, with <see cref="UpstreamChannels"/> in front of them.</summary>
    /// <param name="services">The host's services; the compiled API is to be among them.</param>
    /// <param name="options">What every channel is made with.</param>
    public static void AddUpstreamChannels(this IServiceCollection services, Func<IServiceProvider, ChannelOptions> options)
    {
        services.AddSingleton(options);
        services.AddGrpcClient<PayloadClient>();
        services.AddGrpcClient<V2.V2Client>();
        services.AddSingleton<IConfigureOptions<GrpcClientFactoryOptions>, ChannelSetup>();
        services.AddSingleton<IConfigureOptions<HttpClientFactoryOptions>, HandlerSetup>();
        services.ConfigureHttpClientDefaults(client => client.RemoveAllLoggers());
        services.AddSingleton<UpstreamTelemetry>();
        services.AddSingleton<UpstreamChannels>();
    }

    /// <summary>Sets up the gRPC channel behind a name.</summary>
    private sealed class ChannelSetup(ChannelOptions options) : IConfigureNamedOptions<GrpcClientFactoryOptions>
    {
        public void Configure(GrpcClientFactoryOptions client) => Configure(Options.DefaultName, client);

        public void Configure(string? name, GrpcClientFactoryOptions client)
        {
            if (!ChannelName.TryRead(name, out var address, out _))
            {
                return;
            }

            client.Address = address;
            client.ChannelOptionsActions.Add(channel =>
            {
                channel.MaxReceiveMessageSize = options.MaxReceiveMessageSize;

                // What a request may be is said once, of its body; no message is larger than the JSON it came from.
                channel.MaxSendMessageSize = null;

                // The client's own retries keep a copy of every message and cannot see a model that is loading: ours stand above it.
                channel.MaxRetryAttempts = 1;
                channel.ServiceConfig = null;

                // With a logger it makes an Activity and a log scope for every call, and its log has texts of exceptions. How calls went is
                // ours to say.
                channel.LoggerFactory = NullLoggerFactory.Instance;
            });
        }
    }

    /// <summary>Sets up the HTTP handler behind a name.</summary>
    private sealed class HandlerSetup(ChannelOptions options, ApiSchema schema) : IConfigureNamedOptions<HttpClientFactoryOptions>
    {
        private readonly FrozenSet<string> _twoWay =
            schema.Rpcs
                .Where(rpc => rpc.Kind is RpcKind.ClientStreaming or RpcKind.DuplexStreaming)
                .Select(rpc => rpc.GrpcPath)
                .ToFrozenSet();

        public void Configure(HttpClientFactoryOptions client) => Configure(Options.DefaultName, client);

        public void Configure(string? name, HttpClientFactoryOptions client)
        {
            if (!ChannelName.TryRead(name, out _, out var isForStreams))
            {
                return;
            }

            // The channel keeps its handler; what gets old are the handler's connections.
            client.HandlerLifetime = Timeout.InfiniteTimeSpan;
            var window = isForStreams ? HandlerFactory.StreamWindow : HandlerFactory.UnaryWindow;
            client.HttpMessageHandlerBuilderActions.Add(handler =>
            {
                handler.PrimaryHandler = new CallHandler(
                    HandlerFactory.Create(options, window),
                    isForStreams ? _twoWay : [],
                    isForStreams ? null : options.MaxReceiveMessageSize);
            });
        }
    }
}
