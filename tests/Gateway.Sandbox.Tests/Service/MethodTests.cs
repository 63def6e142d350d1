using System.Runtime.InteropServices;
using System.Text.Json;
using Clarifai.Api;
using Clarifai.Api.Status;
using Google.Protobuf;

namespace Gateway.Sandbox.Tests.Service;

public class MethodTests
{
    [Fact]
    public async Task GetSignatures_OneEmptyPart_IsJsonOfEveryMethod()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of("text-generator", Requests.Method("_GET_SIGNATURES", ("", new Data()))));

        using var json = JsonDocument.Parse(response.Outputs[0].Data.Text.Raw);
        var predict = json.RootElement.GetProperty("predict");
        Assert.Equal("UNARY_UNARY", predict.GetProperty("methodType").GetString());
        var parsed = JsonParser.Default.Parse<MethodSignature>(predict.GetRawText());
        Assert.Equal(["prompt", "max_tokens", "temperature", "seed"], parsed.InputFields.Select(field => field.Name));
        Assert.Equal([true, false, false, false], parsed.InputFields.Select(field => field.Required));
        Assert.Equal(["", "64", "0.7", "0"], parsed.InputFields.Select(field => field.Default));
        Assert.Equal(6, json.RootElement.EnumerateObject().Count());
    }

    [Fact]
    public async Task Signatures_OfEveryModel_HaveNamesTypesAndDescriptions()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var models = (await sandbox.CallAsync<MultiModelResponse>("ListModels", new ListModelsRequest())).Models;

        foreach (var model in models)
        {
            var version = await sandbox.CallAsync<SingleModelVersionResponse>("GetModelVersion", new GetModelVersionRequest { ModelId = model.Id });
            Assert.All(version.ModelVersion.MethodSignatures, signature =>
            {
                Assert.NotEmpty(signature.Description);
                Assert.Equal("return", Assert.Single(signature.OutputFields).Name);
                Assert.All(signature.InputFields.Concat(signature.OutputFields), field =>
                {
                    Assert.NotEqual(ModelTypeField.Types.DataType.NotSet, field.Type);
                    Assert.NotEmpty(field.Description);
                    Assert.Equal(field.Type == ModelTypeField.Types.DataType.List, field.TypeArgs.Count == 1);
                });
            });
        }
    }

    [Fact]
    public async Task Predict_TypedArguments_AreUsed()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of(
            "text-generator",
            Requests.Method("predict", ("prompt", Requests.Str("The sea")), ("max_tokens", Requests.Int(3)), ("temperature", Requests.Int(1)), ("seed", Requests.Int(long.MaxValue))),
            Requests.Method("predict", ("prompt", Requests.Str("The sea")), ("temperature", Requests.Float(0)))));

        Assert.Equal(StatusCode.Success, response.Status.Code);
        Assert.Equal(3u, response.Outputs[0].CompletionTokens);
        Assert.Equal(2u, response.Outputs[0].PromptTokens);
        Assert.Equal("return", Assert.Single(response.Outputs[1].Data.Parts).Id);
    }

    [Fact]
    public async Task Chat_Messages_ContinuesTheLast()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var messages = Requests.Json("""{"_list": [{"role": "user", "content": "ignored"}, {"role": "user", "content": "The sea"}]}""");

        var chat = await sandbox.GenerateAllAsync(Requests.Of("text-generator", Requests.Method("chat", ("messages", messages))));
        var generate = await sandbox.GenerateAllAsync(Requests.Of("text-generator", Requests.Method("generate", ("prompt", Requests.Str("The sea")))));

        Assert.Equal(Pieces(generate), Pieces(chat));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"_list": []}""")]
    [InlineData("""{"_list": ["text"]}""")]
    [InlineData("""{"_list": [{"role": "user"}]}""")]
    public async Task Chat_NoMessageWithText_IsAnInvalidArgument(string messages)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = Assert.Single(await sandbox.GenerateAllAsync(Requests.Of("text-generator", Requests.Method("chat", ("messages", Requests.Json(messages))))));

        Assert.Equal(StatusCode.ModelInvalidArgument, response.Outputs[0].Status.Code);
    }

    public static TheoryData<string, Input> WrongCalls => new()
    {
        { "the model text-generator has no method fly", Requests.Method("fly") },
        { "the method generate is to be called with GenerateModelOutputs", Requests.Method("generate", ("prompt", Requests.Str("a"))) },
        { "the method stream is to be called with StreamModelOutputs", Requests.Method("stream", ("prompt", Requests.Str("a"))) },
        { "argument prompt of predict is missing", Requests.Method("predict", ("seed", Requests.Int(1))) },
        { "the method predict has no argument colour", Requests.Method("predict", ("prompt", Requests.Str("a")), ("colour", Requests.Str("red"))) },
        { "argument prompt of predict: STR was expected, int_value was sent", Requests.Method("predict", ("prompt", Requests.Int(1))) },
        { "argument max_tokens of predict: INT was expected, float_value was sent", Requests.Method("predict", ("prompt", Requests.Str("a")), ("max_tokens", Requests.Float(2.5))) },
        { "argument temperature of predict: FLOAT was expected, string_value was sent", Requests.Method("predict", ("prompt", Requests.Str("a")), ("temperature", Requests.Str("hot"))) },
        { "argument prompt of predict: STR was expected, image was sent", Requests.Method("predict", ("prompt", new Data { Image = new Image() })) },
        { "argument max_tokens: 0 is not between 1 and 4096", Requests.Method("predict", ("prompt", Requests.Str("a")), ("max_tokens", Requests.Int(0))) },
        { "argument max_tokens: 4097 is not between 1 and 4096", Requests.Method("predict", ("prompt", Requests.Str("a")), ("max_tokens", Requests.Int(4097))) },
        { "argument temperature: 2.5 is not between 0 and 2", Requests.Method("predict", ("prompt", Requests.Str("a")), ("temperature", Requests.Float(2.5))) },
        { "argument temperature: NaN is not between 0 and 2", Requests.Method("predict", ("prompt", Requests.Str("a")), ("temperature", Requests.Float(double.NaN))) },
    };

    [Theory]
    [MemberData(nameof(WrongCalls), DisableDiscoveryEnumeration = true)]
    public async Task Predict_WrongCall_SaysWhatWasExpected(string details, Input input)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var output = Assert.Single((await sandbox.PredictAsync(Requests.Of("text-generator", input))).Outputs);

        Assert.Equal((StatusCode.ModelInvalidArgument, details), (output.Status.Code, output.Status.Details));
    }

    [Fact]
    public async Task ImageMethods_TypedImagesAndRegions_AnswerLists()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var image = new Data { Image = new Image { Base64 = ByteString.CopyFrom(Samples.Read("boats.png")) } };

        var concepts = await ReturnAsync(sandbox, "image-classifier", ("image", image));
        var regions = await ReturnAsync(sandbox, "region-detector", ("image", image));
        var crops = await ReturnAsync(sandbox, "image-cropper", ("image", image), ("regions", regions));

        Assert.Equal("png", concepts.Concepts[0].Name);
        Assert.Empty(concepts.Colors);
        Assert.Equal(4, regions.Regions.Count);
        Assert.Equal(4, crops.Parts.Count);
        Assert.All(crops.Parts, part => Assert.False(part.Data.Image.Base64.IsEmpty));
    }

    [Theory]
    [InlineData(0.2f, 0.2f, 0.2f, 0.4f)]
    [InlineData(0.9f, 0.2f, 0.1f, 0.4f)]
    [InlineData(float.NaN, float.NaN, float.NaN, float.NaN)]
    [InlineData(5, 5, 9, 9)]
    public async Task Cropper_BoxWithoutPixels_IsAnInvalidArgument(float top, float left, float bottom, float right)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var input = Requests.ImageBytes(Samples.Read("boats.png"));
        input.Data.Regions.Add(new Region { Id = "r", RegionInfo = new RegionInfo { BoundingBox = new BoundingBox { TopRow = top, LeftCol = left, BottomRow = bottom, RightCol = right } } });

        var output = (await sandbox.PredictAsync(Requests.Of("image-cropper", input))).Outputs[0];

        Assert.Equal(StatusCode.ModelInvalidArgument, output.Status.Code);
        Assert.Equal("the bounding box of region r holds no pixel of the image", output.Status.Details);
    }

    [Theory]
    [InlineData(65, 0.01f)]
    [InlineData(64, 1f)]
    public async Task Cropper_ManyOrLargeRegions_AreLimited(int count, float size)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var input = Requests.ImageBytes(Large());
        var region = new Region { RegionInfo = new RegionInfo { BoundingBox = new BoundingBox { BottomRow = size, RightCol = size } } };
        input.Data.Regions.Add(Enumerable.Repeat(region, count));

        var output = (await sandbox.PredictAsync(Requests.Of("image-cropper", input))).Outputs[0];

        Assert.Equal(StatusCode.ModelInvalidArgument, output.Status.Code);
    }

    [Fact]
    public async Task Embedder_Ndarray_IsTheEmbedding()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var array = (await ReturnAsync(sandbox, "text-embedder", ("text", Requests.Str("the tide")))).Ndarray;
        var embedding = (await sandbox.PredictAsync(Requests.Of("text-embedder", Requests.Text("the tide")))).Outputs[0].Data.Embeddings[0];

        Assert.Equal(("float32", 256u), (array.Dtype, Assert.Single(array.Shape)));
        Assert.Equal(embedding.Vector, MemoryMarshal.Cast<byte, float>(array.Buffer.Span).ToArray());
        Assert.Equal(256u, embedding.NumDimensions);
    }

    [Theory]
    [InlineData("text-sentiment")]
    [InlineData("text-embedder")]
    [InlineData("text-generator")]
    public async Task TextModels_TooLongOrByUrl_Fail(string model)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var byUrl = new Input { Data = new Data { Text = new Clarifai.Api.Text { Url = "http://example.org/a.txt" } } };

        var outputs = (await sandbox.PredictAsync(Requests.Of(model, Requests.Text(new string('a', 1_000_001)), byUrl))).Outputs;

        Assert.Equal([StatusCode.InputOverLimit, StatusCode.InputUnsupportedFormat], outputs.Select(output => output.Status.Code));
    }

    private static async Task<Data> ReturnAsync(SandboxClient sandbox, string model, params (string, Data)[] arguments)
    {
        var output = Assert.Single((await sandbox.PredictAsync(Requests.Of(model, Requests.Method("predict", arguments)))).Outputs);
        Assert.Equal("", output.Status.Details);
        return Assert.Single(output.Data.Parts).Data;
    }

    private static string Pieces(IEnumerable<MultiOutputResponse> responses) =>
        string.Join('|', responses.Select(response => response.Outputs[0].Data.Parts[0].Data.StringValue));

    private static byte[] Large() => Images.PngFiles.Of(
        ("IHDR", Images.PngFiles.Header(1000, 1000)),
        ("IDAT", Images.PngFiles.Deflate(new byte[1001 * 1000])),
        ("IEND", []));
}
