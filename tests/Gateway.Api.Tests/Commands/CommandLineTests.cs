using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Commands;

/// <summary>The command line itself: what it offers, what it refuses, and that a plain start has nothing of it.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--urls", "nowhere", "--help")]
    public async Task Help_ListsTheCommands_AndStartsNothing(params string[] arguments)
    {
        var help = await GatewayCommand.RunAsync(arguments);

        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.All(["config", "tenant", "key", "pat", "usage", "audit", "models", "predict", "chat", "methods", "completion", "--port"], name => Assert.Contains($"  {name} ", help.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("Gateway at", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_OfACommand_HasItsOptions()
    {
        var help = await GatewayCommand.RunAsync("predict", "--help");

        Assert.Equal(0, help.ExitCode);
        Assert.All(["--json", "--url", "--key", "--kind", "MODEL", "INPUT"], name => Assert.Contains(name, help.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("prdict is no command; did you mean predict?", "prdict", "m", "x")]
    [InlineData("Argument 1 is no command; gateway --help lists them.", "canary")]
    [InlineData("--foo is no option of predict; gateway predict --help lists them.", "predict", "m", "x", "--foo")]
    [InlineData("--jsn is no option of predict; did you mean --json?", "predict", "--jsn", "x")]
    [InlineData("--Gatway:Upstream:Address is no option of models; did you mean --Gateway:Upstream:Address?", "models", "--Gatway:Upstream:Address=http://canary")]
    [InlineData("chek is no command of config; did you mean check?", "config", "chek")]
    [InlineData("config is followed by check or schema.", "config")]
    [InlineData("key is followed by new or create or list or set or rotate or revoke.", "key")]
    [InlineData("tenant is followed by add or list or show or set or remove.", "tenant")]
    [InlineData("--set is NAME=VALUE, as in Limits:RequestsPerSecond=10. See gateway tenant add --help.", "tenant", "add", "acme", "--set", "canary")]
    [InlineData("--expires is a time in UTC, as 2030-01-31T00:00:00Z, one from now on, as 24d or 12h, or never. See gateway key create --help.", "key", "create", "acme", "--expires", "canary")]
    [InlineData("--overlap is a time with a unit (ms, s, m, h, d), as in 2h, up to 24 days. See gateway key rotate --help.", "key", "rotate", "acme", "--overlap", "30")]
    [InlineData("A token is no argument, which others on this machine see: it comes from standard input, or by --file or --env.", "pat", "set", "acme", "canary")]
    [InlineData("--file and --env stand in place of each other: leave one of them out.", "pat", "set", "acme", "--file", "f", "--env", "e")]
    [InlineData("Required argument 'INPUT' missing for command: 'predict'. See gateway predict --help.", "predict", "m")]
    [InlineData("Unrecognized command or argument 'b'. See gateway models --help.", "models", "b")]
    [InlineData("--Gateway:LogFormat has no value; one that begins with -- is written as --Gateway:LogFormat=value.", "models", "--Gateway:LogFormat")]
    [InlineData("MODEL is an id, user/app/models/id or https://clarifai.com/user/app/models/id, each perhaps with /versions/id.", "predict", "a/b", "x")]
    [InlineData("--url (or GATEWAY_URL) is http://host:port, perhaps with a path.", "models", "--url", "canary")]
    [InlineData("--url (or GATEWAY_URL) is http://host:port, perhaps with a path.", "models", "--url", "http://canary:secret@host")]
    [InlineData("--key (or GATEWAY_KEY) is not a key: it has signs that no header takes.", "models", "--key", "can\u00e4ry")]
    [InlineData("--key (or GATEWAY_KEY) is empty.", "models", "--key", "")]
    [InlineData("--key (or GATEWAY_KEY) is the key alone, without Bearer or Key before it.", "models", "--key", "Bearer canary")]
    [InlineData("--page is a whole number from 1 to 2147483647. See gateway models --help.", "models", "--page", "0")]
    [InlineData("--max-tokens is a whole number from 1 to 2147483647. See gateway chat --help.", "chat", "m", "x", "--max-tokens", "canary")]
    [InlineData("Argument 'bsh' not recognized. Must be one of: 'bash', 'zsh', 'fish', 'pwsh'. See gateway completion --help.", "completion", "bsh")]
    [InlineData("help is no command; did you mean --help?", "help")]
    [InlineData("version is no command; did you mean --version?", "version")]
    public async Task Mistake_IsToldInASentence(string sentence, params string[] arguments)
    {
        var refused = await GatewayCommand.RunAsync(arguments);

        Assert.Equal((2, "", sentence), (refused.ExitCode, refused.Output, refused.Error.TrimEnd('\n')));
    }

    [Fact]
    public async Task Port_IsListenedAt()
    {
        await using var gateway = await GatewayProcess.StartAsync(AppContext.BaseDirectory, GatewayProcess.NoVariables, "--port", "0");

        Assert.Equal("127.0.0.1", gateway.Address.Host);
        using var client = new HttpClient { BaseAddress = gateway.Address };
        Assert.Equal("live", await client.GetStringAsync("/healthz/live"));
    }

    /// <summary>A start is paid for by everybody: what only commands are made of is not read by one.</summary>
    [Fact]
    public async Task Start_LoadsNothingOfTheCommandLine()
    {
        await using var gateway = await GatewayProcess.StartAsync(AppContext.BaseDirectory, GatewayProcess.NoVariables, "--urls", "http://127.0.0.1:0");

        await using var command = GatewayProcess.LaunchCommand(
            AppContext.BaseDirectory, "chat", "text-generator", "Hello", "--json", "--Gateway:Sandbox:TokenDelay=1d");
        await command.LineAsync("chat.completion.chunk");

        var started = await File.ReadAllTextAsync($"/proc/{gateway.Id}/maps");
        var commanded = await File.ReadAllTextAsync($"/proc/{command.Id}/maps");

        Assert.All([started, commanded], loaded => Assert.Contains("/Serilog.dll", loaded, StringComparison.Ordinal));
        Assert.Contains("/System.CommandLine.dll", commanded, StringComparison.Ordinal);
        Assert.DoesNotContain("/System.CommandLine.dll", started, StringComparison.Ordinal);
        Assert.DoesNotContain("/Spectre.Console", started, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "gateway pre", 11, "predict")]
    [InlineData("zsh", "gateway config ", 15, "check")]
    [InlineData("fish", "gateway models --js", 19, "--json")]
    [InlineData("pwsh", "gateway completion ", 19, "pwsh")]
    public async Task Completion_HasAScript_AndAnswersIt(string shell, string line, int cursor, string suggestion)
    {
        var script = await GatewayCommand.RunAsync("completion", shell);
        var suggested = await GatewayCommand.RunAsync($"[suggest:{cursor}]", line);

        Assert.Equal((0, ""), (script.ExitCode, script.Error));
        Assert.Contains("[suggest:", script.Output, StringComparison.Ordinal);
        Assert.Contains(suggestion, suggested.Lines);
    }

    [Fact]
    public async Task Completion_OfBash_CompletesInBash()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Gateway.Api.dll");
        var completed = await GatewayCommand.RunAsync(GatewayCommand.Start(
            "bash",
            "-c",
            $"gateway() {{ dotnet '{program}' \"$@\"; }}; eval \"$(gateway completion bash)\"; COMP_LINE='gateway pr' COMP_POINT=10 COMP_WORDS=(gateway pr) COMP_CWORD=1; "
                + "_gateway; echo \"${COMPREPLY[@]}\""));

        Assert.Equal((0, "predict\n", ""), (completed.ExitCode, completed.Output, completed.Error));
    }

    [Fact]
    public async Task Key_New_IsAKeyThatTheGatewayKnowsByItsHash()
    {
        var made = await GatewayCommand.RunAsync("key", "new");
        var key = made.Lines[0].Split(' ')[^1];
        var hash = made.Lines[1].Split(' ')[^1];
        await using var gateway = GatewayHost.Start(null, ("Gateway:Tenants:a:Pat", "p"), ("Gateway:Tenants:a:KeySha256", hash));
        using var client = gateway.CreateClientWithKey(key);

        using var answer = await client.GetAsync("/v2/models");

        Assert.Matches("^cgw_[A-Za-z0-9_-]{49}$", key);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Contains("Gateway__Tenants__<name>__KeySha256", made.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
    }

    [Fact]
    public async Task Key_New_AsJson_IsAnObject_AndAnotherEachTime()
    {
        var first = await GatewayCommand.RunAsync("key", "new", "--json");
        var second = await GatewayCommand.RunAsync("key", "new", "--json");

        Assert.Matches("^\\{\"key\":\"cgw_[A-Za-z0-9_-]{49}\",\"keySha256\":\"[0-9a-f]{64}\"\\}\n$", first.Output);
        Assert.NotEqual(first.Output, second.Output);
    }
}
