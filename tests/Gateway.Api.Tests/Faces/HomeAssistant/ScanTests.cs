using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Api.Tests.Faces.HomeAssistant;

/// <summary>Scans, on a clock that the tests move.</summary>
public sealed class ScanTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(70);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);

    private readonly ManualTimeProvider _clock = new();
    private readonly LogRecorder _log = new(LogLevel.Information);

    [Fact]
    [ProvesSetting("Gateway:HomeAssistant:Scans:<name>:Camera")]
    [ProvesSetting("Gateway:HomeAssistant:Scans:<name>:Workflow")]
    [ProvesSetting("Gateway:HomeAssistant:Scans:<name>:ScanInterval")]
    public async Task Scan_AtEachInterval_FiresTheEvent()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Start(home);

        await BeginAsync();
        for (var scan = 1; scan <= 3; scan++)
        {
            await home.NextEventAsync();
            Assert.Equal(scan, home.Snapshots);
            await _clock.NextTimerAsync(Interval);

            // Not before its time.
            _clock.Advance(Interval - TimeSpan.FromSeconds(1));
            Assert.Equal(scan, home.Snapshots);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var data = home.Events.First()["data"]!;
        Assert.Equal(("camera.front_door", "main", "detect-crop-classify"), ((string)data["entity_id"]!, (string)data["app_id"]!, (string)data["workflow_id"]!));
        Assert.NotEmpty((JsonObject)data["concepts"]!);
        Assert.DoesNotContain(_log.Entries, entry => entry.Contains("Scan", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scan_ThatTakesLong_IsNotStartedTwice()
    {
        var release = new SemaphoreSlim(0);
        await using var home = await FakeHomeAssistant.StartAsync();
        home.Camera = async http =>
        {
            await release.WaitAsync();
            await FakeHomeAssistant.AnswerAsync(http, "image/png", FakeHomeAssistant.Picture);
        };
        await using var gateway = Start(home, ("Gateway:HomeAssistant:Timeout", "1.00:00:00"));

        await BeginAsync();
        await home.NextSnapshotAsync();

        // Two scans would have been due meanwhile; the next one comes at the third's time.
        _clock.Advance(2.5 * Interval);
        release.Release();
        await home.NextEventAsync();
        await _clock.NextTimerAsync(0.5 * Interval);
        _clock.Advance(0.5 * Interval);
        release.Release();
        await home.NextEventAsync();

        Assert.Equal((2, 1), (home.Snapshots, home.MostAtOnce));
    }

    [Fact]
    [ProvesSetting("Gateway:HomeAssistant:MaxBackoff")]
    public async Task Failures_DoubleThePause_AndOneSuccessEndsThat()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        home.KnownToken = "another";
        await using var gateway = Start(home, ("Gateway:HomeAssistant:MaxBackoff", (5 * Interval).ToString()));

        await BeginAsync();
        foreach (var pause in new[] { 2, 4, 5, 5 })
        {
            await _clock.NextTimerAsync(pause * Interval);
            if (pause == 5)
            {
                home.KnownToken = FakeHomeAssistant.Token;
            }

            _clock.Advance(pause * Interval);
            if (pause == 5)
            {
                break;
            }
        }

        await home.NextEventAsync();
        await _clock.NextTimerAsync(Interval);

        var lines = Lines();
        Assert.Equal(4, lines.Length);
        Assert.All(lines[..3], line => Assert.EndsWith("Home Assistant refused Gateway:HomeAssistant:Token.", line, StringComparison.Ordinal));
        Assert.Contains("Scan door failed for the 3. time in a row, and comes again in 00:05:50", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("Scan door works again after 3 failures", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventRefused_IsAFailure()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        home.IsAdmin = false;
        await using var gateway = Start(home);

        await BeginAsync();
        await _clock.NextTimerAsync(2 * Interval);

        Assert.Contains("Home Assistant refused the event with 401", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WorkflowUnknown_IsAFailure_AndSaysSo()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Start(home, ("Gateway:HomeAssistant:Scans:door:Workflow", "nothing"));

        await BeginAsync();
        await _clock.NextTimerAsync(2 * Interval);

        Assert.Contains("nothing", Assert.Single(Lines()), StringComparison.Ordinal);
        Assert.Empty(home.Events);
    }

    [Fact]
    [ProvesSetting("Gateway:HomeAssistant:Scans:<name>:Tenant")]
    public async Task Scans_RunEachByItself_OnTheTokensOfTheirTenants()
    {
        var keys = new List<string>();
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            lock (keys)
            {
                keys.Add(call.Headers.Single(entry => entry.Key == "authorization").Value);
            }

            return new Clarifai.Api.PostWorkflowResultsResponse { Status = new() { Code = Clarifai.Api.Status.StatusCode.Success } };
        });
        await using var gateway = Home.Start(
            upstream.Address, _clock, _log, Settings(home, [.. Scan("yard", "00:00:30"), ("Gateway:HomeAssistant:Scans:yard:Tenant", "other")]));

        await _clock.NextTimerAsync(First);
        await BeginAsync();
        await home.NextEventAsync();
        await home.NextEventAsync();
        await _clock.NextTimerAsync(TimeSpan.FromSeconds(30));
        await _clock.NextTimerAsync(Interval);

        Assert.Equal(["Key canary-other-pat", "Key canary-pat"], keys.Order());
    }

    [Fact]
    public async Task TenantGone_AfterAReload_IsAFailure_UntilItIsBack()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Start(
            home,
            ("Gateway:Tenants:lodger:Pat", "canary-pat"), ("Gateway:Tenants:lodger:KeySha256", Home.Hash("lodger-key")),
            ("Gateway:HomeAssistant:Scans:door:Tenant", "lodger"));
        var sources = ((IConfigurationBuilder)gateway.Services.GetRequiredService<IConfiguration>()).Sources;
        var withLodger = sources.Where(source => source is CommandLineConfigurationSource).ToList(); // the host's, and the application's
        var without = new MemoryConfigurationSource { InitialData = Settings(home).ToDictionary(setting => setting.Item1, setting => setting.Item2) };

        // Scans stay as they were at start; those of the changed settings run on another tenant's token.
        foreach (var source in withLodger)
        {
            sources[sources.IndexOf(source)] = without;
        }

        await BeginAsync();
        await _clock.NextTimerAsync(2 * Interval);
        sources[sources.IndexOf(without)] = withLodger[0];
        _clock.Advance(2 * Interval);
        await home.NextEventAsync();
        await _clock.NextTimerAsync(Interval);

        Assert.Contains("The tenant whose token it runs on is not configured any more.", Lines()[0], StringComparison.Ordinal);
        Assert.Contains("works again", Lines()[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_EndsAScanUnderWay_AndNoneFollows()
    {
        var cameraLeft = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var home = await FakeHomeAssistant.StartAsync();
        home.Camera = http =>
        {
            http.RequestAborted.Register(cameraLeft.SetResult);
            return cameraLeft.Task;
        };
        await using var gateway = Start(home, ("Gateway:Shutdown:Delay", "01:00:00"));
        await BeginAsync();
        await home.NextSnapshotAsync();

        gateway.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await cameraLeft.Task;
        // The delay is as long as the clock says: once for the program's stopping, once for the factory's.
        var disposing = gateway.DisposeAsync().AsTask();
        while (!disposing.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            await Task.Yield();
        }

        await disposing;
        Assert.Equal(1, home.Snapshots);
        Assert.Empty(Lines());
    }

    [Fact]
    public async Task Secrets_AreInNoLine()
    {
        using var everything = new LogRecorder(LogLevel.Trace);
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(null, _clock, everything, Settings(home, RecordedLog.Everything));

        await BeginAsync();
        await home.NextEventAsync();
        await _clock.NextTimerAsync(Interval);
        home.KnownToken = "another";
        _clock.Advance(Interval);
        await _clock.NextTimerAsync(2 * Interval);
        var answers = new[] { await Home.AskAsync(gateway), await Home.AskAsync(gateway, key: "other-key") };

        Assert.Contains(everything.Entries, entry => entry.Contains("Scan door failed", StringComparison.Ordinal));
        Assert.DoesNotContain(everything.Entries, entry => entry.Contains("canary", StringComparison.Ordinal));
        Assert.DoesNotContain(answers, answer => (answer.Response + answer.Body.ToJsonString()).Contains("canary", StringComparison.Ordinal));
    }

    private async Task BeginAsync()
    {
        await _clock.NextTimerAsync(First);
        _clock.Advance(First);
    }

    private GatewayHost Start(FakeHomeAssistant home, params (string, string?)[] own) => Home.Start(null, _clock, _log, Settings(home, own));

    private static (string, string?)[] Settings(FakeHomeAssistant home, params (string, string?)[] own) =>
        Home.Settings(home.Address, [.. Scan("door", Interval.ToString()), .. own]);

    private static (string, string?)[] Scan(string name, string interval) =>
    [
        ($"Gateway:HomeAssistant:Scans:{name}:Camera", "camera.front_door"),
        ($"Gateway:HomeAssistant:Scans:{name}:Workflow", "detect-crop-classify"),
        ($"Gateway:HomeAssistant:Scans:{name}:AppId", "main"),
        ($"Gateway:HomeAssistant:Scans:{name}:ScanInterval", interval),
    ];

    // What is logged of scans.
    private string[] Lines() => [.. _log.Entries.Where(entry => entry.Contains("Scan ", StringComparison.Ordinal)).Select(entry => entry.TrimEnd())];
}
