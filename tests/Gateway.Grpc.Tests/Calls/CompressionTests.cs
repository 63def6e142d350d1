using Gateway.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Grpc.Tests.Calls;

/// <summary>gzip in both directions.</summary>
public sealed class CompressionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(2_000_000)]
    public async Task Unary_CompressedBothWays_ComesBackUnchanged(int length)
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            call.CompressResponse = true;
            using Payload request = await call.ReadSingleAsync();
            await call.WriteAsync(request.AsSequence());
            return GrpcStatus.OK;
        });
        byte[] message = Bytes.Pattern(length, seed: length);

        using UnaryResult result = await pair.Channel.UnaryAsync(
            GrpcPair.Path, Bytes.Segmented(message, 9_999), new CallOptions { CompressRequest = true });

        Assert.Equal(GrpcStatus.OK, result.Status);
        Assert.True(result.Message!.Span.SequenceEqual(message));
    }

    [Fact]
    public async Task Duplex_CompressedRequests_AreMarkedAndSmaller()
    {
        string? encoding = null;
        long received = 0;
        await using TestServer server = await TestServer.StartAsync(app => app.Run(async context =>
        {
            encoding = context.Request.Headers["grpc-encoding"];
            byte[] body = new byte[100_000];
            int read;
            while ((read = await context.Request.Body.ReadAsync(body)) > 0) received += read;
            context.Response.Headers["grpc-status"] = "0";
        }));
        await using var channel = new GrpcChannel(server.Address, new GrpcChannelOptions());

        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", new CallOptions { CompressRequest = true });
        Assert.True(await stream.WriteAsync(new byte[100_000].AsSequence()));
        await stream.CompleteAsync();
        Assert.Null(await stream.ReadAsync());

        Assert.Equal("gzip", encoding);
        Assert.InRange(received, 20, 1000);
    }

    [Fact]
    public async Task Duplex_CompressionTurnedOffAndOn_HoldsForEachMessage()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            call.CompressResponse = true;
            await call.StartAsync();
            while (await call.ReadAsync() is { } message)
            {
                using (message)
                {
                    call.CompressResponse = !message.WasCompressed;
                    await call.WriteAsync(message.AsSequence());
                }
            }

            return GrpcStatus.OK;
        });
        await using DuplexStream stream = pair.Channel.DuplexStreaming(GrpcPair.Path, new CallOptions { CompressRequest = true });

        Assert.True(stream.CompressRequest);
        foreach (bool compressed in (bool[])[true, false, true])
        {
            stream.CompressRequest = compressed;
            Assert.True(await stream.WriteAsync(Bytes.Of("a message")));
            using Payload? answer = await stream.ReadAsync();
            Assert.Equal("a message"u8, answer!.Span);
            Assert.Equal(!compressed, answer.WasCompressed);
        }
    }

    [Fact]
    public async Task Client_CallNotAnnouncedAsCompressed_SendsPlain()
    {
        bool? compressed = null;
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            using Payload message = await call.ReadSingleAsync();
            compressed = message.WasCompressed;
            return GrpcStatus.OK;
        });
        await using ClientStream stream = pair.Channel.ClientStreaming(GrpcPair.Path, default);

        stream.CompressRequest = true;
        Assert.True(await stream.WriteAsync(Bytes.Of("a message")));
        await stream.CompleteAsync();
        using UnaryResult result = await stream.ReadResponseAsync();

        Assert.False(stream.CompressRequest);
        Assert.False(compressed);
    }

    [Fact]
    public async Task Unary_EmptyMessage_IsSentPlain()
    {
        byte[] body = [];
        await using TestServer server = await TestServer.StartAsync(app => app.Run(async context =>
        {
            var received = new MemoryStream();
            await context.Request.Body.CopyToAsync(received);
            body = received.ToArray();
            context.Response.Headers["grpc-status"] = "0";
        }));
        await using var channel = new GrpcChannel(server.Address, new GrpcChannelOptions());

        using (await channel.UnaryAsync("/a.B/C", default, new CallOptions { CompressRequest = true })) Assert.Equal(new byte[5], body);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("deflate")]
    [InlineData(null)]
    public async Task Server_ClientDoesNotAcceptGzip_SendsPlain(string? accepted)
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            call.CompressResponse = true;
            await call.WriteAsync(new byte[1000].AsSequence());
            return GrpcStatus.OK;
        });
        using var client = new RawClient(pair.Server.Address);

        using HttpResponseMessage response = await client.PostAsync(
            GrpcPair.Path, [0, 0, 0, 0, 0], accepted is null ? [] : [("grpc-accept-encoding", accepted)]);
        byte[] body = await response.Content.ReadAsByteArrayAsync();

        Assert.False(response.Headers.Contains("grpc-encoding"));
        Assert.Equal(1005, body.Length);
        Assert.Equal(0, body[0]);
    }

    [Fact]
    public async Task Server_UnknownRequestEncoding_IsUnimplementedAndSaysWhatItAccepts()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(call => Task.FromResult(GrpcStatus.OK));
        using var client = new RawClient(pair.Server.Address);

        using HttpResponseMessage response = await client.PostAsync(GrpcPair.Path, [0, 0, 0, 0, 0], [("grpc-encoding", "snappy")]);

        Assert.Equal("12", response.Headers.GetValues("grpc-status").Single());
        Assert.Equal("identity,gzip", response.Headers.GetValues("grpc-accept-encoding").Single());
    }

    [Fact]
    public async Task Client_CompressedWithUnknownEncoding_IsInternal()
    {
        await using TestServer server = await TestServer.StartAsync(app => app.Run(async context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-encoding"] = "snappy";
            await context.Response.Body.WriteAsync(new byte[] { 1, 0, 0, 0, 1, 9 });
            context.Response.AppendTrailer("grpc-status", "0");
        }));
        await using var channel = new GrpcChannel(server.Address, new GrpcChannelOptions());

        using UnaryResult result = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);

        Assert.Equal(
            new GrpcStatus(GrpcStatusCode.Internal, "received a compressed message without a supported grpc-encoding"), result.Status);
    }
}
