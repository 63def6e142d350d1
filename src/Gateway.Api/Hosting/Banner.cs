using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;
using Gateway.Api.Upstream;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Hosting;

/// <summary>Says on the console, once the server listens, where it listens and what to try; not among JSON logs.</summary>
internal sealed class Banner(
    IServer server,
    GrpcListener grpc,
    UpstreamTarget upstream,
    IOptions<GatewayOptions> options,
    TenantDirectory tenants,
    IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Where programs read the output, it is log lines alone.
        if (options.Value.LogFormat != LogFormats.Json)
        {
            lifetime.ApplicationStarted.Register(Print);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Print()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses.Where(address => address != grpc.Address).Select(Reachable))
        {
            Console.Out.WriteLine(upstream.IsSandbox ? ForSandbox(address) : $"Gateway at {address}, upstream {upstream.Cluster}");
        }

        if (grpc.Address is { } also)
        {
            Console.Out.WriteLine($"gRPC, and HTTP/2 without TLS, at {Reachable(also)}");
        }
    }

    // "All addresses of this machine" is not one that a client can call.
    private static string Reachable(string address) => address.Replace("[::]", "localhost").Replace("0.0.0.0", "localhost");

    private string Keys => tenants.Current.PassesKeysThrough && options.Value.Sandbox.Keys is null
        ? "which accepts any key"
        : "with a configured key in place of 'sandbox'";

    private string ForSandbox(string address) =>
        $$$$"""

        Gateway at {{{{address}}}}, on the built-in sandbox, {{{{Keys}}}}. Try:

          curl -s {{{{address}}}}/v2/models/image-classifier/outputs -H 'Authorization: Key sandbox' \
            -d "{\"inputs\":[{\"data\":{\"image\":{\"base64\":\"$(base64 < samples/boats.png | tr -d '\n')\"}}}]}"

          curl -sN {{{{address}}}}/v2/models/text-generator/outputs/generate -H 'Authorization: Key sandbox' \
            -d '{"inputs":[{"data":{"text":{"raw":"The lighthouse"}}}]}'

        """;
}
