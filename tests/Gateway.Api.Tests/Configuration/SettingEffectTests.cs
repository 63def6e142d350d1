using System.Net;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faces.HomeAssistant;
using Gateway.Api.Tests.Faces.Methods;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Configuration;

/// <summary>The effect of settings that no other test is about, seen from outside of a gateway that has them.</summary>
public sealed class SettingEffectTests
{
    private const string Outputs = "/v2/models/m/outputs";

    // Longer than any call may take, wherever below it chance puts a wait.
    private const string Ages = "20.00:00:00";

    private readonly ManualTimeProvider _clock = new();

    [Fact]
    [ProvesSetting("Gateway:Upstream:Retry:MaxAttempts")]
    public async Task MaxAttempts_IsHowOftenAnUnavailableUpstreamIsAsked() =>
        Assert.Equal(5, await AttemptsAsync(("MaxAttempts", "5"), ("InitialBackoff", "00:00:00.001"), ("MaxBackoff", "00:00:00.001")));

    [Fact]
    [ProvesSetting("Gateway:Upstream:Retry:InitialBackoff")]
    [ProvesSetting("Gateway:Upstream:Retry:MaxBackoff")]
    public async Task Backoff_LongerThanTheCall_LeavesNoTimeForARetry() =>
        Assert.Equal(1, await AttemptsAsync(("InitialBackoff", Ages), ("MaxBackoff", Ages)));

    [Fact]
    [ProvesSetting("Gateway:Upstream:Retry:Budget")]
    public async Task Budget_HalfSpentByTheFirstFailure_AllowsNoRetry() =>
        Assert.Equal(1, await AttemptsAsync(("Budget", "2"), ("InitialBackoff", "00:00:00.001")));

    [Fact]
    [ProvesSetting("Gateway:Upstream:Retry:LoadingTimeout")]
    public async Task LoadingTimeout_OutlastsTheWaitForAModel_AsksAgain()
    {
        var asked = 0;
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await StreamTesting.WriteAsync(call, "", asked++ == 0 ? StatusCode.ModelLoading : StatusCode.Success);
            call.ResponseTrailers.Add("retry-after", "3600");
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(
            upstream.Address, _clock, ("Gateway:Upstream:Retry:LoadingTimeout", "02:00:00"), ("Gateway:Upstream:UnaryTimeout", "10:00:00"));
        using var client = gateway.CreateClientWithKey();

        var asking = Answer.OfAsync(client, "POST", Outputs, "{}");
        await _clock.NextTimerAsync(TimeSpan.FromHours(1)).WaitAsync(StreamTesting.Limit);
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((10000, 2), ((await asking).Code, asked));
    }

    [Fact]
    [ProvesSetting("Gateway:Limits:MaxWorkflowInputs")]
    public async Task MaxWorkflowInputs_OneMore_IsRefused()
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Limits:MaxWorkflowInputs", "2"));
        using var client = gateway.CreateClientWithKey();
        const string input = """{"data":{"text":{"raw":"good"}}}""";

        var two = await Answer.OfAsync(client, "POST", "/v2/workflows/text-insight/results", $$"""{"inputs":[{{input}},{{input}}]}""");
        var three = await Answer.OfAsync(client, "POST", "/v2/workflows/text-insight/results", $$"""{"inputs":[{{input}},{{input}},{{input}}]}""");

