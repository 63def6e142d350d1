using Gateway.Grpc;
using Gateway.Interop.Client;
using Gateway.Interop.Foreign;
using Gateway.Interop.Server;
using Gateway.Testing;

namespace Gateway.Interop;

/// <summary>Every case that a foreign implementation knows, in both directions, without TLS and with it.</summary>
/// <param name="programs">The folder of the foreign programs.</param>
/// <param name="credentials">What TLS needs.</param>
/// <param name="report">Gets every result.</param>
internal sealed class InteropRun(string programs, TestCredentials credentials, Report report)
{
    // Each takes milliseconds; this ends one that hangs.
    private static readonly TimeSpan CaseTimeout = TimeSpan.FromSeconds(30);

    public async Task RunAsync()
    {
        foreach (ForeignImplementation foreign in ForeignImplementation.All)
        {
            foreach (bool tls in (bool[])[false, true])
            {
                await RunOurClientAsync(foreign, tls);
                await RunOurServerAsync(foreign, tls);
            }
        }
    }

    private async Task RunOurClientAsync(ForeignImplementation foreign, bool tls)
    {
        await using ForeignServer server = await ForeignServer.StartAsync(Path.Combine(programs, foreign.Name, "server"), tls);
        foreach (Case test in foreign.Cases)
        {
            report.Add($"Gateway.Grpc client, {foreign.Name} server, {Transport(tls)}", test.Name, await FailureOfOurClientAsync(test, server.Address));
        }
    }

    private async Task RunOurServerAsync(ForeignImplementation foreign, bool tls)
    {
        foreach (Case test in foreign.Cases)
        {
            report.Add($"{foreign.Name} client, Gateway.Grpc server, {Transport(tls)}", test.Name, await FailureOfOurServerAsync(foreign, test, tls));
        }
    }

    private async Task<string?> FailureOfOurClientAsync(Case test, Uri address)
    {
        await using var channel = new GrpcChannel(address, new GrpcChannelOptions { Tls = credentials.Client });
        try
        {
            await test.RunAsync(new TestServiceClient(channel)).WaitAsync(CaseTimeout, TimeProvider.System);
            return null;
        }
        catch (CaseFailedException failure)
        {
            return failure.Message;
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }

    // What the client says; or what the server logged, which calls that end well leave empty.
    private async Task<string?> FailureOfOurServerAsync(ForeignImplementation foreign, Case test, bool tls)
    {
        await using TestServer server = await TestServer.StartAsync(TestService.Map, certificate: tls ? credentials.Server : null);
        using var timeout = new CancellationTokenSource(CaseTimeout);
        string? failure = await ForeignClient.RunAsync(Path.Combine(programs, foreign.Name, "client"), test.Name, server.Address, timeout.Token);
        return failure ?? (server.Log.Entries.Count == 0 ? null : string.Join('\n', server.Log.Entries));
    }

    private static string Transport(bool tls) => tls ? "TLS" : "cleartext";
}
