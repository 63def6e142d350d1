using Clarifai.Api;
using Gateway.Api.Calls;
using Gateway.Api.Configuration;
using Gateway.Api.HomeAssistant;
using Gateway.Api.Mcp.Tools;
using Gateway.Api.Memory;
using Gateway.Api.Methods;
using Gateway.Api.OpenAi;
using Gateway.Api.Requests;
using Gateway.Api.Streaming.Resumption;
using Gateway.Api.Tenancy;
using Gateway.Core.Binding;
using Gateway.Core.Json;
using Gateway.Core.Methods.Values;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Connections;
using Gateway.Core.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Startup;

/// <summary>What the host is made of.</summary>
public static class GatewayServices
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

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Random.Shared);
        services.AddSingleton(ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.Clarifai));
        services.AddSingleton(provider => HttpRoutes.Compile(provider.GetRequiredService<ApiSchema>()));
        services.AddSingleton<TenantDirectory>();
        services.AddUpstreamChannels(ChannelOptions);
        services.AddSingleton<SegmentPool>();
        services.AddSingleton<ByteBudget>();
        services.AddSingleton<BlockPools>();
        services.AddSingleton<IMemoryPoolFactory<byte>>(provider => provider.GetRequiredService<BlockPools>());
        services.AddHostedService<HeapTrim>();
        services.AddSingleton<StallGuard>();
        services.AddSingleton<ResumableStreams>();
        services.AddSingleton<CallServices>();

        services.AddSingleton(provider => new MessageJson(provider.GetRequiredService<ApiSchema>(), provider.GetRequiredService<CallServices>().JsonLimits));
        services.AddSingleton<MethodDirectory>();
        services.AddSingleton<MethodServices>();
        services.AddSingleton<ModelNames>();
        services.AddSingleton<ToolServices>();

        services.AddSingleton<HomeAssistantClient>();
        services.AddSingleton<Predictor>();

        services.AddSingleton<UpstreamTarget>();
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddOptions<HostOptions>().Configure<IOptions<GatewayOptions>>((host, gateway) => host.ShutdownTimeout = Drain.Total(gateway.Value.Shutdown));
        services.AddHostedService(provider => provider.GetRequiredService<UpstreamTarget>());
        services.AddHostedService<RejectedRequests>();
        services.AddHostedService<CameraScans>();
        services.AddHostedService<Banner>();
    }

    private static ChannelOptions ChannelOptions(IServiceProvider provider)
    {
        var upstream = provider.GetRequiredService<IOptions<GatewayOptions>>().Value.Upstream;
        return new ChannelOptions
        {
            MaxReceiveMessageSize = upstream.MaxResponseBytes,

            ConnectTimeout = upstream.ConnectTimeout,
            Tls = new UpstreamCertificates(upstream.Tls, provider.GetRequiredService<ILogger<UpstreamCertificates>>()).ForConnection,
            TimeProvider = provider.GetRequiredService<TimeProvider>(),
        };
    }
}
