using System.CommandLine;
using System.Text;
using Gateway.Api.Hosting;

namespace Gateway.Api.Commands;

/// <summary>Where a token comes from: a file, a variable, standard input, or somebody who types it, unseen.</summary>
internal sealed class TokenSource
{
    private readonly Option<string?> _file = new("--file") { Description = "The file that holds the token.", HelpName = "FILE" };

    private readonly Option<string?> _variable = new("--env")
    {
        Description = "The environment variable that holds the token.",
        HelpName = "VARIABLE",
    };

    // Where somebody puts the token nevertheless. It would be told of as a word that is not known.
    private readonly Argument<string[]> _misplaced = new("…") { Arity = ArgumentArity.ZeroOrMore, Hidden = true };

    /// <summary>Adds its options to a command.</summary>
    public void AddOptionsTo(Command command)
    {
        command.Add(_file);
        command.Add(_variable);
        command.Add(_misplaced);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="CommandFault">There is none, or it was given where others see it.</exception>
    public async Task<string> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (file, variable) = (parsed.GetValue(_file), parsed.GetValue(_variable));
        if (parsed.GetValue(_misplaced) is { Length: > 0 })
        {
            throw Misuse("A token is no argument, which others on this machine see: it comes from standard input, or by --file or --env.");
        }

        if (file is not null && variable is not null)
        {
            throw Misuse("--file and --env stand in place of each other: leave one of them out.");
        }

        return variable is not null ? Environment.GetEnvironmentVariable(variable) is { Length: > 0 } held
                ? held
                : throw new CommandFault("The variable that --env names is empty, or not there.")
            : file is not null ? (await InputContent.OfFileAsync(file, cancellationToken)).Text
            : Console.IsInputRedirected ? (await InputContent.OfStandardInputAsync(cancellationToken)).Text
            : await Task.Run(Ask, cancellationToken).WaitAsync(cancellationToken);
    }

    // A terminal's read cannot be called off: the process ends above it.
    private static string Ask()
    {
        Console.Error.Write("Token (not shown): ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.Length > 0 ? typed.ToString() : throw new CommandFault("Nothing was typed.");
    }

    private static CommandFault Misuse(string sentence) => new(sentence, Arguments.ExitCode);
}
