using System.Net;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Errors;

/// <summary>What the upstream's statuses become.</summary>
public sealed class StatusTests
{
    [Theory]
    [InlineData(GrpcStatusCode.Cancelled, 502, 40035)]
    [InlineData(GrpcStatusCode.Unknown, 500, 98004)]
    [InlineData(GrpcStatusCode.InvalidArgument, 400, 11102)]
    [InlineData(GrpcStatusCode.DeadlineExceeded, 504, 40032)]
    [InlineData(GrpcStatusCode.NotFound, 404, 11101)]
    [InlineData(GrpcStatusCode.AlreadyExists, 409, 11102)]
    [InlineData(GrpcStatusCode.PermissionDenied, 403, 11007)]
    [InlineData(GrpcStatusCode.ResourceExhausted, 429, 11005)]
    [InlineData(GrpcStatusCode.FailedPrecondition, 400, 11102)]
    [InlineData(GrpcStatusCode.Aborted, 503, 10030)]
    [InlineData(GrpcStatusCode.OutOfRange, 400, 11102)]
    [InlineData(GrpcStatusCode.Unimplemented, 501, 10040)]
    [InlineData(GrpcStatusCode.Internal, 500, 98004)]
    [InlineData(GrpcStatusCode.Unavailable, 503, 40031)]
    [InlineData(GrpcStatusCode.DataLoss, 500, 98004)]
    [InlineData(GrpcStatusCode.Unauthenticated, 401, 11008)]
    public async Task GrpcStatus_OfTheUpstream_HasItsHttpStatus(GrpcStatusCode grpc, int http, int code)
    {
        var answer = await AskAsync(_ => Task.FromResult(new GrpcStatus(grpc, "the upstream's words")));

        Assert.Equal((http, code, "the upstream's words"), ((int)answer.HasTheApisShape().Http, answer.Code, answer.Details));
        Assert.Equal(http is 429 or 503 ? "1" : null, answer.Response.Headers.RetryAfter?.ToString());
    }

    [Theory]
    [InlineData(GrpcStatusCode.Unavailable, "retry-after", "7", "7")]
    [InlineData(GrpcStatusCode.Unavailable, "grpc-retry-pushback-ms", "5001", "6")]
    [InlineData(GrpcStatusCode.Unavailable, "grpc-retry-pushback-ms", "-1", "1")]
    [InlineData(GrpcStatusCode.ResourceExhausted, "retry-after", "7", "7")]
    [InlineData(GrpcStatusCode.Internal, "retry-after", "7", null)]
    public async Task RetryAfter_UpstreamAskedForIt_IsPassedOn(GrpcStatusCode grpc, string trailer, string value, string? retryAfter)
    {
        foreach (var path in new[] { "/v2/models/m/outputs", "/v2/models/m/outputs/generate" })
        {
            var answer = await AskAsync(
                call =>
                {
                    call.ResponseTrailers.Add(trailer, value);
                    return Task.FromResult(new GrpcStatus(grpc, ""));
                },
                path);

            Assert.Equal(retryAfter, answer.Response.Headers.RetryAfter?.ToString());
        }
    }

    [Fact]
    public async Task RetryAfter_UpstreamAskedForItWithAnAnswer_IsPassedOn()
    {
        var answer = await AskAsync(async call =>
        {
            call.ResponseTrailers.Add("retry-after", "40");
            await call.WriteAsync(new MultiOutputResponse { Status = new Status { Code = StatusCode.ModelLoading } }.ToByteArray());
            return GrpcStatus.DefaultSuccess;
        });

        Assert.Equal((503, 21355, "40"), ((int)answer.Http, answer.Code, answer.Response.Headers.RetryAfter?.ToString()));
    }

    [Theory]
    [InlineData(10000, 200)]
    [InlineData(10010, 200)]
    [InlineData(10030, 503)]
    [InlineData(10040, 501)]
    [InlineData(10070, 202)]
    [InlineData(11001, 401)]
    [InlineData(11005, 429)]
    [InlineData(11007, 403)]
    [InlineData(11009, 401)]
    [InlineData(11101, 404)]
    [InlineData(11102, 400)]
    [InlineData(11103, 405)]
    [InlineData(21200, 404)]
    [InlineData(21201, 403)]
    [InlineData(21351, 503)]
    [InlineData(21354, 503)]
    [InlineData(21355, 503)]
    [InlineData(30001, 200)]
    [InlineData(30002, 400)]
    [InlineData(40033, 413)]
    [InlineData(98004, 500)]
    [InlineData(77777, 400)]
    public async Task V2Status_OfTheUpstream_HasItsHttpStatus(int code, int http)
    {
        var answer = await AskAsync(new Status { Code = (StatusCode)code, ReqId = "upstream" });

        Assert.Equal((http, code, "upstream"), ((int)answer.Http, answer.Code, answer.RequestId));
    }

    [Fact]
    public async Task HttpStatusCode_ChosenByTheUpstream_Wins()
    {
        var answer = await AskAsync(new Status { Code = StatusCode.Success, HttpStatusCode = 207, ReqId = "upstream" });

        Assert.Equal(207, (int)answer.Http);
    }

