using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Fuzz.Http;

/// <summary>The gateway as a process of its own, on the sandbox, with one tenant.</summary>
internal sealed class GatewayUnderTest : IDisposable
{
    /// <summary>The tenant's key.</summary>
    public const string Key = "fuzz";

    private const string Rest = "Gateway at ";
    private const string Both = "gRPC, and HTTP/2 without TLS, at ";

    private readonly Process _process;

    private GatewayUnderTest(Process process, IPEndPoint http, IPEndPoint http2)
    {
        _process = process;
        Http = http;
        Http2 = http2;
    }

    /// <summary>Where it speaks HTTP/1.1.</summary>
    public IPEndPoint Http { get; }

    /// <summary>Where it speaks HTTP/2.</summary>
    public IPEndPoint Http2 { get; }

    /// <summary>Whether it has not ended.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>Starts one, and waits until it listens.</summary>
    public static async Task<GatewayUnderTest> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "Gateway.Api.dll"), "--urls", "http://127.0.0.1:0", "--Gateway:Grpc:Url", "http://127.0.0.1:0",
            "--Gateway:Sandbox:TokenDelay", "0s", "--Serilog:MinimumLevel:Default", "Error", "--Gateway:Tenants:fuzz:Pat", "pat",
            "--Gateway:Tenants:fuzz:KeySha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
        ])
        { RedirectStandardOutput = true })!;
        IPEndPoint? http = null;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Rest, StringComparison.Ordinal))
            {
                http = At(line[Rest.Length..].Split(',')[0]);
            }

            if (line.StartsWith(Both, StringComparison.Ordinal))
            {
                _ = ShowAsync(process.StandardOutput);
                return new GatewayUnderTest(process, http!, At(line[Both.Length..]));
            }
        }

        throw new InvalidOperationException("The gateway does not start.");
    }

    public void Dispose()
    {
        if (IsAlive)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    // What it logs are errors alone; a full pipe would stop it.
    private static async Task ShowAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            await Console.Error.WriteLineAsync(line);
        }
    }

    private static IPEndPoint At(string address) => IPEndPoint.Parse(new Uri(address).Authority);
}
