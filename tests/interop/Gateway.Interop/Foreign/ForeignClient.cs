namespace Gateway.Interop.Foreign;

/// <summary>A foreign interop client, run once for each case.</summary>
internal static class ForeignClient
{
    /// <summary>Runs one case against a server.</summary>
    /// <returns>What the client says when it does not pass; null when it does.</returns>
    public static async Task<string?> RunAsync(string program, string test, Uri server, CancellationToken timeout)
    {
        await using ForeignProcess process = ForeignProcess.Start(program, Arguments(test, server));
        try
        {
            int exitCode = await process.WaitAsync(timeout);
            return exitCode == 0 ? null : $"exit code {exitCode}\n{process.Output}";
        }
        catch (OperationCanceledException)
        {
            return $"does not come to an end\n{process.Output}";
        }
    }

    private static string[] Arguments(string test, Uri server)
    {
        string[] plain = [$"--test_case={test}", $"--server_host={server.Host}", $"--server_port={server.Port}"];
        return server.Scheme == Uri.UriSchemeHttps
            ? [.. plain, "--use_tls=true", "--use_test_ca=true", $"--server_host_override={TestCredentials.ServerName}"]
            : plain;
    }
}
