using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Faces.OpenAi.Face;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>Requests that never reach a model: every answer has OpenAI's shape.</summary>
public sealed class OpenAiErrorTests
{
    [Theory]
    [InlineData("GET", "", 404, null)]
    [InlineData("GET", "/nothing/here", 404, null)]
    [InlineData("POST", "/audio/speech", 404, null)]
    [InlineData("GET", "/chat/completions", 405, "POST")]
    [InlineData("DELETE", "/models", 405, "GET, HEAD")]
    [InlineData("DELETE", "/models/a/b", 405, "GET, HEAD")]
    public async Task Path_OrVerbUnknown_IsAnError(string verb, string path, int status, string? allow)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, verb, Root + path);

        Assert.Equal((status, "invalid_request_error"), ((int)answer.Http, (string)ErrorOf(answer)["type"]!));
        Assert.Equal(allow ?? "", string.Join(", ", answer.Response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("{", null, "the JSON text ends too early at byte 1")]
    [InlineData("[]", null, "The body is not a JSON object.")]
    [InlineData("""{"model":"m","model":"n"}""", null, "a member is given twice")]
    [InlineData("""{"model":"m","stream":"yes"}""", "stream", "stream is true or false.")]
    [InlineData("""{"model":"m","openai_endpoint":"/x"}""", "openai_endpoint", "openai_endpoint is the gateway's to say.")]
    public async Task Body_ThatCannotBeRead_IsAnError(string body, string? parameter, string message)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Chat, body);

        var error = ErrorOf(answer);
        Assert.Equal((400, parameter, message), ((int)answer.Http, (string?)error["param"], (string)error["message"]!));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"model":7}""")]
    [InlineData("""{"model":""}""")]
    [InlineData("""{"model":"a/b"}""")]
    [InlineData("""{"model":"https://example.com/u/a/models/m"}""")]
    public async Task Model_ThatIsNone_IsAnError(string body)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Chat, body);

        Assert.Equal((400, "model"), ((int)answer.Http, (string?)ErrorOf(answer)["param"]));
    }

    [Fact]
    public async Task Model_ThatIsNotThere_IsNotFound()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var call = await Answer.OfAsync(client, "POST", Chat, """{"model":"nothing"}""");
        var look = await Answer.OfAsync(client, "GET", $"{Root}/models/nothing");

        Assert.Equal((404, "model_not_found"), ((int)call.Http, (string?)ErrorOf(call)["code"]));
        Assert.Equal((404, "model_not_found"), ((int)look.Http, (string?)ErrorOf(look)["code"]));
    }

    [Fact]
    public async Task Model_WithoutAWayToDoIt_SaysWhatItWouldNeed()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", $"{Root}/images/generations", """{"model":"text-sentiment","prompt":"x"}""");

        Assert.Equal(
            (400, "The model text-sentiment cannot be used for /images/generations here: it would need the method openai_transport."),
            ((int)answer.Http, (string?)ErrorOf(answer)["message"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic abc")]
    [InlineData("Bearer wrong")]
    public async Task Key_ThatIsNone_IsAnError(string? authorization)
    {
        await using var gateway = GatewayHost.Start(settings: [("Gateway:Tenants:t:Pat", "p"), ("Gateway:Tenants:t:KeySha256", new string('0', 64))]);
        using var client = new HttpClient { BaseAddress = gateway.Address };
        if (authorization is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        var answer = await Answer.OfAsync(client, "GET", $"{Root}/models");

        Assert.Equal((401, "invalid_api_key"), ((int)answer.Http, (string?)ErrorOf(answer)["code"]));
        Assert.NotEmpty(answer.Response.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task Body_OverTheLimit_IsAnError()
    {
        await using var gateway = GatewayHost.Start(settings: [("Gateway:Limits:MaxBodyBytes", "64")]);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Chat, $$"""{"model":"{{new string('m', 100)}}"}""");

        Assert.Equal(413, (int)answer.Http);
        ErrorOf(answer);
    }
}
