using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faults;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Commands;

/// <summary>The commands that are clients of a gateway: of one in their own process, on the sandbox, or of one that runs.</summary>
public sealed class ClientCommandTests : IDisposable
{
    private const string Key = "the-key-of-the-test";

    private static readonly string Samples = Path.Combine(Repository.Root, "samples");

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-command").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Models_AreLines()
    {
        var models = await GatewayCommand.RunAsync("models");

        Assert.Equal((0, ""), (models.ExitCode, models.Error));
        Assert.StartsWith("image-classifier\tvisual-classifier\tFormat, ", models.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models", "models")]
    [InlineData("methods", "methods", "text-generator")]
    [InlineData("outputs", "predict", "text-sentiment", "good")]
    public async Task Json_IsTheAnswerOfTheApi(string member, params string[] command)
    {
        var answer = await GatewayCommand.RunAsync([.. command, "--json"]);

        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.NotEmpty(JsonNode.Parse(answer.Output)![member]!.AsArray());
    }

    [Fact]
    public async Task Methods_AreTheirSignatures()
    {
        var methods = await GatewayCommand.RunAsync("methods", "text-generator");

        Assert.Equal((0, ""), (methods.ExitCode, methods.Error));
        Assert.StartsWith("predict(prompt: str, max_tokens: int = 64, ", methods.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_OnAPicture_ListsConcepts()
    {
        var answer = await GatewayCommand.RunAsync("predict", "image-classifier", Path.Combine(Samples, "lighthouse.jpg"));

        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.Equal(["jpeg\t100.0%", "medium\t100.0%", "portrait\t100.0%"], answer.Lines[..3]);
        Assert.Contains(answer.Lines, line => line.StartsWith("blue\t", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Predict_OnAText_ListsConcepts() =>
        await Prints("positive\t75.0%\nneutral\t25.0%\nnegative\t0.0%\n", "predict", "text-sentiment", "What a lovely day");

    [Fact]
    public async Task Predict_ListsRegions()
    {
        var regions = await GatewayCommand.RunAsync("predict", "region-detector", Path.Combine(Samples, "boats.png"));

        Assert.Equal(("1\t77.8%\t40.0%, 12.5%, 77.5%, 40.0%", 4, 0), (regions.Lines[0], regions.Lines.Length, regions.ExitCode));
    }

    [Fact]
    public async Task Predict_ThatHasNoWordsFor_IsJson()
    {
        var answer = await GatewayCommand.RunAsync("predict", "text-embedder", "tide");

        Assert.Equal(256, JsonNode.Parse(answer.Output)!["embeddings"]![0]!["vector"]!.AsArray().Count);
    }

    [Fact]
    public async Task Predict_OnStandardInput_TellsWhatItIs()
    {
        var text = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "What a lovely day\n", "predict", "text-sentiment", "-");

        Assert.Equal((0, "positive\t75.0%"), (text.ExitCode, text.Lines[0]));
    }

    [Theory]
    [InlineData("There is no file boats.png.", 1, "predict", "image-classifier", "boats.png")]
    [InlineData("404: Model does not exist: the sandbox has no model nope (request ", 1, "predict", "nope", "text")]
    [InlineData("404: Model does not exist: the sandbox has no model nope (request ", 1, "methods", "nope")]
    [InlineData("404: ", 1, "chat", "nope", "Hello")]
    [InlineData("The gateway at http://127.0.0.1:1 cannot be asked: Connection refused.", 1, "models", "--url", "http://127.0.0.1:1")]
    [InlineData("Gateway:Limits:MaxBodyBytes is greater than zero.", 1, "models", "--Gateway:Limits:MaxBodyBytes=0")]
    [InlineData("Nothing tells what the input is; say so by --kind image, video, audio or text.", 2, "predict", "image-classifier", "bytes.bin")]
    public async Task Failure_IsOneSentence(string beginning, int exitCode, params string[] command)
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "bytes.bin"), [0, 1, 2, 0xFF]);

        var failed = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", command);

        Assert.Equal((exitCode, ""), (failed.ExitCode, failed.Output));
        Assert.StartsWith(beginning, failed.Error, StringComparison.Ordinal);
        Assert.EndsWith(".", failed.Error.TrimEnd('\n'), StringComparison.Ordinal);
        Assert.DoesNotContain("\n", failed.Error.TrimEnd('\n'), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html", "<h1>Hello</h1>", "models")]
    [InlineData("application/json", "", "models", "--json")]
    [InlineData("application/json; charset=canary", "[]", "methods", "m")]
    [InlineData("application/json", "{}", "predict", "m", "text", "--json")]
    [InlineData("application/json", """{"models":"text"}""", "models")]
    [InlineData("application/json", "{}", "predict", "m", "https://example.com/x")]
    [InlineData("text/html", "<h1>Hello</h1>", "chat", "m", "Hello")]
    [InlineData("application/json", "{}", "chat", "m", "Hello")]
    [InlineData("text/event-stream", "data: Hello\n\n", "chat", "m", "Hello", "--json")]
    [InlineData("text/event-stream", "data: {}\n\n", "chat", "m", "Hello")]
    public async Task Answer_OfWhatIsNoGateway_IsOneSentence(string type, string answer, params string[] command)
    {
        await using var other = await AnswerAsync(type, answer);

        var failed = await GatewayCommand.RunAsync([.. command, "--url", other.Urls.First()]);

        Assert.Equal(
            (1, "", $"What is at {other.Urls.First()} is no gateway: its answer is not the API's JSON.\n"),
            (failed.ExitCode, failed.Output, failed.Error));
    }

    [Theory]
    [InlineData("", "The answer was cut off before its end.\n")]
    [InlineData("event: error\ndata: {\"error\":{\"message\":\"The model failed.\"}}\n\n", "The model failed.\n")]
    public async Task Chat_ThatDoesNotEndWell_IsAFaultOnALineOfItsOwn(string end, string error)
    {
        await using var other = await AnswerAsync("text/event-stream", "data: {\"choices\":[{\"delta\":{\"content\":\"Half\"}}]}\n\n" + end);

        var failed = await GatewayCommand.RunAsync("chat", "m", "Hello", "--url", other.Urls.First());

        Assert.Equal((1, "Half\n", error), (failed.ExitCode, failed.Output, failed.Error));
    }

    [Theory]
    [InlineData("> /dev/full")]
    [InlineData(">&-")]
    public async Task Output_ThatCannotBeWritten_IsAFault(string output)
    {
        var failed = await GatewayCommand.RunAsync(InShell($"models {output}"));

        Assert.Equal((1, "The output cannot be written.\n"), (failed.ExitCode, failed.Error));
    }

    [Fact]
    public async Task Output_ThatNobodyReadsToItsEnd_IsNoFault()
    {
        var lines = await GatewayCommand.RunAsync(InShell("config schema | head -1"));

        Assert.Equal((0, "{\n", ""), (lines.ExitCode, lines.Output, lines.Error));
    }

    [Theory]
    [InlineData("INPUT is empty.", "")]
    [InlineData("folder is a folder.", "folder")]
    [InlineData("The file empty.txt is empty.", "empty.txt")]
    [InlineData("The file blank.txt is empty.", "blank.txt")]
    [InlineData("Standard input is empty.", "-")]
    [InlineData("The file latin.txt is not text in UTF-8.", "latin.txt")]
    [InlineData("The file /dev/zero is larger than 128 MiB, the most that the API takes.", "/dev/zero")]
    public async Task Input_ThatCannotBeSent_IsRefused(string sentence, string input)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "folder"));
        await File.WriteAllBytesAsync(Path.Combine(_folder, "empty.txt"), []);
        await File.WriteAllTextAsync(Path.Combine(_folder, "blank.txt"), "\n");
        await File.WriteAllBytesAsync(Path.Combine(_folder, "latin.txt"), Encoding.Latin1.GetBytes("caf\u00e9"));

        var refused = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", "predict", "text-sentiment", input);

        Assert.Equal((1, "", $"{sentence}\n"), (refused.ExitCode, refused.Output, refused.Error));
    }

    [Fact]
    public async Task Text_IsSentWithoutItsByteOrderMark()
    {
        await using var upstream = await RecordingUpstream.StartAsync(call => Said($"[{PostModelOutputsRequest.Parser.ParseFrom(call.Request).Inputs[0].Data.Text.Raw}]"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "marked.txt"), "tide\n", Encoding.UTF8);

        var answer = await GatewayCommand.RunAsync(
            _folder, GatewayProcess.NoVariables, "", "predict", "m", "marked.txt", "--key", "k", $"--Gateway:Upstream:Address={upstream.Address}");

        Assert.Equal((0, "[tide]\n", ""), (answer.ExitCode, answer.Output, answer.Error));
    }

    [Theory]
    [InlineData("Standard input is empty.\n", "")]
    [InlineData("The prompt is empty.\n", " \n")]
    public async Task Chat_OnNothing_IsRefused(string sentence, string input)
    {
        var refused = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, input, "chat", "text-generator");

        Assert.Equal((1, "", sentence), (refused.ExitCode, refused.Output, refused.Error));
    }

    [Fact]
    public async Task Text_ThatBeginsWithAt_IsNoFileOfArguments()
    {
        var answer = await GatewayCommand.RunAsync("predict", "text-sentiment", "@bob has a lovely day");

        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
    }

    [Fact]
    public async Task Gateway_ThatRuns_IsAskedWithTheKey_WhichIsNeverTold()
    {
        await using var gateway = GatewayHost.Start(null, ("Gateway:Sandbox:Keys:0", Key));
        var url = gateway.Address.ToString();

        var byVariable = await GatewayCommand.RunAsync(_folder, new Dictionary<string, string> { ["GATEWAY_URL"] = url, ["GATEWAY_KEY"] = Key }, "", "models");
        var byOption = await GatewayCommand.RunAsync("models", "--url", url, "--key", Key);
        var refused = await GatewayCommand.RunAsync("models", "--url", url, "--key", "canary");
        var without = await GatewayCommand.RunAsync("models", "--url", url);

        Assert.Equal((0, 0, 1, 1), (byVariable.ExitCode, byOption.ExitCode, refused.ExitCode, without.ExitCode));
        Assert.StartsWith("401: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("the key to send is --key (or GATEWAY_KEY)", without.Error, StringComparison.Ordinal);
        Assert.Matches(@"\(request [^)]+\)\.\n$", without.Error);
        Assert.DoesNotContain(Key, byVariable.Output + byOption.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.Error + refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LocalGateway_IsTheConfiguredOne_ButForWhereItListens()
    {
        await using var upstream = await RecordingUpstream.StartAsync(call => Output(PostModelOutputsRequest.Parser.ParseFrom(call.Request).Inputs[0].Data));
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "appsettings.json"),
            $$"""
            {
              "AllowedHosts": "gateway.example.com",
              "Kestrel": { "Endpoints": { "A": { "Url": "http://192.0.2.1:1" } } },
              "Serilog": { "MinimumLevel": "Verbose" },
              "Gateway": {
                "Upstream": { "Address": "{{upstream.Address}}" },
                "Shutdown": { "Delay": "1h" },
                "Tenants": { "home": { "Keyless": true, "Pat": "p" } },
                "HomeAssistant": {
                  "Url": "http://127.0.0.1:1", "Token": "t",
                  "Scans": { "door": { "Camera": "camera.door", "Workflow": "w", "ScanInterval": "1s" } }
                }
              }
            }
            """);

        var byUrl = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", "predict", "user/app/models/m", "https://example.com/boats.png?size=1");
        var byKind = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", "predict", "m", "https://example.com/x", "--kind", "audio");

        Assert.Equal((0, "image https://example.com/boats.png?size=1\n", ""), (byUrl.ExitCode, byUrl.Output, byUrl.Error));
        Assert.Equal((0, "audio https://example.com/x\n", ""), (byKind.ExitCode, byKind.Output, byKind.Error));
    }

    [Theory]
    [InlineData("text-classifier", "text")]
    [InlineData("visual-classifier", "image")]
    public async Task Url_OfNothingThatTells_IsWhatTheModelTakes(string type, string kind)
    {
        await using var upstream = await RecordingUpstream.StartAsync(call => call.Path.EndsWith("/GetModel", StringComparison.Ordinal)
            ? new SingleModelResponse { Status = new Status { Code = StatusCode.Success }, Model = new Model { Id = "m", ModelTypeId = type } }
            : Output(PostModelOutputsRequest.Parser.ParseFrom(call.Request).Inputs[0].Data));

        var answer = await GatewayCommand.RunAsync("predict", "m", "https://example.com/x", "--key", "k", $"--Gateway:Upstream:Address={upstream.Address}");

        Assert.Equal((0, $"{kind} https://example.com/x\n", ""), (answer.ExitCode, answer.Output, answer.Error));
    }

    [Fact]
    public async Task Output_ThatFailed_IsAFault()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => new MultiOutputResponse
        {
            Status = new Status { Code = StatusCode.MixedStatus },
            Outputs = { new Output { Status = new Status { Code = StatusCode.Failure, Description = "Download failed", Details = "no host" } } },
        });

        var failed = await GatewayCommand.RunAsync("predict", "m", "text", "--key", "k", $"--Gateway:Upstream:Address={upstream.Address}");

        Assert.Equal((1, "The model failed: Download failed: no host.\n"), (failed.ExitCode, failed.Error));
    }

