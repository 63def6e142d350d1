using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Faults;

/// <summary>An upstream that dies, at each stage of a call and in each way: what the HTTP client sees of it.</summary>
public sealed class UpstreamDeathTests
{
    private const string Unary = "unary";
    private const string BothWays = "both ways";

    private const string Refused = "40031 Upstream unavailable: upstream unreachable: connection refused";
    private const string NotHttp2 = "40031 Upstream unavailable: upstream unreachable: it does not speak HTTP/2";
    private const string ClosedAtOnce = "40031 Upstream unavailable: upstream unreachable: it closed the connection before a call could be sent";
    private const string Closed = "40031 Upstream unavailable: the upstream closed the connection";
    private const string ShutDown = "40031 Upstream unavailable: the upstream shut the connection down with ENHANCE_YOUR_CALM";
    private const string Reset = "98004 Internal server issue: the upstream reset the call with INTERNAL_ERROR";
    private const string Truncated = "98004 Internal server issue: the stream ended inside a message";
    private const string NoStatus = "98004 Internal server issue: the upstream ended the call without a status";

    private const string Sse = "text/event-stream";

    // An answer without messages has no stream's format; one with some has the format that Accept names, or NDJSON when it goes both ways.
    private static readonly string[] RoutesBefore = [Unary, Sse, BothWays];
    private static readonly string[] RoutesAfter = [Unary, Sse, "application/x-ndjson", "application/json", BothWays];

    // What a client sees to which nothing was sent, whatever it asked for; and how many calls came, as some are tried again.
    private static readonly (Manner How, Stage When, int Http, string Error, int Calls)[] BeforeTheAnswer =
    [
        (Manner.RefusesConnection, Stage.Connecting, 503, Refused, 0),
        (Manner.SpeaksHttp1, Stage.Connecting, 503, NotHttp2, 0),
        (Manner.Closes, Stage.Connecting, 503, ClosedAtOnce, 0),
        (Manner.Resets, Stage.Connecting, 503, ClosedAtOnce, 0),
        (Manner.Closes, Stage.BeforeHeaders, 503, Closed, 3),
        (Manner.Resets, Stage.BeforeHeaders, 503, Closed, 3),
        (Manner.ShutsDown, Stage.BeforeHeaders, 503, ShutDown, 3),
        (Manner.ResetsStream, Stage.BeforeHeaders, 500, Reset, 1),
        (Manner.Closes, Stage.AfterHeaders, 503, Closed, 3),
        (Manner.Resets, Stage.AfterHeaders, 503, Closed, 3),
        (Manner.ShutsDown, Stage.AfterHeaders, 503, ShutDown, 3),
        (Manner.ResetsStream, Stage.AfterHeaders, 500, Reset, 1),
        (Manner.EndsStream, Stage.AfterHeaders, 500, NoStatus, 1),
        (Manner.Closes, Stage.InsideFirstMessage, 503, Closed, 3),
        (Manner.Resets, Stage.InsideFirstMessage, 503, Closed, 3),
        (Manner.ShutsDown, Stage.InsideFirstMessage, 503, ShutDown, 3),
        (Manner.ResetsStream, Stage.InsideFirstMessage, 500, Reset, 1),
        (Manner.EndsStream, Stage.InsideFirstMessage, 500, Truncated, 1),
    ];

    // The client of a stream sees its first message and the error; that of a unary call, to which nothing was sent, the error alone.
    private static readonly (Manner How, Stage When, int Http, string Error, int UnaryCalls)[] AfterAMessage =
    [
        (Manner.Closes, Stage.AfterFirstMessage, 503, Closed, 3),
        (Manner.Resets, Stage.AfterFirstMessage, 503, Closed, 3),
        (Manner.ShutsDown, Stage.AfterFirstMessage, 503, ShutDown, 3),
        (Manner.ResetsStream, Stage.AfterFirstMessage, 500, Reset, 1),
        (Manner.EndsStream, Stage.AfterFirstMessage, 500, NoStatus, 1),
        (Manner.Closes, Stage.InsideSecondMessage, 503, Closed, 3),
        (Manner.Resets, Stage.InsideSecondMessage, 503, Closed, 3),
        (Manner.ShutsDown, Stage.InsideSecondMessage, 503, ShutDown, 3),
        (Manner.ResetsStream, Stage.InsideSecondMessage, 500, Reset, 1),
        (Manner.EndsStream, Stage.InsideSecondMessage, 500, Truncated, 1),
    ];

    public static TheoryData<Manner, Stage, string, string, int> Deaths
    {
        get
        {
            var cases = new TheoryData<Manner, Stage, string, string, int>();
            foreach (var (how, when, http, error, calls) in BeforeTheAnswer)
            {
                // What a client has begun to send cannot be sent again.
                foreach (var route in RoutesBefore)
                {
                    cases.Add(how, when, route, $"{http} {error}", route == BothWays ? Math.Min(calls, 1) : calls);
                }
            }

            foreach (var (how, when, http, error, unaryCalls) in AfterAMessage)
            {
                foreach (var route in RoutesAfter)
                {
                    // What follows the one message of a unary answer is a fault, whether the connection ends after it or not.
                    if (route == Unary && when == Stage.InsideSecondMessage)
                    {
                        continue;
                    }

                    if (route == Unary)
                    {
                        cases.Add(how, when, route, $"{http} {error}", unaryCalls);
                    }
                    else
                    {
                        cases.Add(how, when, route, $"200 one, error {error}", 1);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task Upstream_Dies_ClientSeesIt(Manner how, Stage when, string route, string seen, int calls)
    {
        await using var upstream = new DyingUpstream(how, when);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        if (route == Unary)
        {
            upstream.FirstMessageSeen();
        }

        using var response = await AskAsync(client, route);
        var body = await ReadAsync(response, upstream.FirstMessageSeen);

        Assert.Equal(seen, $"{(int)response.StatusCode} {string.Join(", ", RecordsOf(response, body).Select(Brief))}");
        Assert.Equal(calls, upstream.Calls);
        Assert.DoesNotContain(upstream.Address.Host, body, StringComparison.Ordinal);
        Assert.DoesNotContain($":{upstream.Address.Port}", body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string route) => (route switch
    {
        Unary => StartAsync(client, "/v2/models/m/outputs"),
        BothWays => StartAsync(client, TwoWay.Stream),
        _ => StartAsync(client, accept: route),
    }).WaitAsync(Limit);

    private static async Task<string> ReadAsync(HttpResponseMessage response, Action firstMessageSeen)
    {
        await using var stream = await response.Content.ReadAsStreamAsync();
        var body = new StringBuilder();
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer).AsTask().WaitAsync(Limit) is > 0 and var read)
        {
            body.Append(Encoding.UTF8.GetString(buffer, 0, read));
            if (body.ToString().Contains("\"one\"", StringComparison.Ordinal))
            {
                firstMessageSeen();
            }
        }

        return body.ToString();
    }

    private static JsonNode[] RecordsOf(HttpResponseMessage response, string body) => response.StatusCode == HttpStatusCode.OK
        ? Records(response.Content.Headers.ContentType!.MediaType!, body)
        : [JsonNode.Parse(body)!];

    private static string Brief(JsonNode record)
    {
        if (record["outputs"] is not null)
        {
            return TextOf(record.ToJsonString());
        }

        var status = record["status"]!;
        return $"{(string?)record["event"]} {status["code"]} {status["description"]}: {status["details"]}".TrimStart();
    }
}
