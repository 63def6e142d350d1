using System.Net;
using System.Net.Sockets;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Testing;
using Gateway.Testing.Http2;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Core.Tests.Upstream.Calls;

/// <summary>Peers that answer what is not gRPC, or break its rules: each gives an outcome, the same to calls of every kind, and none an exception.</summary>
public sealed class OddPeerTests
{
    private const string ContentType = "application/grpc";

    private static readonly byte[] PartOfAMessage = [0, 0, 0, 0, 9, 1, 2, 3];

    // gRPC, http-grpc-status-mapping.md
    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(204, StatusCode.Unknown)]
    [InlineData(302, StatusCode.Unknown)]
    [InlineData(405, StatusCode.Unknown)]
    [InlineData(500, StatusCode.Unknown)]
    public Task HttpStatus_WithoutGrpcStatus_IsMapped(int httpStatus, StatusCode code) => EveryKindEndsAsync(
        new Outcome(code, $"the upstream answered HTTP {httpStatus} instead of gRPC"),
        async context =>
        {
            context.Response.StatusCode = httpStatus;
            if (httpStatus != 204)
            {
                await context.Response.WriteAsync("<html>secret</html>");
            }
        });

    [Fact]
    public Task HttpStatus_OfAnAnswerThatSaysItIsGrpc_IsMappedAllTheSame() => EveryKindEndsAsync(
        new Outcome(StatusCode.Unavailable, "the upstream answered HTTP 503 instead of gRPC"),
        async context =>
        {
            context.Response.StatusCode = 503;
            context.Response.ContentType = ContentType;
            await context.Response.Body.WriteAsync(PartOfAMessage);
        });

    [Fact]
    public Task HttpStatus_WithGrpcStatus_DoesNotMatter() => EveryKindEndsAsync(
        new Outcome(StatusCode.NotFound, "not here"),
        context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["grpc-status"] = "5";
            context.Response.Headers["grpc-message"] = "not%20here";
            return Task.CompletedTask;
        });

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/grpc-web+proto")]
    [InlineData(null)]
    public Task ContentType_OtherThanGrpc_IsUnknown(string? contentType) => EveryKindEndsAsync(
        new Outcome(StatusCode.Unknown, "the upstream answered with a content type that is not gRPC"),
        async context =>
        {
            context.Response.ContentType = contentType;
            await context.Response.Body.WriteAsync("<html>secret</html>"u8.ToArray());
        });

    [Fact]
    public Task Answer_OfNothingAtAll_IsUnknown() => EveryKindEndsAsync(
        new Outcome(StatusCode.Unknown, "the upstream answered with a content type that is not gRPC"), _ => Task.CompletedTask);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Trailers_WithoutStatus_IsUnknown(bool withMessage) => EveryKindEndsAsync(
        new Outcome(StatusCode.Unknown, "the upstream ended the call without a status"),
        async context =>
        {
            context.Response.ContentType = ContentType;
            if (withMessage)
            {
                await context.Response.Body.WriteAsync(new byte[5]);
            }
        });

    [Theory]
    [InlineData("seven")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    public Task Status_NotANumber_IsUnknown(string text) => EveryKindEndsAsync(
        new Outcome(StatusCode.Unknown, "the upstream ended the call with a status that is not a number"),
        async context =>
        {
            context.Response.ContentType = ContentType;
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", text);
        });

    [Fact]
    public Task Status_NotANumberInHeaders_IsUnknown() => EveryKindEndsAsync(
        new Outcome(StatusCode.Unknown, "the upstream ended the call with a status that is not a number"),
        context =>
        {
            context.Response.ContentType = ContentType;
            context.Response.Headers["grpc-status"] = "seven";
            return Task.CompletedTask;
        });

    [Fact]
    public Task Status_NumberThatGrpcDoesNotKnow_IsUnknownWithItsMessage() => EveryKindEndsAsync(
        new Outcome(StatusCode.Unknown, "new in 2031"),
        context =>
        {
            context.Response.Headers["grpc-status"] = "17";
            context.Response.Headers["grpc-message"] = "new in 2031";
            return Task.CompletedTask;
        });

    // PROTOCOL-HTTP2.md: what is not percent-encoded as it should be is not thrown away.
    [Theory]
    [InlineData("100% %zz %4", "100% %zz %4")]
    [InlineData("%41%20%E2%82%AC", "A €")]
    public Task StatusMessage_EncodedWellOrNot_Arrives(string sent, string text) => EveryKindEndsAsync(
        new Outcome(StatusCode.Aborted, text),
        context =>
        {
            context.Response.Headers["grpc-status"] = "10";
            context.Response.Headers["grpc-message"] = sent;
            return Task.CompletedTask;
        });

    /// <summary>Neither the address is to blame nor would another try help.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 20)]
    [InlineData(true, 20)]
    public Task Headers_TooLarge_AreToldAsThat(bool inTrailers, int count) => EveryKindEndsAsync(
        new Outcome(StatusCode.ResourceExhausted, "the upstream's headers or trailers are larger than accepted") { IsOverSizeLimit = true },
        async context =>
        {
            context.Response.ContentType = ContentType;
            var fields = inTrailers ? context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers : context.Response.Headers;
            for (var i = 0; i < count; i++)
            {
                fields[$"x-large-{i}"] = new string('a', 200_000 / count);
            }

            await context.Response.Body.FlushAsync();
        });

    // RFC 9113, section 7, and PROTOCOL-HTTP2.md, "HTTP2 Transport Mapping"
    [Theory]
    [InlineData(0x0, StatusCode.Internal, "NO_ERROR")]
    [InlineData(0x1, StatusCode.Internal, "PROTOCOL_ERROR")]
    [InlineData(0x2, StatusCode.Internal, "INTERNAL_ERROR")]
    [InlineData(0x3, StatusCode.Internal, "FLOW_CONTROL_ERROR")]
    [InlineData(0x8, StatusCode.Cancelled, "CANCEL")]
    [InlineData(0xb, StatusCode.ResourceExhausted, "ENHANCE_YOUR_CALM")]
    [InlineData(0xc, StatusCode.PermissionDenied, "INADEQUATE_SECURITY")]
    [InlineData(0x99, StatusCode.Internal, "an unknown error code")]
    public Task Reset_BeforeHeaders_IsMapped(int errorCode, StatusCode code, string name) => EveryKindEndsAsync(
        new Outcome(code, "the upstream reset the call with " + name),
        context =>
        {
            Reset(context, errorCode);
            return Task.CompletedTask;
        });

    [Theory]
    [InlineData(0x2, StatusCode.Internal, "INTERNAL_ERROR")]
    [InlineData(0x7, StatusCode.Unavailable, "REFUSED_STREAM")]
    [InlineData(0x8, StatusCode.Cancelled, "CANCEL")]
    public Task Reset_AfterHeaders_IsMapped(int errorCode, StatusCode code, string name) => EveryKindEndsAsync(
        new Outcome(code, "the upstream reset the call with " + name),
        async context =>
        {
            context.Response.ContentType = ContentType;
            await context.Response.Body.FlushAsync();
            Reset(context, errorCode);
        });

    [Theory]
    [InlineData(0x2, StatusCode.Internal, "INTERNAL_ERROR")]
    [InlineData(0x7, StatusCode.Unavailable, "REFUSED_STREAM")]
    [InlineData(0x8, StatusCode.Cancelled, "CANCEL")]
    public Task Reset_InsideAMessage_IsMapped(int errorCode, StatusCode code, string name) => EveryKindEndsAsync(
        new Outcome(code, "the upstream reset the call with " + name),
        async context =>
        {
            context.Response.ContentType = ContentType;
            await context.Response.Body.WriteAsync(PartOfAMessage);
            await context.Response.Body.FlushAsync();
            Reset(context, errorCode);
        });

    [Fact]
    public Task Reset_AfterTheMessage_IsMapped() => EveryKindEndsAsync(
        new Outcome(StatusCode.Internal, "the upstream reset the call with INTERNAL_ERROR"),
        async context =>
        {
            context.Response.ContentType = ContentType;
            await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 1, 7 });
            await context.Response.Body.FlushAsync();
            Reset(context, 0x2);
        });

    [Theory]
    [InlineData("0")]
    [InlineData("8")]
    public Task End_InsideAMessage_IsTruncatedWhateverTheTrailersSay(string trailer) => EveryKindEndsAsync(
        new Outcome(StatusCode.Internal, "the stream ended inside a message"),
        async context =>
        {
            context.Response.ContentType = ContentType;
            await context.Response.Body.WriteAsync(PartOfAMessage);
            context.Response.AppendTrailer("grpc-status", trailer);
        });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    public Task End_InsideThePrefixOrRightAfterIt_IsTruncated(int length) => EveryKindEndsAsync(
        new Outcome(StatusCode.Internal, "the stream ended inside a message"), Answer(PartOfAMessage[..length]));

    [Fact]
    public Task Prefix_OfAnUnknownKind_IsInternal() => EveryKindEndsAsync(
        new Outcome(StatusCode.Internal, "received a message prefix that is not gRPC's"), Answer([2, 0, 0, 0, 1, 7]));

    [Fact]
    public Task Prefix_OfFourGibibytes_IsOverTheLimit() => EveryKindEndsAsync(
        new Outcome(StatusCode.ResourceExhausted, "received message is over the limit of 134217728 bytes") { IsOverSizeLimit = true },
        Answer([0, 255, 255, 255, 255]));

    [Fact]
    public async Task Unary_OkWithoutAMessage_IsInternal()
    {
        var expected = new Outcome(StatusCode.Internal, "the upstream answered OK without a message");

        foreach (var answer in (RequestDelegate[])[Answer([]), OkInHeaders])
        {
            await using var server = await TestServer.StartAsync(app => app.Run(answer));
            await using var upstream = new UpstreamCalls(server.Address);

            Assert.Equal(expected, (await upstream.UnaryAsync(Bytes.Of("x"))).Outcome);
            Assert.Equal(Outcome.OK, (await upstream.StreamToItsEndAsync()).Outcome);
            Assert.Equal(Outcome.OK, (await upstream.DuplexToItsEndAsync()).Outcome);
        }
    }

    [Fact]
    public async Task Unary_TwoMessages_IsInternal()
    {
        await using var server = await TestServer.StartAsync(app => app.Run(Answer(Bytes.Framed("one", "two"))));
        await using var upstream = new UpstreamCalls(server.Address);

        var reply = await upstream.UnaryAsync(Bytes.Of("x"));

        Assert.Equal(new Outcome(StatusCode.Internal, "the upstream answered with more than one message"), reply.Outcome);
        Assert.Null(reply.Message);
    }

    [Fact]
    public async Task Unary_PartOfASecondMessage_IsInternal()
    {
        await using var server = await TestServer.StartAsync(app => app.Run(Answer([.. Bytes.Framed("one"), 0, 0])));
        await using var upstream = new UpstreamCalls(server.Address);

        Assert.Equal(StatusCode.Internal, (await upstream.UnaryAsync(Bytes.Of("x"))).Code);
    }

    [Fact]
    public async Task Data_AfterTheEnd_ChangesNothing()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            while (true)
            {
                var call = await connection.ReadCallAsync();
                await connection.ReadRequestAsync(call);
                await connection.AnswerAsync(call);
                await connection.WriteDataAsync(call, [0, 0, 0, 0, 1, 9]);
            }
        });
        await using var upstream = new UpstreamCalls(peer.Address);

        for (var i = 0; i < 2; i++)
        {
            Assert.All(await upstream.CallEveryKindAsync(), reply => Assert.Equal(Outcome.OK, reply.Outcome));
        }
    }

    [Fact]
    public async Task Frames_ThatBreakTheProtocol_AreTheUpstreamsFault()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            var call = await connection.ReadCallAsync();
            await connection.ReadRequestAsync(call);
            await connection.WriteAsync(Http2FrameType.Data, 0, call + 100, [0, 0, 0, 0, 1, 9]); // a stream that nobody opened
            await connection.ReadAsync();
        });
        await using var upstream = new UpstreamCalls(peer.Address);

        Assert.All(
            await upstream.CallEveryKindAsync(),
            reply => Assert.Equal(new Outcome(StatusCode.Internal, "the upstream broke the HTTP/2 protocol") { IsConnectionFailure = true }, reply.Outcome));
    }

    [Fact]
    public async Task Connection_Refused_IsUnreachable()
    {
        await using var upstream = new UpstreamCalls(Nobody.At());

        Assert.All(await upstream.CallEveryKindAsync(), reply => Assert.Equal(Outcome.Unreachable("connection refused"), reply.Outcome));
    }

    [Fact]
    public async Task Host_Unknown_IsUnreachable()
    {
        // RFC 6761: names under .invalid never exist.
        await using var upstream = new UpstreamCalls(new Uri("http://nobody.invalid:5000"));

        Assert.All(await upstream.CallEveryKindAsync(), reply => Assert.Equal(Outcome.Unreachable("host not found"), reply.Outcome));
    }

    [Fact]
    public async Task Tls_ThatIsNeverAnswered_ConnectTimeoutEndsTheCall()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var upstream = new UpstreamCalls(
            new Uri($"https://{listener.LocalEndpoint}"), new ChannelOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) });

        Assert.Equal(Outcome.Unreachable("connecting timed out"), (await upstream.UnaryAsync(Bytes.Of("x"))).Outcome);
    }

    [Fact]
    public async Task DuplexWrite_NeverConnected_IsFalse()
    {
        await using var upstream = new UpstreamCalls(Nobody.At());
        await using var stream = upstream.Duplex();

        Assert.False(await stream.WriteAsync(Bytes.Of("x")));
        Assert.Null(await stream.ReadAsync());
        Assert.Equal("upstream unreachable: connection refused", stream.End.Outcome.Text);
        Assert.False(await stream.WriteAsync(Bytes.Of("x")));
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("http://host/path")]
    [InlineData("http://host?query")]
    [InlineData("unix:/socket")]
    public void Address_NotAnAuthority_Throws(string address)
    {
        Assert.Throws<ArgumentException>(() => new UpstreamCalls(new Uri(address)));
    }

    private static void Reset(HttpContext context, int errorCode) => context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(errorCode);

    private static Task OkInHeaders(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers["grpc-status"] = "0";
        return Task.CompletedTask;
    }

    private static RequestDelegate Answer(byte[] body) => async context =>
    {
        context.Response.ContentType = ContentType;
        await context.Response.Body.WriteAsync(body);
        context.Response.AppendTrailer("grpc-status", "0");
    };

    private static async Task EveryKindEndsAsync(Outcome expected, RequestDelegate answer)
    {
        await using var server = await TestServer.StartAsync(app => app.Run(answer));
        await using var upstream = new UpstreamCalls(server.Address);

        Assert.All(await upstream.CallEveryKindAsync(), reply => Assert.Equal((expected, null), (reply.Outcome, reply.Message)));
    }
}
