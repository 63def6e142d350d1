using System.Net;
using System.Security.Cryptography.X509Certificates;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Configuration;

/// <summary>TLS to an upstream with an authority of its own that asks for the gateway's certificate.</summary>
public sealed class UpstreamTlsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-upstream-tls-");
    private readonly X509Certificate2 _authority = TestCertificate.CreateAuthority("Tests' authority");
    private readonly List<string> _clients = [];
    private TestServer? _upstream;

    private string CaFile => Path.Combine(_folder.FullName, "ca.pem");

    private string CertificateFile => Path.Combine(_folder.FullName, "client.pem");

    private string KeyFile => Path.Combine(_folder.FullName, "client.key");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(CaFile, _authority.ExportCertificatePem());
        _upstream = await StartUpstreamAsync();
    }

    public async Task DisposeAsync()
    {
        await _upstream!.DisposeAsync();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    [ProvesSetting("Gateway:Upstream:Tls:CaFile")]
    [ProvesSetting("Gateway:Upstream:Tls:CertificateFile")]
    [ProvesSetting("Gateway:Upstream:Tls:KeyFile")]
    public async Task Files_AreTheTrustAndTheIdentityOfConnections()
    {
        await WriteClientAsync("gateway");
        await using var gateway = Start(("CaFile", CaFile), ("CertificateFile", CertificateFile), ("KeyFile", KeyFile));

        Assert.Equal(10000, await CallAsync(gateway));
        Assert.Equal(["CN=gateway"], _clients);
    }

    [Fact]
    public async Task Key_InTheCertificatesFile_IsRead()
    {
        await WriteClientAsync("gateway");
        await File.AppendAllTextAsync(CertificateFile, "\n" + await File.ReadAllTextAsync(KeyFile));
        await using var gateway = Start(("CaFile", CaFile), ("CertificateFile", CertificateFile));

        Assert.Equal(10000, await CallAsync(gateway));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Authority_OrIdentityMissing_IsUnreachable(bool trusts, bool hasIdentity)
    {
        await WriteClientAsync("gateway");
        var settings = new List<(string, string)>();
        if (trusts)
        {
            settings.Add(("CaFile", CaFile));
        }

        if (hasIdentity)
        {
            settings.AddRange([("CertificateFile", CertificateFile), ("KeyFile", KeyFile)]);
        }

        await using var gateway = Start([.. settings]);

        Assert.Equal((int)StatusCode.RpcServerUnavailable, await CallAsync(gateway));
    }

    [Fact]
    public async Task Files_Change_NextConnectionUsesThem()
    {
        await WriteClientAsync("before");
        await using var gateway = Start(("CaFile", CaFile), ("CertificateFile", CertificateFile), ("KeyFile", KeyFile));
        await CallAsync(gateway);

        await WriteClientAsync("after");
        await CallAsync(gateway, streams: true);
        await File.WriteAllTextAsync(CertificateFile, "broken");
        await _upstream!.DisposeAsync();
        _upstream = await StartUpstreamAsync(_upstream.Address.Port);
        Assert.Equal(10000, await CallAsync(gateway));

        Assert.Equal(["CN=before", "CN=after", "CN=after"], _clients);
    }

    [Theory]
    [InlineData("CaFile", "/nowhere.pem", "Gateway:Upstream:Tls:CaFile is not a file")]
    [InlineData("CertificateFile", "/nowhere.pem", "Gateway:Upstream:Tls:CertificateFile and")]
    [InlineData("KeyFile", "/nowhere.key", "Gateway:Upstream:Tls:KeyFile needs")]
    public void File_ThatCannotBeRead_StopsTheStart(string setting, string file, string fault)
    {
        var failure = Assert.ThrowsAny<Exception>(() => GatewayHost.Start(new Uri("https://localhost"), ("Gateway:Upstream:Tls:" + setting, file)));

        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
    }

    private Task<TestServer> StartUpstreamAsync(int port = 0)
    {
        using var server = TestCertificate.CreateSigned(_authority, "upstream");
        return TestServer.StartAsync(
            app => app.MapAnyMethod(),
            certificate: X509CertificateLoader.LoadPkcs12(server.Export(X509ContentType.Pkcs12), null),
            endPoint: new IPEndPoint(IPAddress.Loopback, port),
            services: services => services.AddAnyMethod(AnswerAsync),
            tls: https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == _authority.Subject;
            });
    }

    private async Task<GrpcStatus> AnswerAsync(GrpcServerCall call)
    {
        using var request = await call.ReadSingleAsync();
        _clients.Add(call.HttpContext.Connection.ClientCertificate!.Subject);
        await call.WriteAsync(new MultiOutputResponse { Status = new Status { Code = StatusCode.Success } }.ToByteArray());
        return GrpcStatus.DefaultSuccess;
    }

    private async Task WriteClientAsync(string name)
    {
        using var client = TestCertificate.CreateSigned(_authority, name);
        using var key = client.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(CertificateFile, client.ExportCertificatePem());
        await File.WriteAllTextAsync(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    private GatewayHost Start(params (string Key, string Value)[] tls) => GatewayHost.Start(
        _upstream!.Address, [("Gateway:Upstream:Retry:MaxAttempts", "1"), .. tls.Select(setting => ("Gateway:Upstream:Tls:" + setting.Key, (string?)setting.Value))]);

    private static async Task<int> CallAsync(GatewayHost gateway, bool streams = false)
    {
        using var client = gateway.CreateClientWithKey();
        using var answer = await client.PostAsync("/v2/models/m/outputs" + (streams ? "/generate" : ""), new StringContent("{}"));
        var text = await answer.Content.ReadAsStringAsync();
        return streams ? 0 : (int)System.Text.Json.Nodes.JsonNode.Parse(text)!["status"]!["code"]!;
    }
}
