using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Testing.Grpc;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Sandbox.Tests.Service;

public class StreamingTests
{
    private static readonly SandboxOptions Paced = new() { TokenDelay = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task GenerateModelOutputs_SecondPieceHeldBack_FirstHasArrived()
    {
        var clock = new ManualTimeProvider();
        await using var sandbox = await SandboxClient.StartAsync(Paced, clock);
        using var stream = sandbox.Generate(Requests.Of("text-generator", Requests.Text("The lighthouse")));

        var first = SandboxClient.Parse<MultiOutputResponse>((await stream.ReadAsync())!);
        Assert.NotEmpty(first.Outputs[0].Data.Text.Raw);

        var second = stream.ReadAsync();
        var pause = await clock.NextTimerAsync();
        Assert.False(second.IsCompleted);

        pause.Fire();
        Assert.NotEmpty(SandboxClient.Parse<MultiOutputResponse>((await second)!).Outputs[0].Data.Text.Raw);
    }

    [Fact]
    public async Task GenerateModelOutputs_ClientLeaves_MakesNoFurtherPiece()
    {
        var clock = new ManualTimeProvider();
        await using var sandbox = await SandboxClient.StartAsync(Paced, clock);
        var stream = sandbox.Generate(Requests.Of("text-generator", Requests.Text("The lighthouse")));
        Assert.NotNull(await stream.ReadAsync());

        var pause = await clock.NextTimerAsync();
        stream.Dispose();

        // The pause before the second piece is given up, and no other begins.
        await pause.Disposed;
        Assert.False(clock.HasTimer);
    }

    [Fact]
    public async Task Dispose_StreamStillOpen_EndsIt()
    {
        var clock = new ManualTimeProvider();
        var server = await SandboxServer.StartAsync(Paced, clock, NullLoggerFactory.Instance);
        await using var channel = new RawChannel(server.Address);
        using var stream = channel.ServerStreaming(SandboxClient.PathOf("GenerateModelOutputs"), SandboxClient.BytesOf(Requests.Of("text-generator", Requests.Text("The sea"))), default);
        Assert.NotNull(await stream.ReadAsync());

        await clock.NextTimerAsync();
        await server.DisposeAsync();

        Assert.Null(await stream.ReadAsync());
        Assert.NotEqual(GrpcStatusCode.OK, stream.Status.StatusCode);
    }

    [Fact]
    public async Task GenerateModelOutputs_Method_PiecesAddUpToPredict()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var arguments = new[] { ("prompt", Requests.Str("The sea")), ("max_tokens", Requests.Int(20)), ("seed", Requests.Int(7)) };

        var pieces = await sandbox.GenerateAllAsync(Requests.Of("text-generator", Requests.Method("generate", arguments)));
        var whole = await sandbox.PredictAsync(Requests.Of("text-generator", Requests.Method("predict", arguments)));

        Assert.True(pieces.Count > 1);
        Assert.Equal(ReturnOf(whole).StringValue, string.Concat(pieces.Select(piece => ReturnOf(piece).StringValue)));
        Assert.Equal(whole.Outputs[0].PromptTokens, (uint)pieces.Sum(piece => piece.Outputs[0].PromptTokens));
        Assert.Equal(whole.Outputs[0].CompletionTokens, (uint)pieces.Sum(piece => piece.Outputs[0].CompletionTokens));
    }

    [Fact]
    public async Task GenerateModelOutputs_PlainText_PiecesAddUpToPredict()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var request = Requests.Of("text-generator", Requests.Text("The keeper"));

        var pieces = await sandbox.GenerateAllAsync(request);
        var whole = await sandbox.PredictAsync(request);

