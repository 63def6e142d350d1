using System.Text.Json;
using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>Clarifai's own gRPC client (<c>clarifai-nodejs-grpc</c>) and its gRPC-Web client (<c>clarifai-web-grpc</c>), by changing the address.</summary>
public sealed class ClarifaiClientTests : IDisposable
{
    private readonly GatewayHost _gateway = GatewayHost.Start();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Predict_Image_GivesItsConcepts()
    {
        var response = await RunAsync("predict", "sandbox");

        Assert.Equal(10000, CodeOf(response));
        var concepts = Assert.Single(response.GetProperty("outputs").EnumerateArray()).GetProperty("data").GetProperty("concepts");
        Assert.Equal(["png", "medium", "landscape"], Ids(concepts).Take(3));
    }

    [Fact]
    public async Task List_PageOfThree_GivesModels() =>
        Assert.Equal(["image-classifier", "region-detector", "image-cropper"], Ids((await RunAsync("list", "sandbox")).GetProperty("models")));

    [Fact]
    public async Task Workflow_Text_RunsItsNodes()
    {
        var response = await RunAsync("workflow", "sandbox");

        Assert.Equal(10000, CodeOf(response));
        Assert.NotEmpty(response.GetProperty("results")[0].GetProperty("outputs").EnumerateArray());
    }

    [Fact]
    public async Task UnknownModel_AnswersInTheMessage() => Assert.Equal(21200, CodeOf(await RunAsync("unknownModel", "sandbox")));

    [Fact]
    public async Task RpcThatTheUpstreamLacks_IsItsOwnAnswer()
    {
        var outcome = await RunAsync("unimplemented", "sandbox");

        Assert.Equal((int)GrpcStatusCode.Unimplemented, outcome.GetProperty("grpc").GetInt32());
        Assert.Equal("the sandbox does not implement ListInputs", outcome.GetProperty("details").GetString());
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("stream")]
    public async Task Streams_OfEitherKind_GiveATextPieceByPiece(string name) => AssertText(await RunAsync(name, "sandbox"));

    [Fact]
    public async Task Streams_Many_RunAtTheSameTimeOnOneConnection()
    {
        var codes = (await RunAsync("many", "sandbox")).GetProperty("codes").EnumerateArray().Select(code => code.GetInt32()).ToList();

        Assert.Equal(150, codes.Count);
        Assert.All(codes, code => Assert.Equal(0, code));
    }

    [Fact]
    public async Task Predict_InGzipBothWays_GivesItsAnswer()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            call.CompressResponse = true;
            using var request = await call.ReadSingleAsync();
            Assert.Equal("image-classifier", PostModelOutputsRequest.Parser.ParseFrom(request.Span).ModelId);
            await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response("packed")));
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);

        var response = await RunAsync("clarifai-grpc-client.js", gateway.GrpcAddress.Authority, ["gzip", "key"]);

        Assert.Equal("packed", response.GetProperty("outputs")[0].GetProperty("data").GetProperty("text").GetProperty("raw").GetString());
    }

    [Fact]
    public async Task Key_Missing_IsUnauthenticated()
    {
        var outcome = await RunAsync("predict");

        Assert.Equal((int)GrpcStatusCode.Unauthenticated, outcome.GetProperty("grpc").GetInt32());
        Assert.StartsWith("No key", outcome.GetProperty("details").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Web_Predict_GivesConcepts()
    {
        var outcome = await RunWebAsync("predict", "sandbox");

        Assert.Equal(10000, outcome.GetProperty("code").GetInt32());
        Assert.Equal("png", outcome.GetProperty("concepts")[0].GetString());
    }

    [Fact]
    public async Task Web_Generate_GivesATextPieceByPiece() => AssertText(await RunWebAsync("generate", "sandbox"));

    [Theory]
    [InlineData("predict")]
    [InlineData("generate")]
    public async Task Web_KeyMissing_IsUnauthenticated(string name) =>
        Assert.Equal((int)GrpcStatusCode.Unauthenticated, (await RunWebAsync(name)).GetProperty("grpc").GetInt32());

    private static void AssertText(JsonElement outcome)
    {
        Assert.Equal(0, outcome.GetProperty("grpc").GetInt32());
        var codes = outcome.GetProperty("codes").EnumerateArray().Select(code => code.GetInt32()).ToList();
        Assert.True(codes.Count > 3, $"{codes.Count} messages");
        Assert.All(codes, code => Assert.Equal(10000, code));
        Assert.NotEmpty(outcome.GetProperty("text").GetString()!);
    }

    private static int CodeOf(JsonElement response) => response.GetProperty("status").GetProperty("code").GetInt32();

    private static string[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];

    private Task<JsonElement> RunAsync(params string[] arguments) => RunAsync("clarifai-grpc-client.js", _gateway.GrpcAddress.Authority, arguments);

    private Task<JsonElement> RunWebAsync(params string[] arguments)
    {
        using var http = _gateway.CreateClient();
        return RunAsync("clarifai-web-client.js", http.BaseAddress!.GetLeftPart(UriPartial.Authority), arguments);
    }

    private static async Task<JsonElement> RunAsync(string script, string address, string[] arguments)
    {
        await using var program = await NodeProgram.StartAsync(script, [address, .. arguments]);
        return JsonSerializer.Deserialize<JsonElement>(await program.ReadLineAsync());
    }
}
