using System.Globalization;
using System.Text.Json.Nodes;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Faults;

/// <summary>
/// Whatever fails, wherever: no stream ends without a last record or an aborted connection, and what came before is whole and in order.
/// </summary>
public sealed class StreamEndingTests
{
    private const int Cases = 60;

    // Frames of a short stream are a few hundred bytes: cuts fall into each of them.
    private const int LongestCut = 700;

    private static readonly string[] Formats = ["text/event-stream", "application/x-ndjson", "application/json"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Stream_AnythingFails_IsNeverTakenForWhole(int seed)
    {
        var random = new Random(seed);
        var plan = new Plan(0, End.Well);
        await using var upstream = await RecordingUpstream.StartAsync(call => ServeAsync(call, plan));
        await using var proxy = new CuttingProxy(upstream.Address);
        await using var gateway = GatewayHost.Start(
            proxy.Address, ("Gateway:Upstream:Retry:MaxAttempts", "1"), ("Gateway:Upstream:MaxResponseBytes", "10000"), ("Gateway:Streams:IdleTimeout", "00:00:00.2"), ("Gateway:Streams:FirstMessageTimeout", "00:00:00.2"),
            ("Gateway:Upstream:Ejection:Failures", "1000000"));
        using var client = gateway.CreateClientWithKey();

        for (var number = 0; number < Cases; number++)
        {
            plan = new Plan(random.Next(6), (End)random.Next((int)End.Count));
            var cut = random.Next(3) == 0 ? random.Next(LongestCut) : long.MaxValue;
            var format = Formats[random.Next(Formats.Length)];
            proxy.CutAfter(cut);

            var outcome = await OutcomeAsync(client, format);

            Assert.True(outcome.IsHonest(plan, cutOff: cut != long.MaxValue), $"seed {seed}, case {number}: {plan}, cut after {cut}, {format}: {outcome}");
        }
    }

    private enum End
    {
        Well,
        Status,
        FailedMessage,
        MalformedMessage,
        LargeMessage,
        Throws,
        Silence,
        Count,
    }

    private static async Task<GrpcStatus> ServeAsync(GrpcServerCall call, Plan plan)
    {
        for (var i = 0; i < plan.Messages; i++)
        {
            await WriteAsync(call, i.ToString(CultureInfo.InvariantCulture));
        }

        switch (plan.End)
        {
            case End.Status:
                return new GrpcStatus(GrpcStatusCode.DataLoss, "lost");
            case End.FailedMessage:
                await WriteAsync(call, "failed", StatusCode.ModelPredictionFailed);
                break;
            case End.MalformedMessage:
                await call.WriteAsync(new byte[] { 0x0A, 0x7F, 0x08 });
                break;
            case End.LargeMessage:
                await WriteAsync(call, new string('x', 20_000));
                break;
            case End.Throws:
                throw new InvalidOperationException("the model broke");
            case End.Silence:
                await Task.Delay(Timeout.Infinite, call.CancellationToken);
                break;
        }

        return GrpcStatus.DefaultSuccess;
    }

    private static async Task<Outcome> OutcomeAsync(HttpClient client, string format)
    {
        using var response = await StartAsync(client, accept: format);
        var http = (int)response.StatusCode;
        try
        {
            var body = await response.Content.ReadAsStringAsync();
            return http == 200 ? new Outcome(http, Aborted: false, Records(format, body)) : new Outcome(http, Aborted: false, [JsonNode.Parse(body)!]);
        }
        catch (HttpRequestException)
        {
            return new Outcome(http, Aborted: true, []);
        }
    }

    private sealed record Plan(int Messages, End End);

    private sealed record Outcome(int Http, bool Aborted, JsonNode[] Records)
    {
        public bool IsHonest(Plan plan, bool cutOff)
        {
            if (Aborted)
            {
                return true;
            }

            var last = Records[^1];
            if (Http != 200)
            {
                return Http >= 400 && last["status"]!["code"] is not null;
            }

            var end = (string?)last["event"];
            var texts = Records[..^1].Select(record => TextOf(record.ToJsonString())).Where(text => text != "failed").ToArray();
            var inOrder = texts.SequenceEqual(Enumerable.Range(0, texts.Length).Select(i => i.ToString(CultureInfo.InvariantCulture)));
            return inOrder && (end == "done" ? plan.End == End.Well && texts.Length == plan.Messages : end == "error" && (plan.End != End.Well || cutOff));
        }

        public override string ToString() => $"HTTP {Http}, aborted {Aborted}, {string.Join(" | ", Records.Select(record => record.ToJsonString()))}";
    }
}
