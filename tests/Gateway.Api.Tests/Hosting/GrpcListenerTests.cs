using System.Net;
using System.Net.Sockets;
using Gateway.Api.Configuration;
using Gateway.Api.Hosting;
using Gateway.Api.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Api.Tests.Hosting;

/// <summary>Where the gateway listens: at its addresses as ever, and for HTTP/2 without TLS at one of its own.</summary>
public sealed class GrpcListenerTests
{
    [Fact]
    public async Task RestApi_AtTheListener_IsHttp2()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        Assert.Equal(HttpVersion.Version20, await AnsweredVersionAsync(client, gateway.GrpcAddress, HttpVersion.Version20));
        Assert.Equal(HttpVersion.Version11, await AnsweredVersionAsync(client, client.BaseAddress!, HttpVersion.Version11));
    }

    [Theory]
    [InlineData("Kestrel:Endpoints:Mine:Url", "http://127.0.0.1:0", 2)]
    [InlineData("urls", "http://127.0.0.1:0;http://127.0.0.1:0", 3)]
    public async Task Addresses_OfTheUsersOwn_AreListenedAtAsWell(string setting, string value, int count)
    {
        await using var gateway = GatewayHost.Start(null, (setting, value));
        using var client = gateway.CreateClientWithKey();

        var others = AddressesOf(gateway).Where(address => address != gateway.GrpcAddress).ToList();

        Assert.Equal(count - 1, others.Count);
        foreach (var address in others)
        {
            Assert.Equal(HttpVersion.Version11, await AnsweredVersionAsync(client, address, HttpVersion.Version11));
        }
    }

    [Fact]
    [ProvesSetting("Gateway:Grpc:Url")]
    public async Task Listener_WithoutUrl_IsNotThere()
    {
        await using var gateway = GatewayHost.Start(null, ("Gateway:Grpc:Url", ""));

        Assert.Null(gateway.Services.GetRequiredService<GrpcListener>().Address);
        Assert.Single(AddressesOf(gateway));
    }

    /// <summary>As where another gateway has the port that is there by default.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Port_ThatIsTaken_IsPassedOver_WhereNobodyAskedForIt(bool isAskedFor)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://localhost:{((IPEndPoint)taken.LocalEndpoint).Port}";
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Configuration["Gateway:Grpc:Url"] = isAskedFor ? url : null;
        GrpcListener.AddTo(builder, new GrpcOptions { Url = url });
        await using var app = builder.Build();

        var failure = await Record.ExceptionAsync(() => app.StartAsync());

        Assert.Equal(isAskedFor ? null : url, app.Services.GetRequiredService<GrpcListener>().PassedOver);
        Assert.Equal(isAskedFor ? typeof(IOException) : null, failure?.GetType());
    }

    private static IEnumerable<Uri> AddressesOf(GatewayHost gateway) =>
        gateway.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address));

    private static async Task<Version> AnsweredVersionAsync(HttpClient client, Uri address, Version version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/v2/models/text-sentiment"))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Version;
    }
}
