using System.Net;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Faces.Methods.MethodUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Mcp;

/// <summary>The gateway in front of a model that speaks MCP itself and, unlike Clarifai's SDK, answers whole JSON-RPC responses.</summary>
public sealed class ModelTransportTests
{
    private const string Path = "/users/u/apps/a/models/m/versions/v1";
    private const string Pong = """{"jsonrpc":"2.0","id":1,"result":{}}""";

    private static readonly MethodSignature Transport = Signature("mcp_transport", [Field("msg", DataType.Str)], [Field("return", DataType.Str)]);

    [Fact]
    public async Task Message_GoesUpstreamAsItCame_AndItsAnswerBack()
    {
        const string Message = """{"jsonrpc":"2.0", "id":"ä", "method":"tools/call", "params":{"x":1.50, "y":"\u00e4 {"}}""";
        const string Reply = """{"jsonrpc":"2.0", "id":"ä", "result":{"x":1.50}}""";
        await using var upstream = await StartAsync(Transport);
        upstream.Run = _ => Returned(new Data { StringValue = Reply });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.PostAsync(McpPost.Root + Path, new StringContent(Message));

        Assert.Equal(Reply, await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var request = upstream.Request!;
        Assert.Equal(("u", "a", "m", "v1"), (request.UserAppId.UserId, request.UserAppId.AppId, request.ModelId, request.VersionId));
        Assert.Equal(("mcp_transport", Message), (request.Inputs[0].Data.Metadata.Fields["_method_name"].StringValue, request.Inputs[0].Data.Parts[0].Data.StringValue));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""")]
    [InlineData("""[{"jsonrpc":"2.0","method":"notifications/initialized"}]""")]
    public async Task Message_ThatIsNoRequest_IsAcceptedWithoutAnAnswer(string message)
    {
        await using var upstream = await StartAsync(Transport);
        upstream.Run = _ => Returned(new Data { StringValue = "{}" });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, message);

        Assert.Equal((HttpStatusCode.Accepted, 0), (answer.Http, answer.Messages.Length));
        Assert.NotNull(upstream.Request);
    }

    [Fact]
    public async Task Batch_IsAnsweredInOrder_FailuresInTheirPlaces()
    {
        await using var upstream = await StartAsync(Transport);
        upstream.Run = input => input.Data.Parts[0].Data.StringValue.Contains("ping", StringComparison.Ordinal)
            ? Returned(new Data { StringValue = Pong })
            : new Output { Status = new Status { Code = StatusCode.ModelPredictionFailed, Description = "Failed", Details = "as the test says" } };
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, """[{"jsonrpc":"2.0","id":"x","method":"y"},{"jsonrpc":"2.0","method":"z"},{"jsonrpc":"2.0","id":1,"method":"ping"}]""");

        var answers = Assert.Single(answer.Messages).AsArray();
        Assert.Equal(["x", "1"], answers.Select(each => each!["id"]!.ToString()));
        Assert.Equal((int)StatusCode.ModelPredictionFailed, (int)answers[0]!["error"]!["data"]!["status"]!["code"]!);
    }

    [Theory]
    [InlineData("2025-06-18", """[{"jsonrpc":"2.0","id":1,"method":"ping"}]""")]
    [InlineData("2025-03-26", "[]")]
    [InlineData("2025-03-26", """[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"},{"jsonrpc":"2.0","id":3,"method":"ping"}]""")]
    public async Task Batch_OfARevisionWithoutThem_OrOfNoFitLength_IsRefused(string revision, string batch)
    {
        await using var upstream = await StartAsync(Transport);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Limits:MaxModelInputs", "2"));
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, batch, ("MCP-Protocol-Version", revision));

        Assert.Equal((HttpStatusCode.BadRequest, -32600), (answer.Http, (int)answer.Last["error"]!["code"]!));
        Assert.Null(upstream.Request);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("no JSON")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}} and more""")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/progress"}""")]
    public async Task Answer_ThatIsNoResponse_IsTheModelsFault(string reply)
    {
        await using var upstream = await StartAsync(Transport);
        upstream.Run = _ => Returned(new Data { StringValue = reply });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, McpPost.Request("ping"));

        Assert.Equal((HttpStatusCode.OK, 1), (answer.Http, (int)answer.Last["id"]!));
        Assert.Equal("Internal server issue: The model's answer is neither a result nor a JSON-RPC response.", (string?)answer.Last["error"]!["message"]);
    }

    [Fact]
    public async Task Failure_OfTheModel_IsAnErrorUnderTheRequestsId()
    {
        await using var upstream = await StartAsync(Transport);
        upstream.Outcome = StatusCode.Failure;
        upstream.Run = _ => new Output { Status = new Status { Code = StatusCode.ModelPredictionFailed, Description = "Failed", Details = "as the test says" } };
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var request = await McpPost.OfAsync(client, Path, McpPost.Request("ping"));
        var notification = await McpPost.OfAsync(client, Path, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");

        Assert.Equal((HttpStatusCode.OK, 1), (request.Http, (int)request.Last["id"]!));
        Assert.Equal("Failed: as the test says", (string?)request.Last["error"]!["message"]);
        Assert.Equal((HttpStatusCode.BadRequest, null), (notification.Http, notification.Last["id"]));
    }

    [Fact]
    public async Task Key_ThatTheUpstreamRefuses_Is401_UnderTheRequestsId()
    {
        await using var upstream = await StartAsync(Transport);
        upstream.Outcome = StatusCode.ConnKeyInvalid;
        upstream.Run = _ => new Output { Status = new Status { Code = StatusCode.ConnKeyInvalid, Description = "API key invalid" } };
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, McpPost.Request("ping"));

        Assert.Equal((HttpStatusCode.Unauthorized, 1), (answer.Http, (int)answer.Last["id"]!));
    }
}
