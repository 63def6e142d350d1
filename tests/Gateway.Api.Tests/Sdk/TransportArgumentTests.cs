using Gateway.Api.Tests.Faces.Mcp;
using Gateway.Api.Tests.Faces.OpenAi;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Sdk.SdkMethod;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Api.Tests.Sdk;

/// <summary>Methods that carry another protocol: their one argument has whatever name its author gave it.</summary>
public sealed class TransportArgumentTests
{
    [Theory]
    [InlineData("msg")]
    [InlineData("req")]
    public async Task Message_OfOpenAi_IsTheOnlyArgument(string argument)
    {
        await using var server = await SdkModelServer.StartAsync(
            SdkGeneration.JsonInStruct,
            Transport("openai_transport", argument, text => $$"""{"object":"once","got":{{text}}}"""),
            SdkMethod.Streaming("openai_stream_transport", [Field(DataType.Str, argument)], Result(DataType.Str), values => [$$"""{"object":"piece","got":{{values[argument]}}}"""]));
        await using var gateway = GatewayHost.Start(server.Address);
        using var client = gateway.CreateClientWithKey();

        var once = await Face.AskAsync(client, Face.Chat, """{"model":"m"}""");
        var streamed = await Face.StreamAsync(client, Face.Chat, """{"model":"m","stream":true}""");

        Assert.Equal("""{"object":"once","got":{"openai_endpoint":"/chat/completions","model":"m"}}""", once.ToJsonString());
        Assert.StartsWith("""data: {"object":"piece","got":{"openai_endpoint":"/chat/completions","model":"m","stream":true}}""", streamed);
    }

    [Theory]
    [InlineData("msg")]
    [InlineData("req")]
    public async Task Message_OfMcp_IsTheOnlyArgument(string argument)
    {
        const string Pong = """{"jsonrpc":"2.0","id":1,"result":{}}""";
        await using var server = await SdkModelServer.StartAsync(SdkGeneration.JsonInStruct, Transport("mcp_transport", argument, _ => Pong));
        await using var gateway = GatewayHost.Start(server.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, "/models/m", McpPost.Request("ping"));

        Assert.Equal(Pong, answer.Last.ToJsonString());
        var part = Assert.Single(server.Requests.Single().Inputs[0].Data.Parts);
        Assert.Equal((argument, McpPost.Request("ping")), (part.Id, part.Data.StringValue));
    }
}
