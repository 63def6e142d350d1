using System.CommandLine;

namespace Gateway.Api.Commands;

/// <summary><c>completion SHELL</c>: the script that has a shell ask the program what may come next.</summary>
internal static class CompletionCommand
{
    // Each gives the parser's own directive the line and the place of the cursor in it.
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            # eval "$(gateway completion bash)"
            _gateway() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(gateway "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _gateway gateway
            """,
        ["zsh"] = """
            # eval "$(gateway completion zsh)", after compinit
            _gateway() {
              local -a words
              words=("${(@f)$(gateway "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              compadd -a words || _files
            }
            compdef _gateway gateway
            """,
        ["fish"] = """
            # gateway completion fish | source
            complete -c gateway -a '(gateway "[suggest:"(commandline -C)"]" (commandline -p) 2>/dev/null)'
            """,
        ["pwsh"] = """
            # gateway completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName gateway -ScriptBlock {
              param($word, $line, $cursor)
              gateway "[suggest:$cursor]" "$line" 2>$null |
                Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell." }.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Prints a script that has a shell complete commands and options.") { shell };
        command.SetAction(parsed => Screen.WriteLine(Scripts[parsed.GetRequiredValue(shell)]));
        return command;
    }
}
