using Clarifai.Api;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Batching;
using Gateway.Core.Upstream.Calls;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using StatusCode = Clarifai.Api.Status.StatusCode;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Core.Tests.Upstream.Batching;

/// <summary>Requests that wait for their turn travel together if they differ in their inputs alone, and each gets its own of the answer.</summary>
public sealed class BatchingTests : IAsyncLifetime
{
    private BatchUpstream _server = null!;

    public async Task InitializeAsync() => _server = await BatchUpstream.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Waiting_TravelTogether_AndEachGetsItsOwn()
    {
        await using var batch = new BatchFixture(_server.Address);
        var calls = await batch.WaitingAsync(
            BatchUpstream.Request("m", "a"), BatchUpstream.Request("m", "b", "bb"), BatchUpstream.Request("m", "ccc"));

        var answers = await batch.AnswersAsync(calls);

        Assert.Equal(["a", "b", "bb", "ccc"], Assert.Single(_server.Calls).Texts);
        Assert.Equal(["a", "b,bb", "ccc"], answers.Select(TextsOf));
        Assert.Equal(["1", "1,2", "3"], answers.Select(answer => string.Join(',', answer.Outputs.Select(output => output.PromptTokens))));
        Assert.All(answers, answer => Assert.Equal(
            (StatusCode.Success, "Ok", "", "d"),
            (answer.Status.Code, answer.Status.Description, answer.Status.ReqId, answer.RunnerSelector.Deployment.Id)));
        Assert.Equal(0, batch.Arrays.Lent);
    }

    [Fact]
    public async Task Merged_CarriesAnIdOfItsOwn_AndNobodysMetadata()
    {
        await using var batch = new BatchFixture(_server.Address);
        string[] ids = ["first", "second"];
        var calls = ids.Select(id => batch.CallAsync(
            BatchUpstream.Request("m", id), new UpstreamCall(id, null, default) { Metadata = new Metadata { { "traceparent", id } } })).ToArray();
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 2);

        var results = await batch.ResultsAsync(calls);

