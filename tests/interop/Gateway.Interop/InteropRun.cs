using Gateway.Interop.Client;
using Gateway.Interop.Foreign;

namespace Gateway.Interop;

/// <summary>Every case that a foreign server knows, without TLS and with it.</summary>
/// <param name="programs">The folder of the foreign programs.</param>
/// <param name="credentials">What TLS needs.</param>
/// <param name="report">Gets every result.</param>
internal sealed class InteropRun(string programs, TestCredentials credentials, Report report)
{
    // Each takes milliseconds; this ends one that hangs.
    private static readonly TimeSpan CaseTimeout = TimeSpan.FromSeconds(30);

    public async Task RunAsync()
    {
        foreach (var foreign in ForeignImplementation.All)
        {
            foreach (var tls in (bool[])[false, true])
            {
                await RunAsync(foreign, tls);
            }
        }
    }

    private async Task RunAsync(ForeignImplementation foreign, bool tls)
    {
        await using var server = await ForeignServer.StartAsync(Path.Combine(programs, foreign.Name, "server"), tls);
        foreach (var test in foreign.Cases)
        {
            report.Add($"{foreign.Name} server, {(tls ? "TLS" : "cleartext")}", test.Name, await FailureAsync(test, server.Address));
        }
    }

    private async Task<string?> FailureAsync(Case test, Uri address)
    {
        await using var client = new TestServiceClient(address, credentials.Client);
        try
        {
            await test.RunAsync(client).WaitAsync(CaseTimeout, TimeProvider.System);
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
}
