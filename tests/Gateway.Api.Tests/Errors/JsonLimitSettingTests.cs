using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Errors;

/// <summary>The limits of JSON, as set: a body exactly at one is read, by one more it is refused, on every face that reads JSON.</summary>
public sealed class JsonLimitSettingTests
{
    private const string Outputs = "/v2/models/m/outputs";
    private const string Chat = "/v2/ext/openai/v1/chat/completions";

    [Theory]
    [InlineData(Outputs, """{"inputs":[{"data":{"metadata":{"a":[[0]]}}}]}""", 7)]
    [InlineData(Outputs, """{"unknown":[[[[[[]]]]]]}""", 7)]
    [InlineData(Chat, """{"model":[[[[[[]]]]]]}""", 7)]
    public async Task MaxJsonDepth_AtAndOneOver_ReadsAndRefuses(string path, string body, int depth)
    {
        await AssertNotRefusedAsync(path, body, ("Gateway:Limits:MaxJsonDepth", $"{depth}"), "deep");
        await AssertRefusedAsync(path, body, ("Gateway:Limits:MaxJsonDepth", $"{depth - 1}"), $"nested more than {depth - 1} deep");
    }

    [Theory]
    [InlineData(Outputs, """{"inputs":[{"id":"a","data":{}}],"unknown":[1,2]}""", 7)]
    [InlineData(Chat, """{"model":[1,2,3,{"a":1},4]}""", 7)]
    public async Task MaxJsonMembers_AtAndOneOver_ReadsAndRefuses(string path, string body, int count)
    {
        await AssertNotRefusedAsync(path, body, ("Gateway:Limits:MaxJsonMembers", $"{count}"), "values");
        await AssertRefusedAsync(path, body, ("Gateway:Limits:MaxJsonMembers", $"{count - 1}"), $"more than {count - 1} values");
    }

    [Theory]
    [InlineData("""{"inputs":[{"data":{"text":{"raw":"12345678"}}}]}""")]
    [InlineData("""{"inputs":[{"data":{"text":{"raw":"é\u00e9\n678"}}}]}""")]
    [InlineData("""{"inputs":[{"data":{"metadata":{"a":"12345678"}}}]}""")]
    public async Task MaxStringBytes_AtAndOneOver_ReadsAndRefuses(string body)
    {
        await AssertNotRefusedAsync(Outputs, body, ("Gateway:Limits:MaxStringBytes", "8"), "string");
        await AssertRefusedAsync(Outputs, body, ("Gateway:Limits:MaxStringBytes", "7"), "a string of more than 7 bytes");
    }

    private static async Task AssertNotRefusedAsync(string path, string body, (string, string?) setting, string word) =>
        Assert.DoesNotContain(word, await AskAsync(path, body, setting), StringComparison.Ordinal);

    private static async Task AssertRefusedAsync(string path, string body, (string, string?) setting, string error) =>
        Assert.Contains(error, await AskAsync(path, body, setting), StringComparison.Ordinal);

    private static async Task<string> AskAsync(string path, string body, (string, string?) setting)
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => new MultiOutputResponse());
        await using var gateway = GatewayHost.Start(upstream.Address, setting);
        using var client = gateway.CreateClientWithKey();
        using var answer = await client.PostAsync(path, new StringContent(body));
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
    }
}
