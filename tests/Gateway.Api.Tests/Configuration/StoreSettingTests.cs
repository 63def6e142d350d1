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

    [Theory]
    [InlineData("Gateway:Store:Path is empty; leave it out for gateway.db.", "--Gateway:Store:Path=")]
    [InlineData("Gateway:Store:MasterKeyFile is empty; leave it out for the file beside the store.", "--Gateway:Store:MasterKeyFile=")]
    [InlineData("Gateway:Store:ConnectionString is empty; leave it out for a store in a file.", "--Gateway:Store:ConnectionString=")]
    public async Task Setting_ThatIsEmpty_IsAFault_OfEveryCommand(string sentence, string setting)
    {
        var check = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", "config", "check", setting);
        var add = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", "tenant", "add", "a", setting);

        Assert.Equal((2, sentence + "\n"), (check.ExitCode, check.Output));
        Assert.NotEqual(0, add.ExitCode);
        Assert.Contains(sentence, add.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Theory]
    [InlineData("Gateway:Store:ConnectionString is not a connection string of PostgreSQL (Npgsql).", "--Gateway:Store:ConnectionString=canary")]
    [InlineData("The file of Gateway:Store:CertificateFile, or of its key, is not there or cannot be read.", "--Gateway:Store:Path=x.db", "--Gateway:Store:CertificateFile=canary")]
    [InlineData("The file of Gateway:Store:MasterKeyFile is not 32 bytes in base64.", "--Gateway:Store:Path=x.db", "--Gateway:Store:MasterKeyFile=bad.key")]
    public async Task Store_ThatAStartCouldNotOpen_IsAFault(string sentence, params string[] settings)
    {
        var file = Path.Combine(_folder, "bad.key");
        await File.WriteAllTextAsync(file, "canary");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
        }

        var check = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", ["config", "check", .. settings]);

        Assert.Equal((2, sentence + "\n"), (check.ExitCode, check.Output));
        Assert.False(File.Exists(Path.Combine(_folder, "x.db")));
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
