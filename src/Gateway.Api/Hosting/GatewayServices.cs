using System.Diagnostics.Metrics;
using Gateway.Api.Configuration;
using Gateway.Api.Faces.Admin;
using Gateway.Api.Faces.Grpc;
using Gateway.Api.Faces.HomeAssistant;
using Gateway.Api.Faces.Mcp;
using Gateway.Api.Faces.Methods;
using Gateway.Api.Faces.OpenAi;
using Gateway.Api.Faces.Rest;
using Gateway.Api.Http;
using Gateway.Api.Lifetime;
using Gateway.Api.Memory;
using Gateway.Api.Models;
using Gateway.Api.OpenApi;
using Gateway.Api.Pipeline;
using Gateway.Api.Stored;
using Gateway.Api.Streams;
using Gateway.Api.Streams.Resumption;
using Gateway.Api.Telemetry;
using Gateway.Api.Tenancy;
using Gateway.Api.Upstream;
using Gateway.Api.Usage;
using Gateway.Core.Binding;
using Gateway.Core.Json;
using Gateway.Core.Methods.Values;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Telemetry;
using Gateway.Core.Wire;
using Gateway.Protos;
using Gateway.Store;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Hosting;

/// <summary>What the host is made of.</summary>
internal static class GatewayServices
{
    /// <summary>Adds every service of the gateway.</summary>
    public static void AddGateway(this IServiceCollection services, GatewayOptions settings)
    {
        // Read once: what changes later are the tenants, which have a directory of their own.
        services.AddSingleton(Options.Create(settings));

        services.AddCors();
        services.AddRequestDecompression();

        // The framework's check of names lets all through: ours stands behind routing.
        services.Configure<HostFilteringOptions>(names => names.AllowedHosts = ["*"]);

        // The first to start, so that its line is the first.
        services.AddHostedService<Banner>();

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Random.Shared);
        services.AddDrain();
        services.AddOptions<HostOptions>().Configure<IOptions<GatewayOptions>>(
            (host, gateway) => host.ShutdownTimeout = Drain.Total(gateway.Value.Shutdown));
        services.AddTelemetry();
        services.AddSchema(settings.Limits);
        services.AddTenancy();
        services.AddUsage();
        services.AddMemory();
        services.AddUpstream();
        services.AddStreams();
        services.AddPipeline();
        services.AddModels();
        services.AddClarifaiApi();
        services.AddGrpcFront();
        services.AddMethods();
        services.AddOpenAi();
        services.AddMcp();
        services.AddHomeAssistant();
        services.AddOpenApiDocument();
        services.AddAdmin(settings.Admin);
        services.AddHostedService<RejectedRequests>();
    }

    private static void AddTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<RequestTelemetry>();
        services.AddSingleton<ModelTelemetry>();
        services.AddSingleton<CredentialTelemetry>();
        services.AddSingleton<MeterTelemetry>();
        services.AddSingleton<CacheTelemetry>();
        services.AddSingleton<McpTelemetry>();
        services.AddSingleton(provider => new StoreTelemetry(GatewayTelemetry.Meter(provider.GetRequiredService<IMeterFactory>())));
    }

    // The API as its descriptors have it, and what of it JSON may hold.
    private static void AddSchema(this IServiceCollection services, LimitOptions limits)
    {
        services.AddSingleton(
            new JsonLimits { MaxDepth = limits.MaxJsonDepth, MaxStringBytes = limits.MaxStringBytes, MaxValues = limits.MaxJsonMembers });
        services.AddSingleton(ApiSchema.Compile(ApiDescriptors.Service, JsonDialect.Clarifai));
        services.AddSingleton(provider => HttpRoutes.Compile(provider.GetRequiredService<ApiSchema>()));
    }

    private static void AddTenancy(this IServiceCollection services)
    {
        services.AddSingleton<TenantStoreAccess>();
        services.AddHostedService(provider => provider.GetRequiredService<TenantStoreAccess>());
        services.AddSingleton<StoredKeys>();
        services.AddHostedService<StoredTenants>();
        services.AddSingleton<LimitSharing>();
        services.AddHostedService(provider => provider.GetRequiredService<LimitSharing>());
        services.AddSingleton<SoleReplica>();
        services.AddSingleton<TenantAccounts>();
        services.AddSingleton<TenantDirectory>();
        services.AddSingleton<AccessControl>();
        services.AddHostedService<TenantReload>();
    }

    // Started behind the tenants of the store, whose budgets it asks for, and stopped before the store.
    private static void AddUsage(this IServiceCollection services)
    {
        services.AddSingleton<PredictionPlans>();
        services.AddSingleton<UsageBook>();
        services.AddSingleton<IUsageSink>(provider =>
            provider.GetRequiredService<TenantStoreAccess>() is { IsInUse: true } store
                ? new StoredUsage(store, provider.GetRequiredService<StoredKeys>())
                : new MemoryUsage());
        services.AddSingleton<UsageFlush>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageFlush>());
    }

    private static void AddMemory(this IServiceCollection services)
    {
        services.AddSingleton<SegmentPool>();
        services.AddSingleton<ByteBudget>();
        services.AddSingleton<BlockPools>();
        services.AddSingleton<IMemoryPoolFactory<byte>>(provider => provider.GetRequiredService<BlockPools>());
        services.AddHostedService<HeapTrim>();
    }

    private static void AddUpstream(this IServiceCollection services)
    {
        services.AddUpstreamChannels(ChannelOptions);
        services.AddSingleton<UpstreamTarget>();
        services.AddSingleton<UpstreamHealth>();
        services.AddHostedService(provider => provider.GetRequiredService<UpstreamTarget>());
    }

    private static void AddStreams(this IServiceCollection services)
    {
        services.AddSingleton<StallGuard>();
        services.AddPool(provider => new ResponseWriter(provider.GetRequiredService<JsonLimits>()), writer => writer.Reset());
        services.AddSingleton<HeartbeatWheel>();
        services.AddSingleton<StreamOutputs>();
        services.AddSingleton<ResumableStreams>();
    }

    private static void AddPipeline(this IServiceCollection services)
    {
        services.AddSingleton<RequestPipeline>();
        services.AddSingleton<OutgoingCalls>();
        services.AddSingleton<ResumableCalls>();
        services.AddSingleton<InputLimits>();
        services.AddSingleton<MessageAnswer>();
        services.AddSingleton<DuplexExchange>();
        services.AddSingleton<BodyTransport>();
        services.AddSingleton<SocketTransport>();
    }

    private static void AddModels(this IServiceCollection services)
    {
        services.AddSingleton(
            provider => new MessageJson(provider.GetRequiredService<ApiSchema>(), provider.GetRequiredService<JsonLimits>()));
        services.AddSingleton<ResultWriter>();
        services.AddSingleton<MethodRpcs>();
        services.AddSingleton<MethodDirectory>();
        services.AddSingleton<ArgumentFactory>();
        services.AddSingleton<ModelLookup>();
    }

    private static ChannelOptions ChannelOptions(IServiceProvider provider)
    {
        var upstream = provider.GetRequiredService<IOptions<GatewayOptions>>().Value.Upstream;
        return new ChannelOptions
        {
            MaxReceiveMessageSize = upstream.MaxResponseBytes,
            Shutdown = provider.GetRequiredService<Drain>().Expired,
            ConnectTimeout = upstream.ConnectTimeout,
            Tls = new UpstreamCertificates(upstream.Tls, provider.GetRequiredService<ILogger<UpstreamCertificates>>()).ForConnection,
            TimeProvider = provider.GetRequiredService<TimeProvider>(),
        };
    }
}
