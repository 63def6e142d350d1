using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Configuration;

/// <summary>What the store's secrets are encrypted with, and what the admin API has to have, as settings say.</summary>
public sealed class StoreSettingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-store-settings").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [ProvesSetting("Gateway:Store:CertificateFile")]
    [ProvesSetting("Gateway:Store:CertificateKeyFile")]
    public async Task Certificate_StandsInPlaceOfAMasterKey(bool keyIsApart)
    {
        var own = await CertificateAsync("own", keyIsApart);
        var other = await CertificateAsync("other", keyIsApart);

        var added = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", ["tenant", "add", "acme", .. own]);
        var read = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", ["tenant", "list", .. own]);
        var byAnother = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", ["tenant", "list", .. other]);
        var byNone = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", "tenant", "list");

        Assert.Equal((0, "", 0), (added.ExitCode, added.Error, read.ExitCode));
        Assert.StartsWith("acme\t", read.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "gateway.db.key")));
        Assert.All([byAnother, byNone], refused => Assert.Equal((1, ""), (refused.ExitCode, refused.Output)));
    }

    [Theory]
    [InlineData("Gateway:Admin:KeySha256 is missing: it is the hash of the key that the admin API wants, and gateway key new makes both.", "--Gateway:Admin:Url=http://localhost:0")]
    [InlineData("Gateway:Admin:KeySha256 is not a SHA-256 in 64 hex digits.", "--Gateway:Admin:Url=http://localhost:0", "--Gateway:Admin:KeySha256=canary")]
    [InlineData("Gateway:Admin:Url is an http:// or https:// address to listen at, or empty.", "--Gateway:Admin:Url=canary", "--Gateway:Admin:KeySha256=0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Admin_WithoutWhatItNeeds_IsAFault(string sentence, params string[] settings)
    {
        var check = await GatewayCommand.RunAsync(["config", "check", .. settings]);

        Assert.Equal((2, sentence + "\n"), (check.ExitCode, check.Output));
    }

    private async Task<string[]> CertificateAsync(string name, bool keyIsApart)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var file = Path.Combine(_folder, $"{name}.crt");
        var keyFile = keyIsApart ? Path.Combine(_folder, $"{name}.key") : file;
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem() + "\n");
        await File.AppendAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(keyFile, UnixFileMode.UserRead);
        }

        return [$"--Gateway:Store:CertificateFile={file}", .. keyIsApart ? [$"--Gateway:Store:CertificateKeyFile={keyFile}"] : Array.Empty<string>()];
    }
}