        Assert.True(pieces.Count > 1);
        Assert.Equal(whole.Outputs[0].Data.Text.Raw, string.Concat(pieces.Select(piece => piece.Outputs[0].Data.Text.Raw)));
    }

    [Fact]
    public async Task GenerateModelOutputs_ClassifierWithoutPieces_AnswersOnce()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = Assert.Single(await sandbox.GenerateAllAsync(Requests.Of("text-sentiment", Requests.Text("a lovely day"))));

        Assert.Equal("positive", response.Outputs[0].Data.Concepts[0].Name);
    }

    [Fact]
    public async Task GenerateModelOutputs_UnaryMethod_NamesTheRightRpc()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = Assert.Single(await sandbox.GenerateAllAsync(Requests.Of("text-generator", Requests.Method("predict", ("prompt", Requests.Str("The sea"))))));

        Assert.Equal(StatusCode.Failure, response.Status.Code);
        Assert.Equal(StatusCode.ModelInvalidArgument, response.Outputs[0].Status.Code);
        Assert.Contains("PostModelOutputs", response.Outputs[0].Status.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenerateModelOutputs_TwoInputs_IsRefused()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = Assert.Single(await sandbox.GenerateAllAsync(Requests.Of("text-generator", Requests.Text("one"), Requests.Text("two"))));

        Assert.Equal(StatusCode.ConnInvalidRequest, response.Status.Code);
        Assert.Empty(response.Outputs);
    }

    [Fact]
    public async Task StreamModelOutputs_EachPromptIsAnswered_BeforeTheNextIsSent()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        using var stream = sandbox.Channel.DuplexStreaming(SandboxClient.PathOf("StreamModelOutputs"), default);

        await stream.WriteAsync(SandboxClient.BytesOf(Requests.Of("text-generator", Requests.Method("stream", ("prompt", Requests.Str("The sea")), ("max_tokens", Requests.Int(1))))));
        var first = SandboxClient.Parse<MultiOutputResponse>((await stream.ReadAsync())!);

        // A later message holds the streamed argument alone; the others stay as they were.
        await stream.WriteAsync(SandboxClient.BytesOf(Requests.Of("text-generator", Requests.Method("stream", ("prompt", Requests.Str("The wind"))))));
        var second = SandboxClient.Parse<MultiOutputResponse>((await stream.ReadAsync())!);
        await stream.CompleteAsync();

        Assert.NotEmpty(ReturnOf(first).StringValue);
        Assert.NotEmpty(ReturnOf(second).StringValue);
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.DefaultSuccess, stream.Status);
    }

    [Fact]
    public async Task StreamModelOutputs_LaterMessageWithWrongType_EndsWithItsFailure()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        using var stream = sandbox.Channel.DuplexStreaming(SandboxClient.PathOf("StreamModelOutputs"), default);

        await stream.WriteAsync(SandboxClient.BytesOf(Requests.Of("text-generator", Requests.Method("stream", ("prompt", Requests.Str("The sea")), ("max_tokens", Requests.Int(1))))));
        Assert.NotNull(await stream.ReadAsync());

        await stream.WriteAsync(SandboxClient.BytesOf(Requests.Of("text-generator", Requests.Method("stream", ("prompt", Requests.Int(5))))));
        var failed = SandboxClient.Parse<MultiOutputResponse>((await stream.ReadAsync())!);

        Assert.Equal(StatusCode.ModelInvalidArgument, failed.Outputs[0].Status.Code);
        Assert.Equal("argument prompt of stream: STR was expected, int_value was sent", failed.Outputs[0].Status.Details);
        Assert.Null(await stream.ReadAsync());
    }

    [Fact]
    public async Task StreamModelOutputs_PlainText_AnswersEveryInput()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        using var stream = sandbox.Channel.DuplexStreaming(SandboxClient.PathOf("StreamModelOutputs"), default);
        var input = Requests.Text("bad weather");
        input.Id = "first";

        await stream.WriteAsync(SandboxClient.BytesOf(Requests.Of("text-sentiment", input)));
        var first = SandboxClient.Parse<MultiOutputResponse>((await stream.ReadAsync())!);
        input = Requests.Text("good weather");
        input.Id = "second";
        await stream.WriteAsync(SandboxClient.BytesOf(Requests.Of("text-sentiment", input)));
        var second = SandboxClient.Parse<MultiOutputResponse>((await stream.ReadAsync())!);

        Assert.Equal(("first", "negative"), (first.Outputs[0].Input.Id, first.Outputs[0].Data.Concepts[0].Name));
        Assert.Equal(("second", "positive"), (second.Outputs[0].Input.Id, second.Outputs[0].Data.Concepts[0].Name));
    }

    [Fact]
    public async Task StreamModelOutputs_LaterMessageWithoutInput_EndsWithAFailure()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        using var stream = sandbox.Channel.DuplexStreaming(SandboxClient.PathOf("StreamModelOutputs"), default);

        await stream.WriteAsync(SandboxClient.BytesOf(Requests.Of("text-sentiment", Requests.Text("fine"))));
        await stream.WriteAsync(SandboxClient.BytesOf(Requests.Of("text-sentiment")));
        Assert.NotNull(await stream.ReadAsync());

        Assert.Equal(StatusCode.ConnInvalidRequest, SandboxClient.Parse<MultiOutputResponse>((await stream.ReadAsync())!).Status.Code);
        Assert.Null(await stream.ReadAsync());
    }

    private static Data ReturnOf(MultiOutputResponse response)
    {
        var part = Assert.Single(response.Outputs[0].Data.Parts);
        Assert.Equal("return", part.Id);
        return part.Data;
    }
}