    [Fact]
    public async Task CtrlC_ReachesTheUpstream()
    {
        await using var upstream = new WatchfulUpstream([]);
        await using var command = GatewayProcess.LaunchCommand(_folder, "predict", "m", "text", "--key", "k", $"--Gateway:Upstream:Address={upstream.Address}");

        await upstream.Asked.WaitAsync(StreamTesting.Limit);
        await command.InterruptAsync();

        await upstream.Reset.WaitAsync(StreamTesting.Limit);
        Assert.Equal(130, await command.ExitAsync());
        Assert.Equal("", await command.ErrorAsync());
    }

    [Fact]
    public async Task Chat_OnAPrompt_IsTheAnswer() =>
        await Prints("stands on the harbour wall, looked at\n", "chat", "text-generator", "The lighthouse", "--max-tokens", "8");

    [Fact]
    public async Task Chat_OnStandardInput_IsTheAnswer()
    {
        var answer = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "The lighthouse\n", "chat", "text-generator", "--max-tokens", "8");

        Assert.Equal((0, "stands on the harbour wall, looked at\n", ""), (answer.ExitCode, answer.Output, answer.Error));
    }

    [Fact]
    public async Task Chat_AsJson_IsAChunkALine()
    {
        var chunks = await GatewayCommand.RunAsync("chat", "text-generator", "The lighthouse", "--max-tokens", "2", "--json");

        Assert.Equal(0, chunks.ExitCode);
        Assert.All(chunks.Lines, line => Assert.Equal("chat.completion.chunk", (string?)JsonNode.Parse(line)!["object"]));
        Assert.True(chunks.Lines.Length > 2);
    }

    /// <summary>The answer's second piece would take a day.</summary>
    [Fact]
    public async Task Chat_WritesWhatComesWhenItComes()
    {
        await using var command = GatewayProcess.LaunchCommand(_folder, "chat", "text-generator", "The lighthouse", "--json", "--Gateway:Sandbox:TokenDelay=1d");

        await command.LineAsync("\"role\":\"assistant\"");
        await command.InterruptAsync();

        Assert.Equal(130, await command.ExitAsync());
    }

    [Fact]
    public async Task Terminal_GetsATable_AndColoursUnlessTheyAreUnwanted()
    {
        var coloured = await GatewayCommand.RunAsync(OnTerminal("predict", "text-sentiment", "What a lovely day"));
        var plain = await GatewayCommand.RunAsync(OnTerminal("NO_COLOR=1", "predict", "text-sentiment", "What a lovely day"));

        Assert.Equal((0, 0), (coloured.ExitCode, plain.ExitCode));
        Assert.All([coloured, plain], result => Assert.Contains("Concept", result.Output, StringComparison.Ordinal));
        Assert.Matches(@"\u001b\[[0-9;]*(32|38;5;[0-9]+)m", coloured.Output);
        Assert.DoesNotMatch(@"\u001b\[[0-9;]*(3[0-7]|38;5;[0-9]+)m", plain.Output);
    }

    /// <summary>Each thing is said once the prompt for it is there, as somebody would type it.</summary>
    [Fact]
    public async Task Terminal_IsAConversation()
    {
        using var process = Process.Start(OnTerminal("chat", "text-generator", "--max-tokens", "4"))!;
        using var limit = new CancellationTokenSource(StreamTesting.Limit);
        await using var stopping = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        var said = new StringBuilder();
        foreach (var typed in new[] { "The lighthouse\n", "The harbour\n", "\u0004" })
        {
            said.Append(await ReadToPromptAsync(process.StandardOutput));
            await process.StandardInput.WriteAsync(typed);
            await process.StandardInput.FlushAsync(limit.Token);
        }

        await process.WaitForExitAsync(limit.Token);

        Assert.Equal(0, process.ExitCode);
        Assert.Contains("Talking to text-generator; Ctrl+D ends it.", said.ToString(), StringComparison.Ordinal);
        Assert.Contains("stands on the harbour", said.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> ReadToPromptAsync(StreamReader output)
    {
        var read = new StringBuilder();
        var next = new char[1];
        while (!read.ToString().EndsWith("> ", StringComparison.Ordinal))
        {
            Assert.True(await output.ReadAsync(next) > 0, $"The conversation ended: {read}");
            read.Append(next[0]);
        }

        return read.ToString();
    }

    // util-linux's script gives a command a terminal.
    private static ProcessStartInfo OnTerminal(params string[] command)
    {
        var variables = command.TakeWhile(word => word.StartsWith("NO_COLOR", StringComparison.Ordinal)).ToList();
        var program = Path.Combine(AppContext.BaseDirectory, "Gateway.Api.dll");
        var line = string.Join(' ', command.Skip(variables.Count).Prepend(program).Select(word => $"'{word}'"));
        return GatewayCommand.Start("script", "-qec", $"env TERM=xterm-256color {string.Join(' ', variables)} dotnet {line}", "/dev/null");
    }

    private static ProcessStartInfo InShell(string command) =>
        GatewayCommand.Start("sh", "-c", $"dotnet '{Path.Combine(AppContext.BaseDirectory, "Gateway.Api.dll")}' {command}");

    // Whatever it is asked.
    private static async Task<WebApplication> AnswerAsync(string type, string answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.ContentType = type;
            return context.Response.WriteAsync(answer);
        });
        await app.StartAsync();
        return app;
    }

    // Answers what it was asked, as text.
    private static MultiOutputResponse Output(Data data) =>
        Said(data.Image is { } image ? $"image {image.Url}" : data.Audio is { } audio ? $"audio {audio.Url}" : $"text {data.Text.Url}");

    private static MultiOutputResponse Said(string text) => new()
    {
        Status = new Status { Code = StatusCode.Success },
        Outputs =
        {
            new Output
            {
                Status = new Status { Code = StatusCode.Success },
                Data = new Data { Text = new Text { Raw = text } },
            },
        },
    };

    private static async Task Prints(string output, params string[] command)
    {
        var result = await GatewayCommand.RunAsync(command);

        Assert.Equal((0, output, ""), (result.ExitCode, result.Output, result.Error));
    }
}