        Assert.Equal(10000, two.Code);
        Assert.Equal((400, "inputs[2]: more than 2 elements, the limit for one call"), ((int)three.HasTheApisShape().Http, three.Details));
    }

    [Fact]
    [ProvesSetting("Gateway:Streams:HeartbeatGrace")]
    [ProvesSetting("Gateway:Streams:HeartbeatInterval")]
    public async Task Heartbeats_BeginAfterTheGraceAndComeAtTheInterval()
    {
        var end = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async _ =>
        {
            await end.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(
            upstream.Address, _clock, ("Gateway:Streams:HeartbeatGrace", "00:00:07"), ("Gateway:Streams:HeartbeatInterval", "00:00:03"));
        using var client = gateway.CreateClientWithKey();

        var starting = StreamTesting.StartAsync(client, accept: "application/x-ndjson");
        await _clock.NextTimerAsync(TimeSpan.FromSeconds(7)).WaitAsync(StreamTesting.Limit);
        _clock.Advance(TimeSpan.FromSeconds(7));
        using var response = await starting.WaitAsync(StreamTesting.Limit);
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(StreamTesting.Limit);
        await _clock.NextTimerAsync(TimeSpan.FromSeconds(3)).WaitAsync(StreamTesting.Limit);
        _clock.Advance(TimeSpan.FromSeconds(3));
        await body.ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(StreamTesting.Limit);
        end.SetResult();
    }

    [Fact]
    [ProvesSetting("Gateway:Methods:SignatureLifetime")]
    public async Task SignatureLifetime_IsHowLongMethodsAreKept()
    {
        await using var upstream = await ModelAsync();
        await using var gateway = GatewayHost.Start(upstream.Address, _clock, ("Gateway:Methods:SignatureLifetime", "01:00:00"));
        using var client = gateway.CreateClientWithKey();

        await client.GetStringAsync("/v2/models/m/versions/v1/methods");
        _clock.Advance(TimeSpan.FromMinutes(59));
        await client.GetStringAsync("/v2/models/m/versions/v1/methods");
        Assert.Single(upstream.Calls);

        _clock.Advance(TimeSpan.FromMinutes(1));
        await client.GetStringAsync("/v2/models/m/versions/v1/methods");
        Assert.Equal(2, upstream.Calls.Count);
    }

    [Fact]
    [ProvesSetting("Gateway:Methods:MaxModels")]
    public async Task MaxModels_WhenReached_NoFurtherModelIsKept()
    {
        await using var upstream = await ModelAsync();
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Methods:MaxModels", "1"));
        using var client = gateway.CreateClientWithKey();

        foreach (var model in new[] { "one", "one", "other", "other" })
        {
            await client.GetStringAsync($"/v2/models/{model}/versions/v1/methods");
        }

        Assert.Equal(3, upstream.Calls.Count);
    }

    [Fact]
    [ProvesSetting("Gateway:Shutdown:Timeout")]
    public async Task ShutdownTimeout_IsHowLongAStreamMayStillTake()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await StreamTesting.WriteAsync(call, "one");
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, _clock, ("Gateway:Shutdown:Timeout", "00:00:41"));
        using var client = gateway.CreateClientWithKey();
        using var response = await StreamTesting.StartAsync(client);
        await using var events = await StreamTesting.EventsAsync(response);
        await StreamTesting.NextAsync(events);

        gateway.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await _clock.NextTimerAsync(TimeSpan.FromSeconds(41)).WaitAsync(StreamTesting.Limit);
        _clock.Advance(TimeSpan.FromSeconds(41));

        Assert.Equal("The gateway is shutting down; the stream was not finished.", StreamTesting.DetailsOf((await StreamTesting.NextAsync(events)).Data));
    }

    [Fact]
    [ProvesSetting("Gateway:HomeAssistant:Timeout")]
    public async Task HomeAssistantTimeout_IsHowLongACameraMayTake()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        home.Camera = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        await using var gateway = Home.Start(null, _clock, new LogRecorder(), Home.Settings(home.Address, ("Gateway:HomeAssistant:Timeout", "00:00:04")));

        var asking = Home.AskAsync(gateway);
        await home.NextSnapshotAsync().WaitAsync(StreamTesting.Limit);
        _clock.Advance(TimeSpan.FromSeconds(4));

        Assert.StartsWith("Home Assistant did not answer within 4 s", (await asking.WaitAsync(StreamTesting.Limit)).Details, StringComparison.Ordinal);
    }

    [Fact]
    [ProvesSetting("Gateway:HomeAssistant:Scans:<name>:AppId")]
    [ProvesSetting("Gateway:HomeAssistant:Scans:<name>:UserId")]
    public async Task Scan_OfAnotherUsersApp_RunsTheWorkflowThere()
    {
        var asked = new TaskCompletionSource<PostWorkflowResultsRequest>();
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            asked.TrySetResult(PostWorkflowResultsRequest.Parser.ParseFrom(call.Request));
            return new PostWorkflowResultsResponse { Status = new Status { Code = StatusCode.Success } };
        });
        const string scan = "Gateway:HomeAssistant:Scans:door";
        await using var gateway = Home.Start(
            upstream.Address, _clock, new LogRecorder(), Home.Settings(
                home.Address,
                (scan + ":Camera", "camera.front_door"), (scan + ":Workflow", "w"), (scan + ":ScanInterval", "00:00:10"),
                (scan + ":AppId", "their-app"), (scan + ":UserId", "they")));

        await _clock.NextTimerAsync(TimeSpan.FromSeconds(5)).WaitAsync(StreamTesting.Limit);
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(new UserAppIDSet { UserId = "they", AppId = "their-app" }, (await asked.Task.WaitAsync(StreamTesting.Limit)).UserAppId);
    }

    [Fact]
    [ProvesSetting("Gateway:Sandbox:Keys:0")]
    public async Task SandboxKeys_AreTheOnlyOnes()
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Sandbox:Keys:0", "right"));
        using var right = gateway.CreateClientWithKey("right");
        using var wrong = gateway.CreateClientWithKey("wrong");

        using var taken = await right.GetAsync("/v2/models");
        using var refused = await wrong.GetAsync("/v2/models");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (taken.StatusCode, refused.StatusCode));
    }

    [Fact]
    [ProvesSetting("Gateway:Sandbox:TokenDelay")]
    public async Task TokenDelay_IsThePauseBetweenPiecesOfAText()
    {
        await using var gateway = GatewayHost.Start(null, _clock, ("Gateway:Sandbox:TokenDelay", "00:00:07"));
        using var client = gateway.CreateClientWithKey();

        using var content = new StringContent("""{"inputs":[{"data":{"text":{"raw":"The lighthouse"}}}]}""");
        using var leaving = new CancellationTokenSource();
        var asking = client.PostAsync("/v2/models/text-generator/outputs/generate", content, leaving.Token);
        await _clock.NextTimerAsync(TimeSpan.FromSeconds(7)).WaitAsync(StreamTesting.Limit);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    [ProvesSetting("Gateway:Sandbox:AllowedImageHosts:0")]
    public async Task AllowedImageHost_IsFetchedFrom()
    {
        await using var host = await ImageHostAsync(http => FakeHomeAssistant.AnswerAsync(http, "image/png", FakeHomeAssistant.Picture));
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Sandbox:AllowedImageHosts:0", host.Address.Authority));

        Assert.Equal(10000, (await ClassifyAsync(gateway, host)).Code);
    }

    [Fact]
    [ProvesSetting("Gateway:Sandbox:ImageFetchTimeout")]
    public async Task ImageFetchTimeout_IsHowLongAFetchMayTake()
    {
        var asked = new TaskCompletionSource();
        await using var host = await ImageHostAsync(http =>
        {
            asked.SetResult();
            return Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        await using var gateway = GatewayHost.Start(
            null, _clock, ("Gateway:Sandbox:AllowedImageHosts:0", host.Address.Authority), ("Gateway:Sandbox:ImageFetchTimeout", "00:00:04"));

        var asking = ClassifyAsync(gateway, host);
        await asked.Task.WaitAsync(StreamTesting.Limit);
        _clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Contains("fetching took longer than 4 seconds", (await asking.WaitAsync(StreamTesting.Limit)).Body.ToJsonString(), StringComparison.Ordinal);
    }

    private static Task<MethodUpstream> ModelAsync() =>
        MethodUpstream.StartAsync(MethodUpstream.Signature("predict", [MethodUpstream.Field("prompt", DataType.Str)], [MethodUpstream.Field("return", DataType.Str)]));

    // How often an upstream that is unavailable is asked, with these settings of retries.
    private static async Task<int> AttemptsAsync(params (string Setting, string? Value)[] settings)
    {
        var attempts = 0;
        await using var upstream = await RecordingUpstream.StartAsync(_ =>
        {
            Interlocked.Increment(ref attempts);
            return Task.FromResult(new GrpcStatus(GrpcStatusCode.Unavailable, "not now"));
        });
        await using var gateway = GatewayHost.Start(upstream.Address, [.. settings.Select(setting => ("Gateway:Upstream:Retry:" + setting.Setting, setting.Value))]);
        using var client = gateway.CreateClientWithKey();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Answer.OfAsync(client, "POST", Outputs, "{}")).Http);
        return attempts;
    }

    private static Task<TestServer> ImageHostAsync(RequestDelegate answer) =>
        TestServer.StartAsync(app => app.MapGet("/boats.png", answer), HttpProtocols.Http1);

    private static async Task<Answer> ClassifyAsync(GatewayHost gateway, TestServer host)
    {
        using var client = gateway.CreateClientWithKey();
        var body = new JsonObject
        {
            ["inputs"] = new JsonArray(new JsonObject { ["data"] = new JsonObject { ["image"] = new JsonObject { ["url"] = new Uri(host.Address, "boats.png").ToString() } } }),
        };
        return await Answer.OfAsync(client, "POST", "/v2/models/image-classifier/outputs", body.ToJsonString());
    }
}
