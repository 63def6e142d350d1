using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using static Gateway.Api.Tests.Support.StreamTesting;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Foreign;

/// <summary>Streams as a web page reads them, in Chromium. <c>EventSource</c> sends no key, so it needs the tenant that has none.</summary>
public sealed class BrowserTests
{
    public const string Logs = "/v2/users/u/compute_clusters/c/nodepools/n/runners/r/runner/logs";

    public static readonly (string, string?) Keyless = ("CLARIFAI_PAT", "pat");

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/x-ndjson")]
    [InlineData("application/json")]
    public async Task Fetch_NextHeldBack_EachPieceArrives(string accept)
    {
        var firstArrived = new TaskCompletionSource();
        var secondArrived = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "eins ü");
            await firstArrived.Task;
            await WriteAsync(call, "zwei 日本");
            await secondArrived.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        await using var page = await BrowserPage.FetchAsync(PageOf(gateway), new Uri(gateway.Address, Generate), accept);

        var response = await page.NextAsync();
        var first = await page.ReadToAsync("eins ü");
        firstArrived.SetResult();
        var second = await page.ReadToAsync("zwei 日本");
        secondArrived.SetResult();
        var last = await page.ReadToAsync(accept == "application/json" ? "]\n" : "\n");

        Assert.Equal((200, accept, "page"), ((int)response["status"]!, (string)response["type"]!, (string)response["requestId"]!));
        Assert.Equal(10000, CodeOf(Records(accept, first + second + last)[2].ToJsonString()));
        Assert.NotNull((await page.NextAsync())["end"]);
    }

    [Fact]
    public async Task EventSource_NextHeldBack_EachEventArrives()
    {
        var firstArrived = new TaskCompletionSource();
        var secondArrived = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteLogAsync(call, "eins ü\n");
            await firstArrived.Task;
            await WriteLogAsync(call, "zwei 日本\r\n");
            await secondArrived.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, Keyless);
        await using var page = await BrowserPage.ListenAsync(PageOf(gateway), new Uri(gateway.Address, Logs));

        var first = await page.NextAsync();
        firstArrived.SetResult();
        var second = await page.NextAsync();
        secondArrived.SetResult();
        var done = await page.NextAsync();

        Assert.Equal(("message", "1"), ((string)first["event"]!, (string)first["id"]!));
        Assert.Contains("eins ü\\n", (string)first["data"]!, StringComparison.Ordinal);
        Assert.Equal(("message", "2"), ((string)second["event"]!, (string)second["id"]!));
        Assert.Contains("zwei 日本\\r\\n", (string)second["data"]!, StringComparison.Ordinal);
        Assert.Equal(("done", "3", 10000), ((string)done["event"]!, (string)done["id"]!, CodeOf((string)done["data"]!)));
    }

    [Fact]
    public async Task EventSource_UpstreamFails_ErrorEventSaysWhy()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteLogAsync(call, "one");
            return new GrpcStatus(GrpcStatusCode.ResourceExhausted, "enough");
        });
        await using var gateway = GatewayHost.Start(upstream.Address, Keyless);
        await using var page = await BrowserPage.ListenAsync(PageOf(gateway), new Uri(gateway.Address, Logs));

        await page.NextAsync();
        var error = await page.NextAsync();

        Assert.Equal("error", (string)error["event"]!);
        Assert.Equal((11005, "enough"), (CodeOf((string)error["data"]!), DetailsOf((string)error["data"]!)));
    }

    [Fact]
    public Task FetchingPage_Closes_UpstreamIsCancelled() => CloseAsync(
        gateway => BrowserPage.FetchAsync(PageOf(gateway), new Uri(gateway.Address, Generate), leaves: true));

    [Fact]
    public Task ListeningPage_Closes_UpstreamIsCancelled() => CloseAsync(
        gateway => BrowserPage.ListenAsync(PageOf(gateway), new Uri(gateway.Address, Logs), leaves: true), Keyless);

    private static async Task CloseAsync(Func<GatewayHost, Task<BrowserPage>> open, params (string, string?)[] settings)
    {
        var cancelled = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            call.CancellationToken.Register(cancelled.SetResult);
            await WriteLogAsync(call);
            await cancelled.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, settings);
        await using var page = await open(gateway);

        await page.NextAsync();
        await cancelled.Task.WaitAsync(Limit);
    }

    // Any page of the gateway's own will do.
    private static Uri PageOf(GatewayHost gateway) => new(gateway.Address, "/healthz/live");

    private static async Task WriteLogAsync(GrpcServerCall call, params string[] lines)
    {
        var response = new MultiLogEntryResponse { Status = new Status { Code = StatusCode.Success } };
        response.LogEntries.AddRange(lines.Select(line => new LogEntry { Message = line }));
        await call.WriteAsync(response.ToByteArray());
    }
}
