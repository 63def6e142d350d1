namespace Gateway.Api.Commands;

/// <summary>What ends a command: one sentence for standard error, which never tells a key.</summary>
internal sealed class CommandFault(string sentence, int exitCode = CommandFault.Failed) : Exception(sentence)
{
    /// <summary>The exit code of what went wrong.</summary>
    public const int Failed = 1;

    /// <summary>The exit code after Ctrl+C, as shells have it: 128 and the number of SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; } = exitCode;
}
