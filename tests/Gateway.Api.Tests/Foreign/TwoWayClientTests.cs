using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Foreign;

/// <summary>Two-way calls by other people's clients, on the sandbox: <c>ws</c> and curl.</summary>
public sealed class TwoWayClientTests : IDisposable
{
    private const string Path = "/v2/models/text-generator/outputs/stream";

    private readonly GatewayHost _gateway = GatewayHost.Start();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("clarifai.v2 clarifai.key.sandbox", "")]
    [InlineData("", "Key sandbox")]
    public async Task Ws_TwoPrompts_GetsTheirTextAndTheEnd(string protocols, string authorization)
    {
        var outcome = await TalkAsync([Prompt("The lighthouse"), Prompt("Ünder the séa \"€\""), ""], protocols, authorization);

        Assert.Equal((1000, ""), ((int)outcome["code"]!, (string?)outcome["reason"]));
        Assert.Equal((protocols.Length > 0 ? "clarifai.v2" : "", ""), ((string?)outcome["protocol"], (string?)outcome["extensions"]));
        AssertText(outcome["answers"]!.AsArray().Select(answer => answer!));
    }

    [Fact]
    public async Task Ws_Nonsense_IsToldAndClosed()
    {
        var outcome = await TalkAsync(["nonsense"], "", "Key sandbox");

        Assert.Equal((1007, "Bad request format"), ((int)outcome["code"]!, (string?)outcome["reason"]));
        Assert.Equal("error", (string?)Assert.Single(outcome["answers"]!.AsArray())!["event"]);
    }

    [Fact]
    public async Task Ws_WithoutAKey_IsRefused() => Assert.Equal(401, (int)(await TalkAsync([""], "", ""))["http"]!);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Curl_UploadsStandardInput_GetsTheTextAndTheEnd(bool http2)
    {
        using var curl = StartCurl(http2, "-");

        await curl.StandardInput.WriteAsync($"{Prompt("The lighthouse")}\n{Prompt("The sea")}\n");
        curl.StandardInput.Close();
        var lines = (await curl.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await curl.WaitForExitAsync();

        Assert.Equal(0, curl.ExitCode);
        AssertText(lines.Select(line => JsonNode.Parse(line)!));
    }

    [Fact]
    public async Task Curl_Http2WithInputHeldBack_GetsTheFirstAnswerAtOnce()
    {
        using var curl = StartCurl(http2: true, "."); // as "-", but reading no input does not keep it from reading answers

        await curl.StandardInput.WriteAsync(Prompt("The lighthouse"));
        await curl.StandardInput.FlushAsync();
        var first = await curl.StandardOutput.ReadLineAsync().WaitAsync(TwoWay.Limit);
        curl.StandardInput.Close();
        var rest = await curl.StandardOutput.ReadToEndAsync();

        Assert.Equal(10000, (int)JsonNode.Parse(first!)!["status"]!["code"]!);
        Assert.Contains("\"event\":\"done\"", rest, StringComparison.Ordinal);
    }

    private static string Prompt(string text) =>
        new JsonObject
        {
            ["inputs"] = new JsonArray(new JsonObject
            {
                ["data"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["_method_name"] = "stream" },
                    ["parts"] = new JsonArray(new JsonObject { ["id"] = "prompt", ["data"] = new JsonObject { ["string_value"] = text } }),
                },
            }),
        }.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static void AssertText(IEnumerable<JsonNode> records)
    {
        var all = records.ToList();
        Assert.True(all.Count > 3, $"{all.Count} records");
        Assert.Equal("done", (string?)all[^1]["event"]);
        Assert.All(all[..^1], record => Assert.Equal(10000, (int)record["status"]!["code"]!));
    }

    private async Task<JsonNode> TalkAsync(string[] messages, string protocols, string authorization)
    {
        using var starting = _gateway.CreateClient();
        var address = new UriBuilder(new Uri(starting.BaseAddress!, Path)) { Scheme = "ws" }.Uri;
        await using var client = await NodeProgram.StartAsync("ws-client.js", address.ToString(), JsonSerializer.Serialize(messages), protocols, authorization);
        return JsonNode.Parse(await client.ReadLineAsync())!;
    }

    private Process StartCurl(bool http2, string input)
    {
        using var starting = _gateway.CreateClient();
        var address = new Uri(http2 ? _gateway.GrpcAddress : starting.BaseAddress!, Path);
        return Process.Start(new ProcessStartInfo(
            "curl", ["-sSN", http2 ? "--http2-prior-knowledge" : "--http1.1", "-X", "POST", "-H", "Authorization: Key sandbox", "-T", input, address.ToString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }
}
