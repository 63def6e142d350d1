using System.IO.Compression;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Core.Tests.Upstream.Calls;

/// <summary>Messages around the limit of what is received, plain and compressed.</summary>
public sealed class MessageLimitTests
{
    private const int Limit = 1000;

    private static readonly ChannelOptions Limited = new() { MaxReceiveMessageSize = Limit };

    [Theory]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    public async Task Answer_AroundTheLimit_IsExact(int length, bool isAdmitted)
    {
        await using var pair = await UpstreamPair.StartAsync(Answer(length), Limited);

        var expected = isAdmitted ? Outcome.OK : TooLarge($"received message is over the limit of {Limit} bytes");
        Assert.All(await pair.Upstream.CallEveryKindAsync(), reply => Assert.Equal(expected, reply.Outcome));
    }

    [Theory]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    public async Task Answer_CompressedAndAroundTheLimit_IsExact(int length, bool isAdmitted)
    {
        await using var server = await TestServer.StartAsync(app => app.Run(AnswerPacked(length)));
        await using var upstream = new UpstreamCalls(server.Address, Limited);

        var expected = isAdmitted ? Outcome.OK : TooLarge($"received message is over the limit of {Limit} bytes");
        Assert.All(await upstream.CallEveryKindAsync(), reply => Assert.Equal(expected, reply.Outcome));
    }

    [Fact]
    public async Task Answer_OfLittleThatUnpacksToMuch_IsOverTheLimit()
    {
        await using var server = await TestServer.StartAsync(app => app.Run(AnswerPacked(50_000_000)));
        await using var upstream = new UpstreamCalls(server.Address, new ChannelOptions { MaxReceiveMessageSize = 100_000 });

        Assert.Equal(
            TooLarge("received message is over the limit of 100000 bytes"), (await upstream.UnaryAsync(Bytes.Of("x"))).Outcome);
    }

    [Fact]
    public async Task Stream_LaterMessageOverTheLimit_EndsItAndTheServerIsCancelled()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await UpstreamPair.StartAsync(
            async call =>
            {
                using var registration = call.CancellationToken.Register(cancelled.SetResult);
                await call.WriteAsync(new byte[Limit]);
                await call.WriteAsync(new byte[Limit + 1]);
                await cancelled.Task;
                return Status.DefaultCancelled;
            },
            Limited);
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"));

        Assert.NotNull(await stream.ReadAsync());
        Assert.Null(await stream.ReadAsync());

        Assert.Equal(TooLarge($"received message is over the limit of {Limit} bytes"), stream.End.Outcome);
        await cancelled.Task;
    }

    [Fact]
    public async Task Request_OverTheServersLimit_IsTheServersAnswer()
    {
        await using var pair = await UpstreamPair.StartAsync(call => Task.FromResult(new Status(StatusCode.ResourceExhausted, "too much")));

        var reply = await pair.Upstream.UnaryAsync(Bytes.Of(new byte[8 * 1024 * 1024]));

        Assert.Equal(new Outcome(StatusCode.ResourceExhausted, "too much"), reply.Outcome);
    }

    private static Outcome TooLarge(string text) => new(StatusCode.ResourceExhausted, text) { IsOverSizeLimit = true };

    private static GrpcServerHandler Answer(int length) => async call =>
    {
        await call.WriteAsync(new byte[length]);
        return Status.DefaultSuccess;
    };

    private static RequestDelegate AnswerPacked(int length) => async context =>
    {
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            await gzip.WriteAsync(new byte[length]);
        }

        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-encoding"] = "gzip";
        await context.Response.Body.WriteAsync(Bytes.Framed(packed.ToArray(), isCompressed: true));
        context.Response.AppendTrailer("grpc-status", "0");
    };
}
