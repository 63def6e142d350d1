using Gateway.Api.Configuration;
using Gateway.Api.Faces.Admin;
using Gateway.Api.Faces.OpenAi;
using Gateway.Api.Lifetime;
using Gateway.Api.OpenApi;
using Gateway.Api.Tenancy;
using Gateway.Api.Upstream;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Hosting;

/// <summary>
/// Says on the console what starts and, once the server listens, where it listens and what to try; not among JSON logs. What an operator
/// has to know, it logs.
/// </summary>
internal sealed partial class Banner(
    IServer server,
    GrpcListener grpc,
    AdminListener admin,
    UpstreamTarget upstream,
    IOptions<GatewayOptions> options,
    TenantDirectory tenants,
    IHostApplicationLifetime lifetime,
    ILogger<Banner> logger) : IHostedService
{
    // Where programs read the output, it is log lines alone.
    private bool IsForPeople => options.Value.LogFormat != LogFormats.Json;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsForPeople)
        {
            Console.Out.WriteLine($"Clarifai gateway {GatewayVersion.Number}");
        }

        lifetime.ApplicationStarted.Register(Tell);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Tell()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (IsForPeople)
        {
            Print(addresses);
        }

        if (grpc.PassedOver is { } taken)
        {
            LogPassedOver(taken);
        }

        if (tenants.Current.Default is { } keyless && addresses.FirstOrDefault(IsOpen) is { } open)
        {
            LogOpen(keyless.Name, open);
        }
    }

    private void Print(ICollection<string> addresses)
    {
        foreach (var address in addresses.Where(address => address != grpc.Address && address != admin.Address).Select(Reachable))
        {
            Console.Out.WriteLine(
                upstream.IsSandbox
                    ? $"Gateway at {address}, on the built-in sandbox, {Keys}\n{Pages(address)}\n{Commands(address)}"
                    : $"Gateway at {address}, upstream {upstream.Cluster}\n{Pages(address)}");
        }

        if (admin.Address is { } operators)
        {
            Console.Out.WriteLine($"Admin API at {Reachable(operators)}{AdminEndpoints.Root}");
        }

        if (grpc.Address is { } also)
        {
            Console.Out.WriteLine($"gRPC, and HTTP/2 without TLS, at {Reachable(also)}");
        }
    }

    private bool IsOpen(string address) => address != admin.Address && !ListenAddresses.IsLoopback(address);

    // "All addresses of this machine" is not one that a client can call.
    private static string Reachable(string address) => address.Replace("[::]", "localhost").Replace("0.0.0.0", "localhost");

    private string Keys => tenants.Current.PassesKeysThrough && options.Value.Sandbox.Keys is null
        ? "which accepts any key"
        : "with a configured key in place of 'sandbox'";

    private static string Pages(string address) =>
        $"""

          {address}/  in a browser: a page to try models on
          {address}{OpenApiEndpoints.PagePath}  every route, to read and to try
          {address}{OpenAiEndpoints.Root}  the base address for OpenAI's clients

        """;

    private static string Commands(string address) =>
        $$$$"""
        Try:

          curl -s {{{{address}}}}/v2/models/image-classifier/outputs -H 'Authorization: Key sandbox' \
            -d "{\"inputs\":[{\"data\":{\"image\":{\"base64\":\"$(base64 < samples/boats.png | tr -d '\n')\"}}}]}"

          curl -sN {{{{address}}}}/v2/models/text-generator/outputs/generate -H 'Authorization: Key sandbox' \
            -d '{"inputs":[{"data":{"text":{"raw":"The lighthouse"}}}]}'

        """;

    [LoggerMessage(LogLevel.Warning,
        "No gRPC: something else listens at {Address}, the default of Gateway:Grpc:Url, which says where else, or nowhere when empty")]
    private partial void LogPassedOver(string address);

    [LoggerMessage(LogLevel.Warning,
        "The tenant {Tenant} needs no key, and the gateway listens at {Address}: whoever reaches that uses the tenant's token")]
    private partial void LogOpen(string tenant, string address);
}
