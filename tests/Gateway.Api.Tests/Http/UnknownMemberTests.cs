using System.Net;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Http;

/// <summary>Members that a request's message does not have: passed over and told of, or refused.</summary>
public sealed class UnknownMemberTests
{
    private const string Predict = "/v2/models/m/outputs";

    [Theory]
    [InlineData("POST", Predict, """{"inputs":[{"data":{"imge":{"url":"u"},"texd":1}}],"x":1}""", "inputs[0].data: unknown member \"imge\"")]
    [InlineData("POST", Predict, """{"imputs":[]}""", "unknown member \"imputs\"")]
    [InlineData("POST", Predict, """{"größe\r\n":[]}""", "unknown member \"gr??e??\"")]
    [InlineData("GET", "/v2/models?per_page=1&pgae=2&x=1", null, "unknown parameter \"pgae\"")]
    [InlineData("POST", Predict + "?&user_app_id.user_id=bob&x=1", """{"inputs":[]}""", "unknown parameter \"user_app_id.user_id\"")]
    [InlineData("GET", "/v2/models?a%0d%0ab=2", null, "unknown parameter \"a??b\"")]
    public async Task First_IsNamed_AndRefusedWhereThatIsAskedFor(string verb, string path, string? body, string unknown)
    {
        await using var upstream = await StartAsync();
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var lenient = await Answer.OfAsync(client, verb, path, body);
        client.DefaultRequestHeaders.Add("X-Strict", "true");
        var strict = await Answer.OfAsync(client, verb, path, body);

        Assert.Equal((HttpStatusCode.OK, unknown), (lenient.Http, lenient.Response.Headers.GetValues("X-Unknown-Member").Single()));
        Assert.Equal(HttpStatusCode.BadRequest, strict.HasTheApisShape().Http);
        Assert.Equal(unknown.Split('"')[0], strict.Details.Split('"')[0]);
    }

    /// <summary>Who sends the header wants it, but for who says otherwise.</summary>
    [Theory]
    [InlineData(400, "1")]
    [InlineData(400, "yes")]
    [InlineData(400, "")]
    [InlineData(400, "false", "true")]
    [InlineData(200, "False")]
    public async Task Header_ThatIsNotFalse_RefusesThem(int status, params string[] values)
    {
        await using var upstream = await StartAsync();
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Strict", values);

        Assert.Equal(status, (int)(await Answer.OfAsync(client, "POST", Predict, """{"x":1}""")).Http);
    }

    [Theory]
    [InlineData("POST", Predict, """{"inputs":[{"data":{"metadata":{"anything":1}}}]}""")]
    [InlineData("POST", Predict, "")]
    [InlineData("GET", "/v2/models?per_page=1&perPage=1", null)]
    [InlineData("GET", "/v2/models?&", null)]
    public async Task Request_WithoutAny_IsNeither(string verb, string path, string? body)
    {
        await using var upstream = await StartAsync();
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("X-Strict", "true");

        // One that has some came before, by the same reader.
        await Answer.OfAsync(client, "POST", Predict, """{"x":1}""");
        var answer = await Answer.OfAsync(client, verb, path, body);

        Assert.Equal(HttpStatusCode.OK, answer.Http);
        Assert.False(answer.Response.Headers.Contains("X-Unknown-Member"));
    }

    [Theory]
    [InlineData("/outputs")]
    [InlineData("/outputs/generate")]
    [InlineData("/outputs/stream")]
    [ProvesSetting("Gateway:Limits:RejectUnknownMembers")]
    public async Task Setting_RefusesThem(string rpc)
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Limits:RejectUnknownMembers", "true"));
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.PostAsync("/v2/models/text-generator" + rpc, new StringContent("""{"imputs":[]}"""));

        Assert.Contains("unknown member \\\"imputs\\\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<RecordingUpstream> StartAsync() =>
        RecordingUpstream.StartAsync(_ => new MultiOutputResponse { Status = new Status { Code = StatusCode.Success } });
}
