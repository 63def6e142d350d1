using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Hosting;

/// <summary>
/// A gateway that is told to stop before it has started ends as one that has started. It reads a file that holds it up until the test has
/// told it: a named pipe.
/// </summary>
public sealed class StopDuringStartTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-stop").FullName;
    private readonly X509Certificate2 _certificate = TestCertificate.CreateForLoopback();

    private string Pipe => Path.Combine(_folder, "pipe");

    public async Task InitializeAsync()
    {
        using var make = Process.Start("mkfifo", [Pipe]);
        await make.WaitForExitAsync();
    }

    public Task DisposeAsync()
    {
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Nothing of the host is there yet that could take the signal; its start finds that it is over.</summary>
    [Fact]
    public async Task Terminate_WhileTheSettingsAreRead_EndsQuietly()
    {
        await using var gateway = GatewayProcess.Launch(
            _folder, GatewayProcess.NoVariables, "--urls", "http://127.0.0.1:0", "--Gateway:LogFormat", "json", "--Gateway:Upstream:Tls:CaFile", Pipe);
        await using var pipe = await OpenAsync(gateway);

        await gateway.TerminateAsync();
        await WriteAsync(pipe, _certificate.ExportCertificatePem());

        Assert.Equal((0, ""), (await gateway.ExitAsync().WaitAsync(Limit), await gateway.ErrorAsync()));
    }

    // A pipe opens when it is opened for reading, too.
    private async Task<FileStream> OpenAsync(GatewayProcess gateway)
    {
        var opening = Task.Run(() => new FileStream(Pipe, FileMode.Open, FileAccess.Write));
        Assert.Same(opening, await Task.WhenAny(opening, gateway.ExitAsync()).WaitAsync(Limit));
        return await opening;
    }

    private static async Task WriteAsync(FileStream pipe, string text)
    {
        await using var writer = new StreamWriter(pipe);
        await writer.WriteAsync(text);
    }
}
