using Gateway.Testing;
using Gateway.Testing.Http2;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Grpc.Tests.Calls;

/// <summary>Metadata over the wire, both ways.</summary>
public sealed class MetadataCallTests
{
    [Fact]
    public async Task Unary_RequestMetadata_ReachesTheHandler()
    {
        Metadata? seen = null;
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            seen = call.RequestHeaders;
            await call.WriteAsync(Bytes.Of(""));
            return GrpcStatus.OK;
        });
        var sent = new Metadata();
        sent.Add("authorization", "Key 123");
        sent.Add("x-many", "one, still one");
        sent.Add("x-many", "two");
        sent.Add("x-empty", "");
        for (int length = 0; length < 4; length++) sent.AddBinary("x-data-bin", Bytes.Pattern(length, seed: length));

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), new CallOptions { Headers = sent });

        Assert.True(result.Status.IsOK);
        Assert.Equal("Key 123", seen!.GetValue("authorization"));
        Assert.Equal("", seen.GetValue("x-empty"));
        Assert.Contains("one, still one", string.Join("; ", Texts(seen, "x-many")), StringComparison.Ordinal);
        Assert.Contains("two", string.Join("; ", Texts(seen, "x-many")), StringComparison.Ordinal);
        Assert.Equal(
            Enumerable.Range(0, 4).Select(length => Convert.ToHexString(Bytes.Pattern(length, seed: length))),
            seen.Where(entry => entry.IsBinary).Select(entry => Convert.ToHexString(entry.Bytes.Span)));
    }

    [Fact]
    public async Task Unary_ResponseMetadata_ArrivesAsHeadersAndTrailers()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            call.ResponseHeaders.Add("x-head", "first");
            call.ResponseHeaders.AddBinary("x-head-bin", new byte[] { 1, 2 });
            await call.WriteAsync(Bytes.Of(""));
            call.ResponseTrailers.Add("x-trail", "last");
            call.ResponseTrailers.AddBinary("x-trail-bin", new byte[] { 3 });
            return GrpcStatus.OK;
        });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);

        Assert.Equal("first", result.Headers.GetValue("x-head"));
        Assert.Equal(new byte[] { 1, 2 }, result.Headers.GetBinary("x-head-bin")!.Value.ToArray());
        Assert.Equal("last", result.Trailers.GetValue("x-trail"));
        Assert.Equal(new byte[] { 3 }, result.Trailers.GetBinary("x-trail-bin")!.Value.ToArray());
        Assert.Null(result.Headers.GetValue("x-trail"));
        Assert.Null(result.Trailers.GetValue("x-head"));
        Assert.Null(result.Trailers.GetValue("grpc-status"));
    }

    [Fact]
    public async Task Unary_TrailersOnly_MetadataIsInTheTrailers()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(call =>
        {
            call.ResponseHeaders.Add("x-head", "first");
            call.ResponseTrailers.Add("x-trail", "last");
            return Task.FromResult(new GrpcStatus(GrpcStatusCode.NotFound));
        });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);

        Assert.Equal("last", result.Trailers.GetValue("x-trail"));
        Assert.Equal("first", result.Trailers.GetValue("x-head"));
        Assert.Empty(result.Headers);
    }

    [Fact]
    public async Task ServerStreaming_HeadersBeforeMessages_CanBeReadAlone()
    {
        var headersRead = new TaskCompletionSource();
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            call.ResponseHeaders.Add("x-head", "first");
            await call.StartAsync();
            await headersRead.Task;
            return GrpcStatus.OK;
        });

        await using ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("x"), default);
        Metadata headers = await stream.ReadHeadersAsync();
        headersRead.SetResult();

        Assert.Equal("first", headers.GetValue("x-head"));
        Assert.Null(await stream.ReadAsync());
        Assert.True(stream.Status.IsOK);
    }

    [Fact]
    public async Task Request_OnTheWire_IsWhatTheProtocolSays()
    {
        var seen = new Dictionary<string, string>();
        await using TestServer server = await TestServer.StartAsync(app => app.Run(context =>
        {
            seen["method"] = context.Request.Method;
            seen["protocol"] = context.Request.Protocol;
            foreach (var header in context.Request.Headers) seen[header.Key.ToLowerInvariant()] = header.Value.ToString();
            context.Response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        }));
        await using var channel = new GrpcChannel(server.Address, new GrpcChannelOptions());
        var metadata = new Metadata();
        metadata.AddBinary("x-data-bin", "f"u8.ToArray());
        foreach (string reserved in (string[])["te", "content-type", "grpc-timeout", "grpc-encoding", "grpc-status", "host"]) metadata.Add(reserved, "mine");

        using (await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), new CallOptions { Headers = metadata, Timeout = TimeSpan.FromSeconds(2) }))
        {
            Assert.Equal("POST", seen["method"]);
            Assert.Equal("HTTP/2", seen["protocol"]);
            Assert.Equal("trailers", seen["te"]);
            Assert.Equal("application/grpc+proto", seen["content-type"]);
            Assert.Equal("2000000u", seen["grpc-timeout"]);
            Assert.Equal("identity,gzip", seen["grpc-accept-encoding"]);
            Assert.StartsWith("grpc-dotnet-gateway/", seen["user-agent"], StringComparison.Ordinal);
            Assert.Equal("Zg", seen["x-data-bin"]);
            Assert.DoesNotContain("grpc-encoding", seen.Keys);
            Assert.DoesNotContain("grpc-status", seen.Keys);
            Assert.DoesNotContain("traceparent", seen.Keys);
            Assert.DoesNotContain("mine", seen.Values);
        }
    }

    [Fact]
    public async Task UserAgent_OfTheCaller_ReplacesOurs()
    {
        string? seen = null;
        await using GrpcPair pair = await GrpcPair.StartAsync(call =>
        {
            seen = call.RequestHeaders.GetValue("user-agent");
            return Task.FromResult(new GrpcStatus(GrpcStatusCode.Aborted));
        });
        var metadata = new Metadata();
        metadata.Add("user-agent", "someone/1.0");

        using (await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), new CallOptions { Headers = metadata }))
        {
            Assert.Equal("someone/1.0", seen);
        }
    }

    [Fact]
    public async Task BinaryMetadata_PaddedJoinedOrBroken_IsReadAsFarAsItGoes()
    {
        await using TestServer server = await TestServer.StartAsync(app => app.Run(context =>
        {
            context.Response.Headers["grpc-status"] = "5";
            context.Response.Headers["x-a-bin"] = "Zg==,Zm8=, Zm9v";
            context.Response.Headers["x-b-bin"] = "***";
            context.Response.Headers["x-c"] = "one,two";
            return Task.CompletedTask;
        }));
        await using var channel = new GrpcChannel(server.Address, new GrpcChannelOptions());

        using UnaryResult result = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);

        Assert.Equal(
            ["f", "fo", "foo"],
            result.Trailers.Where(entry => entry.Key == "x-a-bin").Select(entry => System.Text.Encoding.ASCII.GetString(entry.Bytes.Span)));
        Assert.Null(result.Trailers.GetBinary("x-b-bin"));
        Assert.Equal("one,two", result.Trailers.GetValue("x-c"));
    }

    // SETTINGS_MAX_HEADER_LIST_SIZE, RFC 9113, section 6.5.2
    [Fact]
    public async Task Unary_MetadataOverThePeersLimit_IsNotSentAndSaysWhy()
    {
        var calls = new List<int>();
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync((Http2Setting.MaxHeaderListSize, 1000));
            while (true)
            {
                calls.Add(await connection.ReadCallAsync());
                await connection.AnswerAsync(calls[^1]);
            }
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());
        var large = new Metadata();
        large.Add("x-large", new string('x', 1000));

        using UnaryResult refused = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), new CallOptions { Headers = large });
        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", new CallOptions { Headers = large });
        Assert.Null(await stream.ReadAsync());
        using UnaryResult next = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);

        var expected = new GrpcStatus(GrpcStatusCode.InvalidArgument, "the call's metadata is larger than the upstream accepts") { IsUnprocessed = true };
        Assert.Equal(expected, refused.Status);
        Assert.Equal(expected, stream.Status);
        Assert.Equal(GrpcStatus.OK, next.Status);
        Assert.Single(calls);
    }

    private static IEnumerable<string> Texts(Metadata metadata, string key) =>
        metadata.Where(entry => entry.Key == key).Select(entry => entry.Text);
}
