using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Testing;
using Gateway.Testing.Http2;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Primitives;

namespace Gateway.Core.Tests.Upstream.Calls;

/// <summary>Metadata over the wire, both ways.</summary>
public sealed class MetadataTests
{
    [Fact]
    public async Task Request_Metadata_ReachesTheServer()
    {
        var seen = new Dictionary<string, string>();
        await using var server = await StartRecordingAsync(seen);
        await using var upstream = new UpstreamCalls(server.Address);
        var sent = new Metadata { { "x-many", "one, still one" }, { "x-many", "two" }, { "x-empty", "" }, { "x-data-bin", "f"u8.ToArray() } };

        await upstream.UnaryAsync(Bytes.Of("x"), metadata: sent);

        Assert.Equal("", seen["x-empty"]);
        Assert.Contains("one, still one", seen["x-many"], StringComparison.Ordinal);
        Assert.Contains("two", seen["x-many"], StringComparison.Ordinal);
        Assert.Equal("Zg", seen["x-data-bin"].TrimEnd('='));
    }

    [Fact]
    public async Task Request_BinaryMetadataOfAnyLength_ReachesTheServer()
    {
        var seen = new Dictionary<string, string>();
        await using var server = await StartRecordingAsync(seen);
        await using var upstream = new UpstreamCalls(server.Address);
        var sent = new Metadata();
        for (var length = 0; length < 5; length++)
        {
            sent.Add($"x-data{length}-bin", Bytes.Pattern(length, seed: length));
        }

        await upstream.UnaryAsync(Bytes.Of("x"), metadata: sent);

        for (var length = 0; length < 5; length++)
        {
            Assert.Equal(Convert.ToBase64String(Bytes.Pattern(length, seed: length)).TrimEnd('='), seen[$"x-data{length}-bin"].TrimEnd('='));
        }
    }

    [Fact]
    public async Task Request_OnTheWire_IsWhatTheProtocolSays()
    {
        var seen = new Dictionary<string, string>();
        await using var server = await StartRecordingAsync(seen);
        await using var upstream = new UpstreamCalls(server.Address);

        foreach (var reply in await upstream.CallEveryKindAsync(new UpstreamCall("id", TimeSpan.FromHours(1), default)))
        {
            Assert.Equal(StatusCode.Aborted, reply.Code);
            Assert.Equal("POST", seen["method"]);
            Assert.Equal("HTTP/2", seen["protocol"]);
            Assert.Equal("trailers", seen["te"]);
            Assert.StartsWith("application/grpc", seen["content-type"], StringComparison.Ordinal);
            Assert.Matches("^[0-9]{1,8}[HMSmun]$", seen["grpc-timeout"]);
            Assert.Contains("gzip", seen["grpc-accept-encoding"], StringComparison.Ordinal);
            Assert.StartsWith("grpc-dotnet", seen["user-agent"], StringComparison.Ordinal);
            Assert.Equal("id", seen["x-request-id"]);
            Assert.DoesNotContain("grpc-encoding", seen.Keys);
            Assert.DoesNotContain("grpc-status", seen.Keys);
            Assert.DoesNotContain("grpc-previous-rpc-attempts", seen.Keys);
            Assert.DoesNotContain("traceparent", seen.Keys);
            Assert.DoesNotContain("authorization", seen.Keys);
        }
    }

