using System.Buffers;
using Clarifai.Api;
using Gateway.Api.Usage;
using Google.Protobuf;

namespace Gateway.Api.Tests.Usage;

/// <summary>What is counted of a call is read from its wire bytes, however these lie in memory.</summary>
public sealed class PredictionPlanTests
{
    [Fact]
    public void Plans_AreThoseOfTheRpcsThatRunModels() => Assert.Equal(
        ["GenerateModelOutputs", "PostModelOutputs", "PostWorkflowResults", "StreamModelOutputs"],
        TestUsage.Schema.Rpcs.Where(rpc => TestUsage.Plans.Of(rpc) is not null).Select(rpc => rpc.Name).Order());

    [Fact]
    public void Request_InAnyTwoPieces_IsReadTheSame()
    {
        var bytes = TestUsage.Request(inputs: 3, model: "möbel").ToByteArray();

        for (var at = 0; at <= bytes.Length; at++)
        {
            Assert.Equal((3, "u/a/möbel"), Read("PostModelOutputs", Split(bytes, at)));
        }
    }

    [Fact]
    public void Request_CutAnywhere_IsReadAsFarAsItGoes()
    {
        var bytes = TestUsage.Request(inputs: 3).ToByteArray();

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.InRange(Read("PostModelOutputs", new ReadOnlySequence<byte>(bytes, 0, length)).Inputs, 0, 3);
        }
    }

    [Fact]
    public void Request_ThatSaysThingsTwice_IsReadAsProtobufDoes()
    {
        byte[] bytes =
        [
            .. TestUsage.Request(inputs: 2, model: "first").ToByteArray(),
            .. new PostModelOutputsRequest { UserAppId = new UserAppIDSet { AppId = "other" }, ModelId = "last", Inputs = { new Input() } }.ToByteArray(),
        ];
        var merged = PostModelOutputsRequest.Parser.ParseFrom(bytes);

        Assert.Equal(
            (merged.Inputs.Count, $"{merged.UserAppId.UserId}/{merged.UserAppId.AppId}/{merged.ModelId}"),
            Read("PostModelOutputs", new ReadOnlySequence<byte>(bytes)));
    }

    /// <summary>A group, which no field of the API is, hides no inputs behind it, and counts none in it.</summary>
    [Fact]
    public void Request_WithAGroup_IsReadAroundIt()
    {
        byte[] group = [(50 << 3 & 0x7F) | 3 | 0x80, 3, .. new PostModelOutputsRequest { Inputs = { new Input() } }.ToByteArray(), (50 << 3 & 0x7F) | 4 | 0x80, 3];
        byte[] bytes = [.. group, .. TestUsage.Request(inputs: 2).ToByteArray()];
        Assert.Equal(2, PostModelOutputsRequest.Parser.ParseFrom(bytes).Inputs.Count);

        Assert.Equal((2, "u/a/m"), Read("PostModelOutputs", new ReadOnlySequence<byte>(bytes)));
    }

    [Fact]
    public void Workflow_IsNamedApartFromModels()
    {
        var request = new PostWorkflowResultsRequest { WorkflowId = "w", Inputs = { new Input() } };

        Assert.Equal((1, "workflows/w"), Read("PostWorkflowResults", new ReadOnlySequence<byte>(request.ToByteArray())));
    }

    [Theory]
    [InlineData(197)]
    [InlineData(1_000_000)]
    public void Name_ThatIsTooLong_IsNone(int length) =>
        Assert.Null(Read("PostModelOutputs", new ReadOnlySequence<byte>(TestUsage.Request(model: new string('m', length)).ToByteArray())).Model);

    [Fact]
    public void Tokens_AreThoseOfAllOutputs()
    {
        var outputs = new[] { new Output { PromptTokens = 3, CompletionTokens = uint.MaxValue }, new Output { PromptTokens = 4, CachedTokens = 2, Data = new Data() } };
        var expected = new OutputTokens(7, uint.MaxValue, 2);

        Assert.Equal(expected, Tokens("PostModelOutputs", new MultiOutputResponse { Outputs = { outputs } }));
        Assert.Equal(expected, Tokens("PostWorkflowResults", new PostWorkflowResultsResponse
        {
            Results = { new WorkflowResult { Outputs = { outputs[0] } }, new WorkflowResult { Outputs = { outputs[1] } } },
        }));
    }

    private static OutputTokens Tokens(string rpc, IMessage answer) => TestUsage.Plans.Of(TestUsage.Schema.Rpc(rpc))!.ReadTokens(answer.ToByteArray());

    private static (int Inputs, string? Model) Read(string rpc, in ReadOnlySequence<byte> request)
    {
        var name = new char[PredictionPlan.MaxNameLength];
        var inputs = TestUsage.Plans.Of(TestUsage.Schema.Rpc(rpc))!.Read(request, name, out var length);
        return (inputs, length < 0 ? null : new string(name, 0, length));
    }

    private static ReadOnlySequence<byte> Split(byte[] bytes, int at)
    {
        var first = new Piece(bytes.AsMemory(0, at), null);
        var second = new Piece(bytes.AsMemory(at), first);
        return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
