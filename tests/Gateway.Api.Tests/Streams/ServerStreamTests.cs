using System.Net;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using static Gateway.Api.Tests.Support.StreamTesting;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Streams;

/// <summary>Server streams as Server-Sent Events, in front of an upstream that the test holds by the hand.</summary>
public sealed class ServerStreamTests
{
    [Fact]
    public async Task Messages_SecondHeldBack_FirstArrives()
    {
        var firstArrived = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            await firstArrived.Task;
            await WriteAsync(call, "two");
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var response = await StartAsync(client);
        await using var events = await EventsAsync(response);
        var first = await NextAsync(events);
        firstArrived.SetResult();
        var second = await NextAsync(events);
        var end = await NextAsync(events);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal(("message", "one"), (first.EventType, TextOf(first.Data)));
        Assert.Equal(("message", "two"), (second.EventType, TextOf(second.Data)));
        Assert.Equal(("done", 10000), (end.EventType, CodeOf(end.Data)));
        Assert.Equal(("1", "2", "3"), (first.EventId, second.EventId, end.EventId));
        Assert.False(await events.MoveNextAsync());
    }

    [Theory]
    [InlineData("/v2/models/m/outputs/generate")]
    [InlineData("/v2/models/m/versions/v/outputs/generate")]
    [InlineData("/v2/users/u/apps/a/models/m/outputs/generate")]
    [InlineData("/v2/users/u/apps/a/models/m/versions/v/outputs/generate")]
    public async Task Paths_EveryForm_Stream(string path)
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            using var request = await call.ReadSingleAsync();
            await WriteAsync(call, PostModelOutputsRequest.Parser.ParseFrom(request.Span).ModelId);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var response = await StartAsync(client, path);
        await using var events = await EventsAsync(response);

        Assert.Equal("m", TextOf((await NextAsync(events)).Data));
    }

    [Fact]
    public async Task Upstream_FailsMidStream_EndsWithAnErrorEvent()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            return new GrpcStatus(GrpcStatusCode.ResourceExhausted, "enough");
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var response = await StartAsync(client);
        await using var events = await EventsAsync(response);
        await NextAsync(events);
        var end = await NextAsync(events);

        Assert.Equal(("error", 11005), (end.EventType, CodeOf(end.Data)));
        Assert.Equal("enough", (string?)JsonNode.Parse(end.Data)!["status"]!["details"]);
    }

    [Fact]
    public async Task Upstream_FailsAtOnce_AnswersItsHttpStatus()
    {
        await using var upstream = await RecordingUpstream.StartAsync(
            (GrpcServerHandler)(_ => Task.FromResult(new GrpcStatus(GrpcStatusCode.Unauthenticated, "no"))));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Generate, "{}");

        Assert.Equal((HttpStatusCode.Unauthorized, 11008, "no"), (answer.HasTheApisShape().Http, answer.Code, answer.Details));
    }

    [Fact]
    public async Task FirstMessage_SaysFailure_AnswersItsHttpStatus()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            var failure = new MultiOutputResponse { Status = new Status { Code = StatusCode.ModelDeploying, ReqId = "upstream" } };
            await call.WriteAsync(failure.ToByteArray());
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Upstream:Retry:LoadingTimeout", "0s"));
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Generate, "{}");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 21351), (answer.Http, answer.Code));
        Assert.NotNull(answer.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Stream_Empty_IsDone()
    {
        await using var upstream = await RecordingUpstream.StartAsync((GrpcServerHandler)(_ => Task.FromResult(GrpcStatus.DefaultSuccess)));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var response = await StartAsync(client);
        await using var events = await EventsAsync(response);

        Assert.Equal("done", (await NextAsync(events)).EventType);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_Leaves_UpstreamIsCancelled(bool afterFirstMessage)
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            if (afterFirstMessage)
            {
                await WriteAsync(call, "one");
            }

            called.SetResult();
            call.CancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var leaving = new CancellationTokenSource();
        var request = StartAsync(client, cancellationToken: leaving.Token);
        if (afterFirstMessage)
        {
            (await request).Dispose();
        }
        else
        {
            await called.Task;
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        }

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(null, "ListLogEntries")]
    [InlineData("application/json", "ListLogEntries")]
    [InlineData("text/event-stream", "StreamLogEntries")]
    public async Task CollidingBinding_Accept_Chooses(string? accept, string rpc)
    {
        var path = "";
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            path = call.Path;
            await call.WriteAsync(new MultiLogEntryResponse { Status = new Status { Code = StatusCode.Success } }.ToByteArray());
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2/users/u/compute_clusters/c/nodepools/n/runners/r/runner/logs");
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        using var response = await client.SendAsync(request);

        Assert.Equal($"/clarifai.api.V2/{rpc}", path);
    }
}
