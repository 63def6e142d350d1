using System.Diagnostics;
using Clarifai.Api;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Faces.Methods.MethodUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Methods;

/// <summary>The code that the gateway gives away, run by what it is written for.</summary>
public sealed class SnippetTests
{
    private const string Key = "a-key";

    private static readonly Dictionary<string, (string Program, string[] Arguments, string File)> Runners = new()
    {
        ["curl"] = ("bash", [], "snippet.sh"),
        ["python"] = ("python3", [], "snippet.py"),
        ["javascript"] = ("node", [], "snippet.js"),
        ["csharp"] = ("dotnet", ["run"], "snippet.cs"),
        ["go"] = ("go", ["run"], "snippet.go"),
    };

    public static TheoryData<string, RunnerMethodType> Snippets
    {
        get
        {
            var all = new TheoryData<string, RunnerMethodType>();
            foreach (var language in Runners.Keys)
            {
                all.Add(language, RunnerMethodType.UnaryUnary);
                all.Add(language, RunnerMethodType.UnaryStreaming);
                all.Add(language, RunnerMethodType.StreamingStreaming);
            }

            return all;
        }
    }

    /// <summary>The method's names try to break out of every language's literals.</summary>
    [Theory, MemberData(nameof(Snippets))]
    public async Task Snippet_AsItIs_Runs(string language, RunnerMethodType kind)
    {
        const string name = """say 'it' "now" `$x` {url}\""";
        await using var upstream = await StartAsync(Signature(name, [Field("it's \"`$(x)`\\", DataType.Str)], [Field("return", DataType.Str)], kind));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey(Key);
        var code = await client.GetStringAsync($"/v2/models/a%2Fb/methods/{Uri.EscapeDataString(name)}/snippet?lang={language}");

        var output = await RunAsync(language, code);

        // What curl gets of a stream is all there is: its last record, too.
        Assert.Equal("Hello", output.Split('\n')[0].Trim('"'));
        Assert.Equal(("a/b", $"Key {Key}"), (upstream.Request!.ModelId, upstream.Calls.Last().Key));
    }

    /// <summary>All but curl, which shows what it got and is content.</summary>
    [Theory]
    [InlineData("python", RunnerMethodType.UnaryUnary)]
    [InlineData("python", RunnerMethodType.UnaryStreaming)]
    [InlineData("javascript", RunnerMethodType.UnaryUnary)]
    [InlineData("javascript", RunnerMethodType.UnaryStreaming)]
    [InlineData("csharp", RunnerMethodType.UnaryUnary)]
    [InlineData("csharp", RunnerMethodType.UnaryStreaming)]
    [InlineData("go", RunnerMethodType.UnaryUnary)]
    [InlineData("go", RunnerMethodType.UnaryStreaming)]
    public async Task Snippet_OfACallThatFails_Fails(string language, RunnerMethodType kind)
    {
        await using var upstream = await StartAsync(Signature("say", [Field("text", DataType.Str)], [], kind));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey(Key);
        var code = await client.GetStringAsync($"/v2/models/m/methods/say/snippet?lang={language}");
        upstream.Outcome = Clarifai.Api.Status.StatusCode.ModelPredictionFailed;

        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(language, code));
    }

    [Theory]
    [InlineData(RunnerMethodType.UnaryUnary)]
    [InlineData(RunnerMethodType.UnaryStreaming)]
    public async Task Snippet_InPython_ShowsTheErrorsBody(RunnerMethodType kind)
    {
        await using var upstream = await StartAsync(Signature("say", [Field("text", DataType.Str)], [], kind));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey(Key);
        var code = await client.GetStringAsync("/v2/models/m/methods/say/snippet?lang=python");
        upstream.Outcome = Clarifai.Api.Status.StatusCode.ModelPredictionFailed;

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("python", code));

        Assert.Contains("\"description\":\"as the test says\"", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snippet_OfArgumentsWithChoicesAndRanges_HasSuchValues()
    {
        var (size, count, share) = (Field("size", DataType.Str), Field("count", DataType.Int), Field("share", DataType.Float));
        size.ModelTypeEnumOptions.Add(new ModelTypeEnumOption { Id = "large" });
        count.ModelTypeRangeInfo = new ModelTypeRangeInfo { Min = 2, Max = 8 };
        share.ModelTypeRangeInfo = new ModelTypeRangeInfo { Max = 0.25f };
        await using var upstream = await StartAsync(Signature("say", [size, count, share], []));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey(Key);

        var code = await client.GetStringAsync("/v2/models/m/methods/say/snippet");

        Assert.Contains("""{"size":"large","count":2,"share":0.25}""", code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snippet_WithoutALanguage_IsCurls()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var code = await client.GetStringAsync("/v2/models/text-generator/methods/predict/snippet");

        Assert.StartsWith("curl ", code);
    }

    [Fact]
    public async Task Snippet_InAnUnknownLanguage_IsRefused()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "GET", "/v2/models/text-generator/methods/predict/snippet?lang=perl");

        Assert.Equal((400, "There are no snippets in perl; lang is one of csharp, curl, go, javascript, python."), ((int)answer.HasTheApisShape().Http, answer.Details));
    }

    private static async Task<string> RunAsync(string language, string code)
    {
        var (program, arguments, file) = Runners[language];
        var folder = Directory.CreateTempSubdirectory("snippet");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), code);

            // Running a single C# file restores the native compiler, too, which not every package source has.
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Directory.Build.props"), "<Project><PropertyGroup><PublishAot>false</PublishAot></PropertyGroup></Project>");
            using var process = Process.Start(new ProcessStartInfo(program, [.. arguments, file])
            {
                WorkingDirectory = folder.FullName,
                Environment = { ["GATEWAY_KEY"] = Key },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"exit {process.ExitCode}: {output}{await errors}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