        var metadata = Assert.Single(_server.Calls).Metadata;
        Assert.False(metadata.GetValue("x-request-id") is null or "first" or "second");
        Assert.Null(metadata.GetValue("traceparent"));
        Assert.Equal("Key secret-of-the-tenant", metadata.GetValue("authorization"));
        Assert.All(results, result => Assert.Same(BatchFixture.Pat, result.Credential));
    }

    [Fact]
    public async Task FreeTurn_IsTaken_AndNobodyWaitsForCompany()
    {
        await using var batch = new BatchFixture(_server.Address);
        batch.Upstream.Clock.Advance(TimeSpan.FromSeconds(5));

        using var first = await batch.CallAsync(BatchUpstream.Request("m", "a"));
        using var second = await batch.CallAsync(BatchUpstream.Request("m", "b"));

        Assert.Equal((2, 0), (_server.Calls.Count, batch.Arrays.Rented));
    }

    [Fact]
    public async Task WaitsAlone_GoesAsItIs()
    {
        await using var batch = new BatchFixture(_server.Address);
        var calls = await batch.WaitingAsync(BatchUpstream.Request("m", "a"));

        var answer = Assert.Single(await batch.AnswersAsync(calls));

        Assert.Equal("id-0", Assert.Single(_server.Calls).Metadata.GetValue("x-request-id"));
        Assert.Equal("of the upstream", answer.Status.ReqId);
        Assert.Equal(0, batch.Arrays.Lent);
    }

    [Fact]
    public async Task SwitchedOff_EachGoesAlone()
    {
        await using var batch = new BatchFixture(_server.Address, isOn: false);

        await batch.AnswersAsync(await batch.WaitingAsync(BatchUpstream.Request("m", "a"), BatchUpstream.Request("m", "b")));

        Assert.Equal(2, _server.Calls.Count);
    }

    public static TheoryData<string, byte[]> Others => new()
    {
        { "another model", BatchUpstream.Request("n", "x") },
        { "a version", new PostModelOutputsRequest { ModelId = "m", VersionId = "v", Inputs = { InputOf("x") } }.ToByteArray() },
        { "another user", new PostModelOutputsRequest { ModelId = "m", UserAppId = new UserAppIDSet { UserId = "u" }, Inputs = { InputOf("x") } }.ToByteArray() },
        { "a field that nobody knows", [.. BatchUpstream.Request("m", "x"), 0xF8, 0x7F, 1] },
        { "the model's name again, behind", [.. BatchUpstream.Request("m", "x"), .. new PostModelOutputsRequest { ModelId = "m" }.ToByteArray()] },
        { "another method", new PostModelOutputsRequest { ModelId = "m", Inputs = { InputOf("x", "summarize") } }.ToByteArray() },
        { "a method of one input alone", new PostModelOutputsRequest { ModelId = "m", Inputs = { InputOf("x"), InputOf("y", "summarize") } }.ToByteArray() },
        { "an input in two pieces", InPieces() },
        { "no input", new PostModelOutputsRequest { ModelId = "m" }.ToByteArray() },
        { "as many inputs as there may be", BatchUpstream.Request("m", [.. Enumerable.Range(0, 128).Select(i => $"{i}")]) },
        { "more bytes than there may be", BatchUpstream.Request("m", new string('x', 4 * 1024 * 1024)) },
        { "bytes that are no message", [.. BatchUpstream.Request("m", "x"), 0x0A, 0x7F] },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Request_ThatDiffersOtherwise_GoesAlone(string why, byte[] other)
    {
        await using var batch = new BatchFixture(_server.Address);
        var calls = await batch.WaitingAsync(BatchUpstream.Request("m", "a"), other, BatchUpstream.Request("m", "b"));

        var results = await batch.ResultsAsync(calls);

        var merged = Assert.Single(_server.Calls, call => call.Texts.Contains("a"));
        Assert.True(merged.Texts is ["a", "b"], why);
        Assert.Equal(0, batch.Arrays.Lent);
        Array.ForEach(results, result => result.Dispose());
    }

    [Fact]
    public async Task OneMethod_TravelsTogether()
    {
        await using var batch = new BatchFixture(_server.Address);
        var request = new PostModelOutputsRequest { ModelId = "m", Inputs = { InputOf("x", "summarize") } }.ToByteArray();

        await batch.AnswersAsync(await batch.WaitingAsync(request, request));

        Assert.Single(_server.Calls);
    }

    [Fact]
    public async Task InputsAmidOtherFields_AreFoundAll()
    {
        await using var batch = new BatchFixture(_server.Address);
        byte[] Mixed(string first, string second) =>
            [.. Inputs(first), .. new PostModelOutputsRequest { ModelId = "m" }.ToByteArray(), .. Inputs(second)];
        byte[] Inputs(string text) => new PostModelOutputsRequest { Inputs = { InputOf(text) } }.ToByteArray();

        var answers = await batch.AnswersAsync(await batch.WaitingAsync(Mixed("a", "b"), Mixed("c", "d"), BatchUpstream.Request("m", "e")));

        Assert.Equal(["a", "b", "c", "d", "e"], Assert.Single(_server.Calls).Texts);
        Assert.Equal(["a,b", "c,d", "e"], answers.Select(TextsOf));
    }

    [Fact]
    public async Task Inputs_OverTheLimit_TakeTheNextTurn()
    {
        await using var batch = new BatchFixture(_server.Address, new BatchLimits { MaxModelInputs = 5 });
        var calls = await batch.WaitingAsync([.. Enumerable.Range(0, 7).Select(i => BatchUpstream.Request("m", $"{i}", $"{i}'"))]);

        var answers = await batch.AnswersAsync(calls);

        Assert.Equal([4, 4, 4, 2], _server.Calls.Select(call => call.Texts.Length));
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{i},{i}'"), answers.Select(TextsOf));
    }

    [Fact]
    public async Task Bytes_OverTheLimit_TakeTheNextTurn()
    {
        await using var batch = new BatchFixture(_server.Address, new BatchLimits { MaxBytes = 1000 });
        var calls = await batch.WaitingAsync([.. Enumerable.Range(0, 5).Select(i => BatchUpstream.Request("m", new string((char)('a' + i), 450)))]);

        await batch.AnswersAsync(calls);

        Assert.Equal([2, 2, 1], _server.Calls.Select(call => call.Texts.Length));
        Assert.All(_server.Calls, call => Assert.True(call.Request.CalculateSize() <= 1000));
    }

    [Fact]
    public async Task SomeFailed_EachHasTheStatusOverItsOwn()
    {
        await using var batch = new BatchFixture(_server.Address);
        var calls = await batch.WaitingAsync(
            BatchUpstream.Request("m", "a"), BatchUpstream.Request("m", "fail1"), BatchUpstream.Request("m", "b", "fail2"),
            BatchUpstream.Request("m", "fail3", "fail4"));

        var answers = await batch.AnswersAsync(calls);

        Assert.Single(_server.Calls);
        Assert.Equal(
            [
                (StatusCode.Success, "Ok", ""), (StatusCode.InputFailed, "Download failed", "fail1"), (StatusCode.MixedStatus, "Mixed", ""),
                (StatusCode.InputFailed, "Download failed", "fail3"),
            ],
            answers.Select(answer => (answer.Status.Code, answer.Status.Description, answer.Status.Details)));
        Assert.All(answers, answer => Assert.Empty(answer.Status.ReqId));
    }

    [Fact]
    public async Task AllFailed_IsToldAsEachOnesOwn_AndNotRepeated()
    {
        _server.Change = (_, response) => response.Outputs[1].Status.Code = StatusCode.ModelPredictionFailed;
        await using var batch = new BatchFixture(_server.Address);

        var answers = await batch.AnswersAsync(
            await batch.WaitingAsync(BatchUpstream.Request("m", "fail1", "fail2"), BatchUpstream.Request("m", "fail3")));

        Assert.Single(_server.Calls);
        Assert.Equal([StatusCode.Failure, StatusCode.InputFailed], answers.Select(answer => answer.Status.Code));
    }

    [Fact]
    public async Task HttpStatusOfTheUpstream_StaysWithTheStatusThatItIsOf()
    {
        _server.Change = (_, response) =>
        {
            response.Status.HttpStatusCode = 207;
            response.Outputs[0].Status.HttpStatusCode = 422;
        };
        await using var batch = new BatchFixture(_server.Address);

        var answers = await batch.AnswersAsync(await batch.WaitingAsync(
            BatchUpstream.Request("m", "fail1"), BatchUpstream.Request("m", "b", "fail2"), BatchUpstream.Request("m", "c")));

        Assert.Equal([422u, 207u, 0u], answers.Select(answer => answer.Status.HttpStatusCode));
    }

    [Theory]
    [InlineData("poison")]
    [InlineData("poison-")]
    [InlineData("poison--")]
    public async Task CallThatFailsForOne_IsSplit_AndOnlyThatOneFails(string poison)
    {
        await using var batch = new BatchFixture(_server.Address);
        var calls = await batch.WaitingAsync(BatchUpstream.Request("m", "a"), BatchUpstream.Request("m", poison), BatchUpstream.Request("m", "b"));

        var results = await batch.ResultsAsync(calls);

        Assert.Equal([3, 1, 1, 1], _server.Calls.Select(call => call.Texts.Length));
        Assert.Equal(["id-0", "id-1", "id-2"], _server.Calls.Skip(1).Select(call => call.Metadata.GetValue("x-request-id")!).Order());
        Assert.Equal("a", TextsOf(BatchFixture.AnswerOf(results[0])));
        Assert.Equal("b", TextsOf(BatchFixture.AnswerOf(results[2])));
        Assert.True(results[1] is { Outcome.IsOK: false } or { Message.Status.Code: (int)StatusCode.ConnInvalidRequest } or { Message.Length: > 0 });
    }

    [Fact]
    public async Task Repeated_IsMadeAloneAndOnce()
    {
        _server.Before = _ => Task.FromResult<GrpcStatus?>(new GrpcStatus(GrpcStatusCode.Internal, "always"));
        await using var batch = new BatchFixture(_server.Address);
        var calls = await batch.WaitingAsync([.. Enumerable.Range(0, 10).Select(i => BatchUpstream.Request("m", $"{i}"))]);

        var results = await batch.ResultsAsync(calls);

        Assert.Equal(1 + 10, _server.Calls.Count);
        Assert.All(results, result => Assert.Equal(GrpcStatusCode.Internal, result.Outcome.Code));
        Assert.Equal(0, batch.Arrays.Lent);
    }

    [Fact]
    public async Task Repeated_WaitsForItsTurn_HoweverLongThatTakes()
    {
        await using var batch = new BatchFixture(_server.Address, maxWait: TimeSpan.FromSeconds(0.5));
        var calls = await batch.WaitingAsync([BatchUpstream.Request("m", "poison"), .. Enumerable.Range(0, 20).Select(i => BatchUpstream.Request("m", $"{i}"))]);

        var answers = await batch.AnswersAsync(calls[1..]);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), answers.Select(TextsOf));
        await BatchFixture.UntilAsync(() => _server.Calls.Count == 1 + 21);
    }

    [Theory]
    [InlineData(StatusCode.ConnThrottled)]
    [InlineData(StatusCode.ConnKeyNotFound)]
    [InlineData(StatusCode.ConnInsufficientScopes)]
    [InlineData(StatusCode.ModelDeploying)]
    [InlineData(StatusCode.ModelDoesNotExist)]
    [InlineData(StatusCode.TryAgain)]
    public async Task StatusThatIsEveryones_IsToldToAll_AndNotRepeated(StatusCode code)
    {
        _server.Before = async call =>
        {
            call.Server.ResponseTrailers.Add("retry-after", "7");
            var response = BatchUpstream.Failed(code);
            response.Status.Details = "secret-of-the-tenant";
            await call.Server.WriteAsync(response.ToByteArray());
            return GrpcStatus.DefaultSuccess;
        };
        await using var batch = new BatchFixture(_server.Address);
        var calls = await batch.WaitingAsync(BatchUpstream.Request("m", "a"), BatchUpstream.Request("m", "b"));

        var results = await batch.ResultsAsync(calls);

        Assert.Single(_server.Calls);
        Assert.All(results, result => Assert.Equal("7", result.Trailers.GetValue("retry-after")));
        Assert.All(Array.ConvertAll(results, BatchFixture.AnswerOf), answer => Assert.Equal(
            (code, "********************", ""), (answer.Status.Code, answer.Status.Details, answer.Status.ReqId)));
    }

    [Theory]
    [InlineData(GrpcStatusCode.Unavailable)]
    [InlineData(GrpcStatusCode.Unauthenticated)]
    [InlineData(GrpcStatusCode.PermissionDenied)]
    [InlineData(GrpcStatusCode.ResourceExhausted)]
    [InlineData(GrpcStatusCode.Unimplemented)]
    public async Task OutcomeThatIsEveryones_IsToldToAll_AndNotRepeated(GrpcStatusCode code)
    {
        _server.Before = _ => Task.FromResult<GrpcStatus?>(new GrpcStatus(code, "of secret-of-the-tenant"));
        await using var batch = new BatchFixture(_server.Address);
        var calls = await batch.WaitingAsync(BatchUpstream.Request("m", "a"), BatchUpstream.Request("m", "b"));

        var results = await batch.ResultsAsync(calls);

        Assert.Single(_server.Calls);
        Assert.All(results, result => Assert.Equal((code, "of ********************"), (result.Outcome.Code, result.Outcome.Message)));
    }

    [Fact]
    public async Task TooLittleToo_IsNoAnswerToAnybody()
    {
        _server.Change = (call, response) =>
        {
            if (call.Texts.Length > 1)
            {
                response.Outputs.RemoveAt(0);
            }
        };
        await using var batch = new BatchFixture(_server.Address);

        var answers = await batch.AnswersAsync(await batch.WaitingAsync(BatchUpstream.Request("m", "a"), BatchUpstream.Request("m", "b")));

        Assert.Equal((3, "a", "b"), (_server.Calls.Count, TextsOf(answers[0]), TextsOf(answers[1])));
    }

    [Fact]
    public async Task Workflow_TravelsTogether_ButNotWithAState()
    {
        var seen = new List<PostWorkflowResultsRequest>();
        await using var server = await TestUpstream.StartAsync(async call =>
        {
            using var message = await call.ReadSingleAsync();
            var request = PostWorkflowResultsRequest.Parser.ParseFrom(message.Span);
            lock (seen)
            {
                seen.Add(request);
            }

            await call.WriteAsync(new PostWorkflowResultsResponse
            {
                Status = new Clarifai.Api.Status.Status { Code = StatusCode.Success },
                Workflow = new Workflow { Id = request.WorkflowId },
                WorkflowState = new WorkflowState { Id = "of-all" },
                Results = { request.Inputs.Select(input => new WorkflowResult { Id = input.Id, Status = new() { Code = StatusCode.Success } }) },
            }.ToByteArray());
            return GrpcStatus.DefaultSuccess;
        });
        await using var batch = new BatchFixture(server.Address, new BatchLimits { MaxWorkflowInputs = 2 });
        var rpc = UpstreamFixture.Workflow;
        byte[] Request(string id, string? state = null) => new PostWorkflowResultsRequest
        {
            WorkflowId = "w",
            Inputs = { new Input { Id = id } },
            WorkflowState = state is null ? null : new WorkflowState { Id = state },
        }.ToByteArray();
        var calls = new List<Task<UnaryResult<Payload>>>();
        foreach (var request in (byte[][])[Request("1"), Request("2"), Request("3"), Request("4", "init"), Request("5", "init")])
        {
            calls.Add(batch.CallAsync(request, rpc: rpc));
            await BatchFixture.UntilAsync(() => batch.Pool.Waiting == calls.Count);
        }

        var results = await batch.ResultsAsync([.. calls]);

        Assert.Equal(["1,2", "3", "4", "5"], seen.Select(request => string.Join(',', request.Inputs.Select(input => input.Id))));
        var answers = Array.ConvertAll(results, result => PostWorkflowResultsResponse.Parser.ParseFrom(result.Message!.Span));
        Assert.Equal(["1", "2", "3", "4", "5"], answers.Select(answer => Assert.Single(answer.Results).Id));
        Assert.Equal([null, null, "of-all", "of-all", "of-all"], answers.Select(answer => answer.WorkflowState?.Id));
        Assert.All(answers, answer => Assert.Equal("w", answer.Workflow.Id));
    }

    [Fact]
    public async Task Meter_SeesEachClientsOwn()
    {
        var meter = new RecordingMeter();
        await using var batch = new BatchFixture(_server.Address, meter: meter);
        byte[][] requests = [BatchUpstream.Request("m", "a"), BatchUpstream.Request("m", "b", "fail")];

        await batch.AnswersAsync(await batch.WaitingAsync(requests));

        Assert.Equal(requests, meter.Calls.Select(call => Assert.Single(call.Asked)));
        Assert.Equal(
            ["a", "b,fail"],
            meter.Calls.Select(call => string.Join(
                ',', MultiOutputResponse.Parser.ParseFrom(Assert.Single(call.Answered)).Outputs.Select(o => o.Data?.Text?.Raw ?? o.Status.Details))));
        Assert.All(meter.Calls, call => Assert.True(Assert.Single(call.Completed).IsOK));
    }

    private static string TextsOf(MultiOutputResponse answer) => string.Join(',', answer.Outputs.Select(output => output.Data.Text.Raw));

    private static Input InputOf(string text, string? method = null) => new()
    {
        Data = new Data
        {
            Text = new Text { Raw = text },
            Metadata = method is null ? null : new Struct { Fields = { ["_method_name"] = Value.ForString(method) } },
        },
    };

    private static byte[] InPieces()
    {
        byte[] input = [.. InputOf("x").ToByteArray(), .. InputOf("", "summarize").ToByteArray()];
        return [.. new PostModelOutputsRequest { ModelId = "m" }.ToByteArray(), (4 << 3) | 2, (byte)input.Length, .. input];
    }
}
