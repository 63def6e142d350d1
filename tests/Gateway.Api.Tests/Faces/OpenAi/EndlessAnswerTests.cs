using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using static Gateway.Api.Tests.Faces.OpenAi.Face;
using static Gateway.Api.Tests.Faces.OpenAi.OpenAiUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>Models whose method streams and does not come to an end by itself.</summary>
public sealed class EndlessAnswerTests
{
    private const string Hello = """ "messages":[{"role":"user","content":"hi"}] """;

    [Theory]
    [InlineData("max_tokens", 0, 3, "aaa")]
    [InlineData("max_completion_tokens", 0, 2, "aa")]
    [InlineData("max_tokens", 2, 4, "aa")] // counted by the model
    [InlineData("max_tokens", 2, 3, "aa")]
    public async Task Answer_OverTheTokensThatAreWanted_EndsThere(string member, uint tokens, int limit, string text)
    {
        await using var model = await EndlessModel.StartAsync("a", tokens);
        await using var gateway = GatewayHost.Start(model.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await AskAsync(client, Chat, $$"""{"model":"m","{{member}}":{{limit}},{{Hello}}}""");

        Assert.Equal((text, "length"), ((string)answer["choices"]![0]!["message"]!["content"]!, (string)answer["choices"]![0]!["finish_reason"]!));
        await model.Ended;
    }

    [Fact]
    public async Task Stream_OverTheTokensThatAreWanted_EndsThere()
    {
        await using var model = await EndlessModel.StartAsync("a", tokens: 0);
        await using var gateway = GatewayHost.Start(model.Address);
        using var client = gateway.CreateClientWithKey();

        var events = await StreamAsync(client, Chat, $$"""{"model":"m","stream":true,"max_tokens":3,{{Hello}}}""");

        Assert.EndsWith("data: [DONE]\n\n", events, StringComparison.Ordinal);
        var choices = events.Split("\n\n")[..^2].Select(chunk => JsonNode.Parse(chunk["data: ".Length..])!["choices"]![0]!).ToArray();
        Assert.Equal("aaa", string.Concat(choices.Select(choice => (string?)choice["delta"]!["content"])));
        Assert.Equal("length", (string)choices[^1]["finish_reason"]!);
        await model.Ended;
    }

    [Fact]
    public async Task Answer_OfAModelThatEndsAtTheLimit_HasTheTokensThatItTellsLast()
    {
        await using var upstream = await StartAsync([Generate], async (call, _) =>
        {
            for (var i = 0; i < 3; i++)
            {
                await WriteAsync(call, Piece("a", tokens: 0));
            }

            await WriteAsync(call, Piece("", tokens: 3));
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await AskAsync(client, Chat, $$"""{"model":"m","max_tokens":3,{{Hello}}}""");

        Assert.Equal(("aaa", 3), ((string)answer["choices"]![0]!["message"]!["content"]!, (int)answer["usage"]!["completion_tokens"]!));
    }

    [Fact]
    public async Task Answer_OverTheLimitOfBytes_IsAnErrorThatNamesIt()
    {
        await using var model = await EndlessModel.StartAsync(new string('a', 1000), tokens: 0);
        await using var gateway = GatewayHost.Start(model.Address, ("Gateway:Upstream:MaxResponseBytes", "20000"));
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Chat, $$"""{"model":"m",{{Hello}}}""");

        Assert.Equal(502, (int)answer.Http);
        Assert.Equal("The model's answer is over the limit of 20000 bytes; a stream, or fewer max_tokens, would be within it.", (string)ErrorOf(answer)["message"]!);
        await model.Ended;
    }

    private static MethodSignature Generate => Signature("generate", RunnerMethodType.UnaryStreaming, ("prompt", DataType.Str));

    private static MultiOutputResponse Piece(string text, uint tokens) => new()
    {
        Status = new Status { Code = StatusCode.Success },
        Outputs = { new Output { Data = new Data { StringValue = text }, CompletionTokens = tokens } },
    };

    private sealed class EndlessModel : IAsyncDisposable
    {
        private readonly TaskCompletionSource _ended = new();
        private OpenAiUpstream _upstream = null!;

        public Uri Address => _upstream.Address;

        /// <summary>Completes when the gateway has ended the call.</summary>
        public Task Ended => _ended.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public static async Task<EndlessModel> StartAsync(string text, uint tokens)
        {
            var model = new EndlessModel();
            model._upstream = await OpenAiUpstream.StartAsync([Generate], (call, _) => model.WriteAsync(call, Piece(text, tokens)));
            return model;
        }

        public ValueTask DisposeAsync() => _upstream.DisposeAsync();

        private async Task WriteAsync(GrpcServerCall call, MultiOutputResponse piece)
        {
            try
            {
                while (!call.CancellationToken.IsCancellationRequested)
                {
                    await OpenAiUpstream.WriteAsync(call, piece);
                }
            }
            finally
            {
                _ended.TrySetResult();
            }
        }
    }
}