    [Fact]
    public async Task Response_Metadata_ArrivesAsHeadersAndTrailers()
    {
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            call.ResponseHeaders.Add("x-head", "first");
            call.ResponseHeaders.Add("x-head-bin", [1, 2]);
            await call.WriteAsync("x"u8.ToArray());
            call.ResponseTrailers.Add("x-trail", "last");
            call.ResponseTrailers.Add("x-trail-bin", [3]);
            return Status.DefaultSuccess;
        });

        foreach (var reply in await pair.Upstream.CallEveryKindAsync())
        {
            Assert.Equal("first", reply.Headers.GetValue("x-head"));
            Assert.Equal([1, 2], reply.Headers.GetValueBytes("x-head-bin"));
            Assert.Equal("last", reply.Trailers.GetValue("x-trail"));
            Assert.Equal([3], reply.Trailers.GetValueBytes("x-trail-bin"));
            Assert.Null(reply.Headers.GetValue("x-trail"));
            Assert.Null(reply.Trailers.GetValue("x-head"));
        }
    }

    [Fact]
    public async Task Response_FailureAfterHeaders_HasBoth()
    {
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            call.ResponseHeaders.Add("x-head", "first");
            await call.StartAsync();
            call.ResponseTrailers.Add("x-trail", "last");
            return new Status(StatusCode.Aborted, "");
        });

        foreach (var reply in await pair.Upstream.CallEveryKindAsync())
        {
            Assert.Equal(("first", "last"), (reply.Headers.GetValue("x-head"), reply.Trailers.GetValue("x-trail")));
        }
    }

    [Fact]
    public async Task Response_TrailersOnly_MetadataIsInTheTrailers() // and in the headers, which they are
    {
        await using var pair = await UpstreamPair.StartAsync(call =>
        {
            call.ResponseTrailers.Add("x-trail", "last");
            return Task.FromResult(new Status(StatusCode.NotFound, ""));
        });

        foreach (var reply in await pair.Upstream.CallEveryKindAsync())
        {
            Assert.Equal("last", reply.Trailers.GetValue("x-trail"));
        }
    }

    [Fact]
    public async Task Response_HeadersBeforeMessages_CanBeReadAlone()
    {
        var headersRead = new TaskCompletionSource();
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            call.ResponseHeaders.Add("x-head", "first");
            await call.StartAsync();
            await headersRead.Task;
            return Status.DefaultSuccess;
        });
        await using var stream = pair.Upstream.Duplex();

        var headers = await stream.ReadHeadersAsync();
        headersRead.SetResult();

        Assert.Equal("first", headers.GetValue("x-head"));
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    [Fact]
    public async Task Response_TextOfSeveralValues_Arrives()
    {
        await using var server = await TestServer.StartAsync(app => app.Run(context =>
        {
            context.Response.Headers["grpc-status"] = "5";
            context.Response.Headers["x-a"] = "one,two";
            context.Response.Headers["x-b-bin"] = "Zm9v";
            context.Response.Headers["x-c-bin"] = "Zg==";
            return Task.CompletedTask;
        }));
        await using var upstream = new UpstreamCalls(server.Address);

        var reply = await upstream.UnaryAsync(Bytes.Of("x"));

        Assert.Equal(new Outcome(StatusCode.NotFound), reply.Outcome);
        Assert.Equal("one,two", reply.Trailers.GetValue("x-a"));
        Assert.Equal("foo"u8.ToArray(), reply.Trailers.GetValueBytes("x-b-bin"));
        Assert.Equal("f"u8.ToArray(), reply.Trailers.GetValueBytes("x-c-bin"));
    }

    // What one entry spells wrong takes nothing from the others, nor from the call.
    [Fact]
    public async Task Response_BinaryMetadataPaddedOrRepeated_IsRead()
    {
        await using var server = await TestServer.StartAsync(app => app.Run(context =>
        {
            context.Response.Headers["grpc-status"] = "5";
            context.Response.Headers["x-a-bin"] = new StringValues(["Zg==", "Zm8", "Zm9v"]);
            context.Response.Headers["x-c"] = "one,two";
            return Task.CompletedTask;
        }));
        await using var upstream = new UpstreamCalls(server.Address);

        foreach (var reply in await upstream.CallEveryKindAsync())
        {
            Assert.Equal(new Outcome(StatusCode.NotFound), reply.Outcome);
            Assert.Equal(["f", "fo", "foo"], reply.Trailers.Where(entry => entry.Key == "x-a-bin").Select(entry => entry.ValueBytes.Text()));
            Assert.Equal("one,two", reply.Trailers.GetValue("x-c"));
        }
    }

    [Theory]
    [InlineData("***")]
    [InlineData("Zg==,Zm8=")] // what a proxy may make of two, which the client does not take apart
    public async Task Response_BinaryMetadataThatIsNone_IsAFaultOfTheUpstream(string value)
    {
        await using var server = await TestServer.StartAsync(app => app.Run(context =>
        {
            context.Response.Headers["grpc-status"] = "5";
            context.Response.Headers["x-a-bin"] = value;
            return Task.CompletedTask;
        }));
        await using var upstream = new UpstreamCalls(server.Address);

        Assert.All(
            await upstream.CallEveryKindAsync(),
            reply => Assert.Equal(new Outcome(StatusCode.Internal, "the upstream answered with binary metadata that is not base64"), reply.Outcome));
    }

    // SETTINGS_MAX_HEADER_LIST_SIZE, RFC 9113, section 6.5.2
    [Fact]
    public async Task Request_MetadataOverThePeersLimit_IsNotSentAndSaysWhy()
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
        await using var upstream = new UpstreamCalls(peer.Address);
        var large = new Metadata { { "x-large", new string('x', 1000) } };

        var refused = await upstream.UnaryAsync(Bytes.Of("x"), metadata: large);
        await using var stream = upstream.Duplex(metadata: large);
        Assert.Null(await stream.ReadAsync());
        var next = await upstream.UnaryAsync(Bytes.Of("x"));

        var expected = new Outcome(StatusCode.InvalidArgument, "the call's metadata is larger than the upstream accepts") { IsUnprocessed = true };
        Assert.Equal(expected, refused.Outcome);
        Assert.Equal(expected, stream.End.Outcome);
        Assert.Equal(Outcome.OK, next.Outcome);
        Assert.Single(calls);
    }

    private static Task<TestServer> StartRecordingAsync(Dictionary<string, string> seen) => TestServer.StartAsync(app => app.Run(context =>
    {
        seen.Clear();
        seen["method"] = context.Request.Method;
        seen["protocol"] = context.Request.Protocol;
        foreach (var header in context.Request.Headers)
        {
            seen[header.Key.ToLowerInvariant()] = header.Value.ToString();
        }

        context.Response.Headers["grpc-status"] = "10";
        return Task.CompletedTask;
    }));
}
