using System.Buffers;
using Gateway.Grpc.Server;

namespace Gateway.Grpc.Tests.Calls;

/// <summary>Message sizes around their limits, in each direction and on each side.</summary>
public sealed class MessageLimitTests
{
    private const int Limit = 1000;

    [Theory]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    public async Task ClientReceives_AroundItsLimit(int length, bool admitted)
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(
            Answer(length), new GrpcChannelOptions { MaxReceiveMessageSize = Limit });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);

        Assert.Equal(admitted ? GrpcStatus.OK : TooLarge("received"), result.Status);
    }

    [Theory]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    public async Task ClientSends_AroundItsLimit(int length, bool admitted)
    {
        bool called = false;
        await using GrpcPair pair = await GrpcPair.StartAsync(
            call =>
            {
                called = true;
                return Answer(0)(call);
            },
            new GrpcChannelOptions { MaxSendMessageSize = Limit });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, new byte[length].AsSequence(), default);

        Assert.Equal(admitted ? GrpcStatus.OK : TooLarge("sent"), result.Status);
        Assert.Equal(admitted, called);
    }

    [Theory]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    public async Task ServerReceives_AroundItsLimit(int length, bool admitted)
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(Answer(0), server: new GrpcServerOptions { MaxReceiveMessageSize = Limit });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, new byte[length].AsSequence(), default);

        Assert.Equal(admitted ? GrpcStatus.OK : TooLarge("received", here: false), result.Status);
    }

    [Theory]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    public async Task ServerSends_AroundItsLimit(int length, bool admitted)
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(Answer(length), server: new GrpcServerOptions { MaxSendMessageSize = Limit });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);

        Assert.Equal(admitted ? GrpcStatus.OK : TooLarge("sent", here: false), result.Status);
    }

    [Fact]
    public async Task DuplexWrite_OverTheLimit_EndsTheCallWithThatStatus()
    {
        var handler = new WaitingHandler();
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync, new GrpcChannelOptions { MaxSendMessageSize = Limit });

        await using DuplexStream stream = pair.Channel.DuplexStreaming(GrpcPair.Path, default);
        await handler.Started;

        Assert.False(await stream.WriteAsync(new byte[Limit + 1].AsSequence()));
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(TooLarge("sent"), stream.Status);
        await handler.Cancelled;
    }

    [Fact]
    public async Task Unary_OverKestrelsOwnBodyLimit_IsServed()
    {
        const int length = 40 * 1024 * 1024; // Kestrel's default is 30,000,000
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            using Payload request = await call.ReadSingleAsync();
            await call.WriteAsync(Bytes.Of(request.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            return GrpcStatus.OK;
        });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, new byte[length].AsSequence(), default);

        Assert.Equal(GrpcStatus.OK, result.Status);
        Assert.Equal("41943040", result.Message!.Text());
    }

    private static GrpcServerHandler Answer(int length) => async call =>
    {
        (await call.ReadSingleAsync()).Dispose();
        await call.WriteAsync(new ReadOnlySequence<byte>(new byte[length]));
        return GrpcStatus.OK;
    };

    private static GrpcStatus TooLarge(string direction, bool here = true) => new(
        GrpcStatusCode.ResourceExhausted, $"{direction} message of {Limit + 1} bytes is over the limit of {Limit} bytes")
    {
        IsOverSizeLimit = here,
    };
}
