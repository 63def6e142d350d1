namespace Gateway.Grpc.Tests.Calls;

/// <summary>Statuses from the server's handler to the client's result.</summary>
public sealed class StatusTests
{
    public static TheoryData<GrpcStatusCode> FailureCodes => [.. Enum.GetValues<GrpcStatusCode>().Where(code => code != GrpcStatusCode.OK)];

    [Theory]
    [MemberData(nameof(FailureCodes))]
    public async Task Unary_Failure_ArrivesAsTrailersOnly(GrpcStatusCode code)
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(call => Task.FromResult(new GrpcStatus(code, "as told")));

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);

        Assert.Equal(new GrpcStatus(code, "as told"), result.Status);
        Assert.Null(result.Message);
    }

    [Theory]
    [InlineData("überall: 日本 😀 100%\r\n\t end")]
    [InlineData("%41")]
    [InlineData("")]
    public async Task Unary_AnyText_ArrivesUnchanged(string message)
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(call => Task.FromResult(new GrpcStatus(GrpcStatusCode.NotFound, message)));

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);

        Assert.Equal(message, result.Status.Message);
    }

    [Fact]
    public async Task Unary_FailureAfterMessage_ComesFromTrailersAndDropsTheMessage()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            await call.WriteAsync(Bytes.Of("half done"));
            return new GrpcStatus(GrpcStatusCode.DataLoss, "then it broke");
        });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);

        Assert.Equal(new GrpcStatus(GrpcStatusCode.DataLoss, "then it broke"), result.Status);
        Assert.Null(result.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Unary_Details_ArriveInTrailersAndInTrailersOnly(bool withMessage)
    {
        byte[] details = Bytes.Pattern(100, seed: 5);
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            if (withMessage) await call.WriteAsync(Bytes.Of("x"));
            return new GrpcStatus(GrpcStatusCode.FailedPrecondition, "see details", details);
        });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);

        Assert.Equal(GrpcStatusCode.FailedPrecondition, result.Status.Code);
        Assert.Equal(details, result.Status.Details.ToArray());
    }

    [Fact]
    public async Task ServerStreaming_FailureAfterMessages_MessagesArriveFirst()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            await call.WriteAsync(Bytes.Of("one"));
            return new GrpcStatus(GrpcStatusCode.Aborted, "no more");
        });

        await using ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("x"), default);
        using (Payload? message = await stream.ReadAsync()) Assert.Equal("one", message!.Text());

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(new GrpcStatus(GrpcStatusCode.Aborted, "no more"), stream.Status);
        Assert.Null(await stream.ReadAsync());
    }

    [Fact]
    public async Task Unary_OkWithoutMessage_IsInternal()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(call => Task.FromResult(GrpcStatus.OK));

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Internal, "the upstream answered OK without a message"), result.Status);
        Assert.Null(result.Message);
    }

    [Fact]
    public async Task Unary_TwoMessages_IsInternal()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            await call.WriteAsync(Bytes.Of("one"));
            await call.WriteAsync(Bytes.Of("two"));
            return GrpcStatus.OK;
        });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Internal, "the upstream answered with more than one message"), result.Status);
        Assert.Null(result.Message);
    }

    [Fact]
    public async Task ClientStreaming_StatusBeforeTheRequestEnds_Arrives()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            (await call.ReadAsync())!.Dispose();
            return new GrpcStatus(GrpcStatusCode.InvalidArgument, "the first was wrong");
        });

        await using ClientStream stream = pair.Channel.ClientStreaming(GrpcPair.Path, default);
        await stream.WriteAsync(Bytes.Of("wrong"));
        using UnaryResult result = await stream.ReadResponseAsync();

        Assert.Equal(new GrpcStatus(GrpcStatusCode.InvalidArgument, "the first was wrong"), result.Status);
    }

    [Fact]
    public async Task ServerStreaming_NoMessages_IsOk()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(call => Task.FromResult(GrpcStatus.OK));

        await using ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("x"), default);

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.OK, stream.Status);
    }
}
