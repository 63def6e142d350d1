using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Google.Protobuf;
using static Gateway.Api.Tests.Faces.OpenAi.Face;
using static Gateway.Api.Tests.Faces.OpenAi.OpenAiUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>Embeddings of models that have no OpenAI transport.</summary>
public sealed class EmbeddingTests
{
    private const string Path = $"{Root}/embeddings";

    private static readonly NDArray Array = new() { Dtype = "float32", Shape = { 1, 2 }, Buffer = ByteString.CopyFrom(0, 0, 128, 63, 0, 0, 0, 64) };

    [Fact]
    public async Task Predict_ThatReturnsAnArray_IsCalledForEachText()
    {
        await using var upstream = await StartAsync([Method(DataType.Ndarray)], (call, request) => WriteAsync(call, Answers(request, _ => new Data { Ndarray = Array })));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await AskAsync(client, Path, """{"model":"m","input":["a","b"]}""");

        Assert.Equal(
            """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,2]},{"object":"embedding","index":1,"embedding":[1,2]}],"model":"m","usage":{"prompt_tokens":6,"total_tokens":6}}""",
            answer.ToJsonString());
        Assert.Equal(["a", "b"], upstream.Requests.Single().Inputs.Select(input => input.Data.Parts.Single(part => part.Id == "text").Data.StringValue));
    }

    [Fact]
    public async Task Model_WithoutMethods_IsAskedPlainly()
    {
        var embedding = new Data { Embeddings = { new Embedding { Vector = { 1, 2 } } } };
        await using var upstream = await StartAsync([], (call, request) => WriteAsync(call, Answers(request, _ => embedding)));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await AskAsync(client, Path, """{"model":"m","input":"a","encoding_format":"base64"}""");

        Assert.Equal("AACAPwAAAEA=", (string)answer["data"]![0]!["embedding"]!);
        Assert.Equal("""{ "data": { "text": { "raw": "a" } } }""", upstream.Requests.Last().Inputs.Single().ToString());
    }

    [Fact]
    public async Task Text_ThatFails_FailsThemAll()
    {
        await using var upstream = await StartAsync([Method(DataType.Ndarray)], (call, request) =>
        {
            var answer = Answers(request, _ => new Data { Ndarray = Array });
            answer.Status.Code = StatusCode.MixedStatus;
            answer.Outputs[1].Status = new Status { Code = StatusCode.ModelPredictionFailed, Details = "not b" };
            return WriteAsync(call, answer);
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Path, """{"model":"m","input":["a","b"]}""");

        Assert.Equal((400, "not b"), ((int)answer.Http, (string?)ErrorOf(answer)["message"]));
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":[]}""", "input")]
    [InlineData("""{"model":"m","input":[1,2]}""", "input")]
    [InlineData("""{"model":"m","input":[[1,2],[3,4]]}""", "input")]
    [InlineData("""{"model":"m","input":["a","b","c"]}""", "input")]
    [InlineData("""{"model":"m","input":"a","dimensions":2}""", "dimensions")]
    [InlineData("""{"model":"m","input":"a","stream":true}""", "stream")]
    public async Task Request_ThatCannotBeServed_IsAnError(string body, string parameter)
    {
        await using var upstream = await StartAsync([Method(DataType.Ndarray)], (call, request) => WriteAsync(call, Answers(request, _ => new Data { Ndarray = Array })));
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Limits:MaxModelInputs", "2"));
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Path, body);

        Assert.Equal((400, parameter), ((int)answer.Http, (string?)ErrorOf(answer)["param"]));
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Answer_WithAnotherNumberOfVectorsThanTexts_IsTheUpstreamsFault(int vectors)
    {
        await using var upstream = await StartAsync([Method(DataType.Ndarray)], (call, request) =>
        {
            var answer = Answers(request, _ => new Data { Ndarray = Array });
            answer.Outputs.Add(answer.Outputs[0].Clone());
            while (answer.Outputs.Count > vectors)
            {
                answer.Outputs.RemoveAt(0);
            }

            return WriteAsync(call, answer);
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Path, """{"model":"m","input":["a","b"]}""");

        Assert.Equal((502, "The upstream's answer is not a valid message."), ((int)answer.Http, (string?)ErrorOf(answer)["message"]));
    }

    [Theory]
    [InlineData(DataType.Str)]
    [InlineData(DataType.Ndarray)]
    public async Task Model_ThatMakesNoVectors_IsAnError(DataType result)
    {
        await using var upstream = await StartAsync([Method(result)], (call, request) => WriteAsync(call, Answers(request, _ => new Data { StringValue = "x" })));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Path, """{"model":"m","input":"a"}""");

        Assert.Equal((400, "model"), ((int)answer.Http, (string?)ErrorOf(answer)["param"]));
    }

    private static MethodSignature Method(DataType result)
    {
        var method = Signature("predict", RunnerMethodType.UnaryUnary, ("text", DataType.Str));
        method.OutputFields[0].Type = result;
        return method;
    }

    private static MultiOutputResponse Answers(PostModelOutputsRequest request, Func<Input, Data> answer) => new()
    {
        Status = new Status { Code = StatusCode.Success },
        Outputs = { request.Inputs.Select(input => new Output { Status = new Status { Code = StatusCode.Success }, Data = answer(input), PromptTokens = 3 }) },
    };
}
