using System.CommandLine;
using System.CommandLine.Parsing;
using Gateway.Api.Configuration;
using Gateway.Api.Hosting;

namespace Gateway.Api.Commands;

/// <summary>
/// What the program does besides serving: <c>gateway COMMAND</c>, <c>--help</c>, <c>--version</c>. A plain start asks
/// <see cref="IsCommand"/> and nothing else, so that it loads none of what commands are made of.
/// </summary>
internal static class CommandLine
{
    /// <summary>The name of the program, as it is installed.</summary>
    public const string ProgramName = "gateway";

    private const string EndOfOptions = "--";
    private const char Sign = '-';

    /// <summary>Whether the command line asks for something else than to serve.</summary>
    public static bool IsCommand(string[] arguments) =>
        arguments is [var first, ..]
        && (!first.StartsWith(EndOfOptions, StringComparison.Ordinal) || Array.Exists(arguments, IsQuestion));

    /// <summary>Runs a command.</summary>
    /// <param name="arguments">The whole command line.</param>
    /// <param name="build">Builds the gateway, for commands that are its clients: with settings, and what else is to change.</param>
    /// <returns>
    /// The exit code: 0; 1 for what went wrong; <see cref="Arguments.ExitCode"/> for a command line or a configuration that cannot be
    /// used; <see cref="CommandFault.Interrupted"/> after Ctrl+C.
    /// </returns>
    public static async Task<int> RunAsync(string[] arguments, Func<string[], Action<WebApplicationBuilder>, WebApplication> build)
    {
        try
        {
            return await InvokeAsync(arguments, build);
        }
        catch (CommandFault failure)
        {
            return End(failure.Message, failure.ExitCode);
        }
        catch (OperationCanceledException)
        {
            return CommandFault.Interrupted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Files, standard input and the network have their own sentences, nearer to them.
            return End("The output cannot be written.", CommandFault.Failed);
        }
        catch (Exception failure)
        {
            return End($"The command failed by a fault of its own: {failure.GetType().Name}.", CommandFault.Failed);
        }
    }

    private static Task<int> InvokeAsync(string[] arguments, Func<string[], Action<WebApplicationBuilder>, WebApplication> build)
    {
        var read = Arguments.Read(arguments);
        if (read.Faults is [var fault, ..])
        {
            throw new CommandFault(fault, Arguments.ExitCode);
        }

        // A text that begins with @ is a text, and no file of arguments.
        var parsed = CreateRoot(read.Settings, build).Parse(read.Others, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return FaultOf(parsed, arguments) is { } misused
            ? throw new CommandFault(misused, Arguments.ExitCode)
            : parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private static RootCommand CreateRoot(string[] settings, Func<string[], Action<WebApplicationBuilder>, WebApplication> build)
    {
        var root = new RootCommand(
            "An HTTP gateway to the Clarifai AI platform. Without a command it serves. Settings are options too, of every command, as in "
                + "--Gateway:Upstream:Address=http://host:port.")
        {
            HelpName = ProgramName,
        };

        // Said for the help alone: a command line without a command does not come here, and Arguments reads the port.
        root.Add(new Option<int?>(Arguments.Port) { Description = "The port to listen at, on localhost (or --urls).", HelpName = "N" });
        var clients = new ClientFactory(settings, build);
        root.Add(ConfigCommands.Create(settings));
        root.Add(TenantCommands.Create(settings));
        root.Add(KeyCommand.Create(settings));
        root.Add(PatCommands.Create(settings));
        root.Add(ReportCommands.Usage(settings));
        root.Add(ReportCommands.Audit(settings));
        root.Add(ModelsCommand.Create(clients));
        root.Add(PredictCommand.Create(clients));
        root.Add(ChatCommand.Create(clients));
        root.Add(MethodsCommand.Create(clients));
        root.Add(CompletionCommand.Create());
        return root;
    }

    private static string? FaultOf(ParseResult parsed, string[] arguments)
    {
        if (parsed.Action is { ClearsParseErrors: true })
        {
            return null; // help
        }

        var command = parsed.CommandResult.Command;
        return command is RootCommand ? FaultOfRoot(parsed, command, arguments)
            : UnknownOption(parsed, arguments) is { } option ? FaultOfOption(command, option)
            : parsed.Errors.Count == 0 ? null
            : command.Subcommands.Count > 0 ? FaultOfGroup(command, parsed.UnmatchedTokens)
            : $"{Sentence(parsed.Errors[0].Message)} See {ProgramName} {PathOf(command)} --help.";
    }

    // Without a command, there are the version and the shell's questions.
    private static string? FaultOfRoot(ParseResult parsed, Command root, string[] arguments) =>
        parsed.Tokens.Any(token => token.Type is TokenType.Option or TokenType.Directive) ? null
        : arguments[0].StartsWith(Sign) ? Arguments.ReadForServing(arguments).Faults[0]
        : arguments[0] is "help" or "version" ? $"{arguments[0]} is no command; did you mean --{arguments[0]}?"
        : Nearest(arguments[0], root) is { } nearest ? $"{arguments[0]} is no command; did you mean {nearest}?"
        : $"Argument 1 is no command; {ProgramName} --help lists them.";

    // The parser writes values that are allowed on lines of their own.
    private static string Sentence(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 1 ? message : $"{lines[0]} {string.Join(", ", lines[1..])}.";
    }

    // The parser takes an option that it does not know for an argument, where there may be one.
    private static string? UnknownOption(ParseResult parsed, string[] arguments)
    {
        var mayBeOptions = arguments.TakeWhile(argument => argument != EndOfOptions).ToHashSet();
        return parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Select(token => token.Value).Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(word => word.Length > 1 && word.StartsWith(Sign) && mayBeOptions.Contains(word));
    }

    private static string FaultOfOption(Command command, string option)
    {
        var name = option.Split('=', 2)[0];
        var first = name.Split(':', 2)[0];
        string[] known = [.. command.Options.Select(one => one.Name), .. Arguments.RootNames.Select(setting => EndOfOptions + setting)];
        return NearestName.To(first, known) is { } nearest
            ? $"{name} is no option of {command.Name}; did you mean {nearest}{name[first.Length..]}?"
            : $"{name} is no option of {command.Name}; {ProgramName} {PathOf(command)} --help lists them.";
    }

    private static string FaultOfGroup(Command group, IReadOnlyList<string> words) =>
        words is [var word, ..] && Nearest(word, group) is { } nearest
            ? $"{word} is no command of {group.Name}; did you mean {nearest}?"
            : $"{group.Name} is followed by {string.Join(" or ", group.Subcommands.Select(command => command.Name))}.";

    private static string? Nearest(string word, Command group) =>
        NearestName.To(word, group.Subcommands.Select(command => command.Name));

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
            ? $"{PathOf(parent)} {command.Name}"
            : command.Name;

    private static bool IsQuestion(string argument) => argument is "--help" or "-h" or "-?" or "--version";

    private static int End(string sentence, int exitCode)
    {
        try
        {
            Console.Error.WriteLine(sentence);
        }
        catch (IOException)
        {
            // There is nobody left to tell.
        }

        return exitCode;
    }
}
