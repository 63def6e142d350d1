using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>With TLS, one port serves the REST API and gRPC: the handshake says which HTTP it is.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-tls-");
    private readonly GatewayHost _gateway;

    public TlsTests()
    {
        using var certificate = TestCertificate.CreateForLoopback();
        Write(certificate);
        _gateway = GatewayHost.Start(
            null,
            ("urls", "https://127.0.0.1:0"),
            ("Gateway:Grpc:Url", ""),
            ("Kestrel:Certificates:Default:Path", CertificateFile),
            ("Kestrel:Certificates:Default:KeyPath", KeyFile));
    }

    private string CertificateFile => Path.Combine(_folder.FullName, "certificate.pem");

    private string KeyFile => Path.Combine(_folder.FullName, "key.pem");

    private Uri Address => new(_gateway.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public void Dispose()
    {
        _gateway.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task RestApi_OverEitherHttp_Answers(string version)
    {
        using var handler = new SocketsHttpHandler { SslOptions = Trust() };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, "/v2/models/text-sentiment"))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("authorization", "Key sandbox");

        using var response = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, version), (response.StatusCode, response.Version.ToString()));
    }

    [Fact]
    public async Task Grpc_OnTheSamePort_Answers()
    {
        await using var channel = new RawChannel(Address, Trust());

        var result = await channel.UnaryAsync("/clarifai.api.V2/ListModels", [], GrpcFront.Options("Key sandbox"));

        Assert.Equal(GrpcStatus.DefaultSuccess, result.Status);
    }

    /// <summary>Exactly as its documentation has it: the address is all that differs.</summary>
    [Fact]
    public async Task ClarifaisClient_OnTheSamePort_Predicts()
    {
        await using var program = await NodeProgram.StartAsync("clarifai-grpc-client.js", Address.Authority, "predict", "sandbox", CertificateFile);

        var response = JsonSerializer.Deserialize<JsonElement>(await program.ReadLineAsync());

        Assert.Equal(10000, response.GetProperty("status").GetProperty("code").GetInt32());
    }

    /// <summary>As the README has it: an endpoint of its own, whose certificate is renewed in place.</summary>
    [Fact]
    public async Task Certificate_ThatChanges_IsShownToNewConnections()
    {
        using var old = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
        using var renewed = TestCertificate.CreateForLoopback();
        var port = FreePort();
        await using var gateway = GatewayHost.Start(
            null,
            ("Gateway:Grpc:Url", ""),
            ("Kestrel:Endpoints:Https:Url", $"https://127.0.0.1:{port}"),
            ("Kestrel:Endpoints:Https:Certificate:Path", CertificateFile),
            ("Kestrel:Endpoints:Https:Certificate:KeyPath", KeyFile));
        Assert.Equal(old.Thumbprint, await ShownAsync(port));

        Write(renewed);

        using var limit = new CancellationTokenSource(StreamTesting.Limit);
        while (await ShownAsync(port) != renewed.Thumbprint)
        {
            await Task.Delay(10, limit.Token);
        }
    }

    // The key goes first: the two are read when the certificate changes.
    private void Write(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The thumbprint of the certificate that a new connection gets; null while the endpoint starts anew.
    private static async Task<string?> ShownAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            string? shown = null;
            await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
            {
                shown = certificate?.GetCertHashString();
                return shown is not null;
            });
            await tls.AuthenticateAsClientAsync("localhost");
            return shown;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return null;
        }
    }

    private SslClientAuthenticationOptions Trust() => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile) },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };
}