    /// <summary>An answer without a body, or a status that is none, cannot carry the message that the upstream sent with it.</summary>
    [Theory]
    [InlineData(204)]
    [InlineData(205)]
    [InlineData(304)]
    [InlineData(100)]
    [InlineData(199)]
    [InlineData(600)]
    public async Task HttpStatusCode_ThatCarriesNoBody_IsTheCodesOwn(uint http)
    {
        var success = await AskAsync(new Status { Code = StatusCode.Success, HttpStatusCode = http, ReqId = "upstream" });
        var failure = await AskAsync(new Status { Code = StatusCode.ModelDoesNotExist, HttpStatusCode = http, ReqId = "upstream" });

        Assert.Equal((200, 10000, "upstream"), ((int)success.Http, success.Code, success.RequestId));
        Assert.Equal((404, 21200, "upstream"), ((int)failure.Http, failure.Code, failure.RequestId));
    }

    [Fact]
    public async Task Moved_RedirectsWithoutShowingPrivateFields()
    {
        var answer = await AskAsync(new Status
        {
            Code = StatusCode.Moved,
            ReqId = "upstream",
            RedirectInfo = new RedirectInfo { Url = "https://upstream.example/v2/new place?a=b" },
            InternalDetails = "inside",
            StackTrace = { "trace" },
        });

        Assert.Equal(HttpStatusCode.TemporaryRedirect, answer.Http);
        Assert.Equal(new Uri(answer.Response.RequestMessage!.RequestUri!, "/v2/new%20place?a=b"), answer.Response.Headers.Location);
        Assert.Equal("""{"status":{"code":10050,"req_id":"upstream"},"outputs":[]}""", answer.Body.ToJsonString());
    }

    [Theory]
    [InlineData("javascript:void(0)")]
    [InlineData("data:text/html,x")]
    [InlineData("//upstream.example/x")]
    [InlineData("no address")]
    [InlineData("")]
    public async Task Moved_ToNoAddressOfHttp_HasNoLocation(string url)
    {
        var answer = await AskAsync(new Status { Code = StatusCode.Moved, RedirectInfo = new RedirectInfo { Url = url } });

        Assert.Equal((HttpStatusCode.TemporaryRedirect, null), (answer.Http, answer.Response.Headers.Location));
    }

    /// <summary>The path of an address may begin with two slashes, which alone would be another host.</summary>
    [Theory]
    [InlineData("https://upstream.example//elsewhere.example/x", "//elsewhere.example/x")]
    [InlineData("http://upstream.example/é?q=ü#part", "/%C3%A9?q=%C3%BC")]
    public async Task Moved_Anywhere_StaysOnTheGateway(string url, string location)
    {
        var answer = await AskAsync(new Status { Code = StatusCode.Moved, RedirectInfo = new RedirectInfo { Url = url } });

        Assert.Equal(answer.Response.RequestMessage!.RequestUri!.GetLeftPart(UriPartial.Authority) + location, answer.Response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task RequestId_UpstreamGaveNone_IsTheRequests()
    {
        var answer = await AskAsync(new Status { Code = StatusCode.Success });

        Assert.Equal(answer.Response.Headers.GetValues("X-Request-ID").Single(), answer.RequestId);
    }

    [Fact]
    public async Task Answer_NotAMessage_IsABadGateway()
    {
        var answer = await AskAsync(async call =>
        {
            await call.WriteAsync(new byte[] { 0x0A, 0x7F, 0x01 });
            return GrpcStatus.DefaultSuccess;
        });

        Assert.Equal((HttpStatusCode.BadGateway, 98004), (answer.HasTheApisShape().Http, answer.Code));
    }

    [Fact]
    public async Task Upstream_Dead_IsUnavailable()
    {
        await using var gateway = GatewayHost.Start(new Uri("http://127.0.0.1:1"));
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "GET", "/v2/models");
        using var ready = await client.GetAsync("/healthz/ready");
        using var live = await client.GetAsync("/healthz/live");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 40031), (answer.HasTheApisShape().Http, answer.Code));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    [ProvesSetting("Gateway:Upstream:MaxResponseBytes")]
    public async Task Answer_OverTheLimit_IsNotThrottling()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => new MultiOutputResponse { Status = new Status { Details = new string('a', 2000) } });
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Upstream:MaxResponseBytes", "1000"));
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "GET", "/v2/models");

        Assert.Equal((HttpStatusCode.BadGateway, 40033), (answer.HasTheApisShape().Http, answer.Code));
        Assert.Contains("over the limit of 1000 bytes", answer.Details, StringComparison.Ordinal);
    }

    private static Task<Answer> AskAsync(Status status) => AskAsync(async call =>
    {
        await call.WriteAsync(new MultiOutputResponse { Status = status }.ToByteArray());
        return GrpcStatus.DefaultSuccess;
    });

    private static async Task<Answer> AskAsync(GrpcServerHandler upstream, string path = "/v2/models/m/outputs")
    {
        await using var server = await RecordingUpstream.StartAsync(upstream);
        await using var gateway = GatewayHost.Start(server.Address, ("Gateway:Upstream:Retry:LoadingTimeout", "0s"));
        using var client = gateway.CreateClientWithKey();
        return await Answer.OfAsync(client, "POST", path, "{}");
    }
}
