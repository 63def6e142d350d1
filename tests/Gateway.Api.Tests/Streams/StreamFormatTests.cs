using System.Net;
using System.Text.Json.Nodes;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Support.StreamTesting;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Streams;

/// <summary>What <c>Accept</c> chooses, and how each format says how a stream ended.</summary>
public sealed class StreamFormatTests
{
    private const string Sse = "text/event-stream";
    private const string NdJson = "application/x-ndjson";
    private const string Json = "application/json";

    [Theory]
    [InlineData(null, Sse)]
    [InlineData("*/*", Sse)]
    [InlineData("text/html", Sse)]
    [InlineData("text/event-stream", Sse)]
    [InlineData("application/x-ndjson", NdJson)]
    [InlineData("Application/X-NDJSON; charset=utf-8", NdJson)]
    [InlineData("application/ndjson", "application/ndjson")]
    [InlineData("application/jsonl", "application/jsonl")]
    [InlineData("application/x-ndjson;q=0.5, application/jsonl", "application/jsonl")]
    [InlineData("application/json-seq", Sse)]
    [InlineData("application/json", Json)]
    [InlineData("application/json;q=0.5, application/x-ndjson", NdJson)]
    [InlineData("application/json, text/event-stream;q=0.9, */*;q=0.1", Json)]
    [InlineData("application/json;q=0, */*", Sse)]
    public async Task Accept_Chooses_TheFormat(string? accept, string expected)
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => Task.FromResult(GrpcStatus.DefaultSuccess));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var response = await StartAsync(client, accept: accept);

        Assert.Equal(expected, response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl is { NoCache: true, NoTransform: true });
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData(Sse)]
    [InlineData(NdJson)]
    [InlineData("application/ndjson")]
    [InlineData("application/jsonl")]
    [InlineData(Json)]
    public async Task Stream_EndsWell_LastRecordIsDone(string accept)
    {
        var records = await RecordsAsync(accept, GrpcStatus.DefaultSuccess);

        Assert.Equal(["one", "two"], records[..^1].Select(record => TextOf(record.ToJsonString())));
        Assert.Equal(("done", 10000), EndOf(records));
    }

    [Theory]
    [InlineData(Sse)]
    [InlineData(NdJson)]
    [InlineData(Json)]
    public async Task Upstream_FailsMidStream_LastRecordIsError(string accept)
    {
        var records = await RecordsAsync(accept, new GrpcStatus(GrpcStatusCode.ResourceExhausted, "enough \"quoted\"\n"));

        Assert.Equal(3, records.Length);
        Assert.Equal(("error", 11005), EndOf(records));
        Assert.Equal("enough \"quoted\"\n", (string?)records[^1]["status"]!["details"]);
    }

    [Theory]
    [InlineData(Sse)]
    [InlineData(NdJson)]
    [InlineData(Json)]
    public async Task Message_SaysFailure_LastRecordSaysItAgain(string accept)
    {
        var records = await RecordsAsync(accept, GrpcStatus.DefaultSuccess, StatusCode.ModelPredictionFailed);

        Assert.Equal(3, records.Length);
        Assert.Equal(("error", (int)StatusCode.ModelPredictionFailed), EndOf(records));
        Assert.Equal("ModelPredictionFailed", (string?)records[^1]["status"]!["description"]);
    }

    [Theory]
    [InlineData(Sse)]
    [InlineData(NdJson)]
    [InlineData(Json)]
    public async Task Message_Malformed_NothingOfItIsSent(string accept)
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            await call.WriteAsync(new byte[] { 0x0A, 0x7F, 0x08 });
            return GrpcStatus.DefaultSuccess;
        });

        var records = await RecordsAsync(upstream, accept);

        Assert.Equal(2, records.Length);
        Assert.Equal("error", EndOf(records).Event);
        Assert.Equal("The upstream's answer is not a valid message.", (string?)records[^1]["status"]!["details"]);
    }

    [Theory]
    [InlineData(Sse)]
    [InlineData(NdJson)]
    [InlineData(Json)]
    public async Task Stream_Empty_IsOneRecord(string accept)
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => Task.FromResult(GrpcStatus.DefaultSuccess));

        Assert.Equal(("done", 10000), EndOf(await RecordsAsync(upstream, accept)));
    }

    [Theory]
    [InlineData(Sse)]
    [InlineData(NdJson)]
    [InlineData(Json)]
    public async Task Upstream_FailsAtOnce_AnswersItsHttpStatus(string accept)
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => Task.FromResult(new GrpcStatus(GrpcStatusCode.Unavailable, "no")));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var response = await StartAsync(client, accept: accept);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, Json), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    private static (string Event, int Code) EndOf(JsonNode[] records) => ((string)records[^1]["event"]!, (int)records[^1]["status"]!["code"]!);

    private static async Task<JsonNode[]> RecordsAsync(string accept, GrpcStatus end, StatusCode second = StatusCode.Success)
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            await WriteAsync(call, "two", second);
            return end;
        });
        return await RecordsAsync(upstream, accept);
    }

    private static async Task<JsonNode[]> RecordsAsync(RecordingUpstream upstream, string accept)
    {
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var response = await StartAsync(client, accept: accept);
        return await StreamTesting.RecordsAsync(response);
    }
}
