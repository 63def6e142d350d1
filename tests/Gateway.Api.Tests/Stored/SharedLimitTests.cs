using System.Diagnostics;
using System.Net;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Admission;
using Gateway.Api.Tests.Support;
using Gateway.Core.Upstream.Credentials;
using Gateway.Testing;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Stored;

/// <summary>One limit for several replicas.</summary>
public sealed class SharedLimitTests
{
    [Fact]
    public async Task Replicas_Together_KeepToTheLimit()
    {
        const int Rate = 40;
        const int Capacity = Rate / 4;
        const int Credits = 2 * (Rate / 16);
        await using var upstream = await RecordingUpstream.StartAsync(
            _ => new MultiOutputResponse { Status = new Status { Code = StatusCode.Success, ReqId = "upstream" } });
        await using var fixture = await StoreFixture.PostgreSqlAsync();
        var tenant = await fixture.AddTenantAsync(
            "kitchen", $$"""{"Limits":{"RequestsPerSecond":{{Rate}}},"PatRequestsPerSecond":100000}""");
        var (key, _) = await fixture.AddKeyAsync(tenant, "ci");
        await using var one = fixture.Start(upstream.Address);
        await using var other = fixture.Start(upstream.Address);

        var admitted = new int[2];
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(LoadAsync(one, 0), LoadAsync(other, 1));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        // By the clock of this test, however slow the machine is.
        Assert.InRange(admitted.Sum(), Rate, (Rate * seconds) + Capacity + Credits + 2);
        Assert.All(admitted, count => Assert.True(count > 0));

        async Task LoadAsync(GatewayHost gateway, int replica)
        {
            using var client = gateway.CreateClientWithKey(key);
            while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(4))
            {
                using var content = new StringContent("{}", Encoding.UTF8, "application/json");
                using var response = await client.PostAsync("/v2/models/m/outputs", content);
                admitted[replica] += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
            }
        }
    }

    /// <summary>The account of a token is one, whoever calls it; and none of the tenants is kept from it.</summary>
    [Fact]
    public async Task Tenants_OfOneToken_TogetherHaveItsPace()
    {
        const int Pace = 40;
        await using var upstream = await RecordingUpstream.StartAsync(
            _ => new MultiOutputResponse { Status = new Status { Code = StatusCode.Success, ReqId = "upstream" } });
        await using var fixture = await StoreFixture.PostgreSqlAsync();
        var settings = $$"""{"PatRequestsPerSecond":{{Pace}},"Batching":false}""";
        var keys = new string[2];
        for (var i = 0; i < keys.Length; i++)
        {
            (keys[i], _) = await fixture.AddKeyAsync(await fixture.AddTenantAsync($"tenant{i}", settings), "ci");
        }

        await using var gateway = fixture.Start(upstream.Address);
        var admitted = new int[2];
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => LoadAsync(i % 2)));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        Assert.InRange(admitted.Sum(), 2 * Pace, (Pace * (seconds + 1)) + 2);
        Assert.All(admitted, count => Assert.True(count > Pace / 2, $"{count}"));

        async Task LoadAsync(int tenant)
        {
            using var client = gateway.CreateClientWithKey(keys[tenant]);
            while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(4))
            {
                using var content = new StringContent("{}", Encoding.UTF8, "application/json");
                using var response = await client.PostAsync("/v2/models/m/outputs", content);
                _ = response.StatusCode == HttpStatusCode.OK ? Interlocked.Increment(ref admitted[tenant]) : 0;
            }
        }
    }

    /// <summary>What a replica asks the store for, and how it goes on when it gets nothing.</summary>
    [Fact]
    public void Limit_Shared_AsksForWhatIsUsed_AndGivesBackWhatIsNot()
    {
        var time = new ManualTimeProvider();
        var bucket = new TokenBucket(160, 80, time);
        var limit = new SharedLimit("tenant/kitchen/requests", bucket, TimeSpan.FromSeconds(1));
        Assert.Equal((160, 40), (limit.Rate, limit.Capacity));

        // A credit to begin with: nothing is asked for before something was used.
        Assert.Equal((10, 0), (bucket.Remaining, limit.Ask()));
        Take(6);
        Assert.Equal(6, limit.Ask(), 6);

        // Refused, they are demand all the same.
        Take(20);
        Assert.Equal(0, bucket.Remaining);
        Assert.Equal(25, limit.Ask(), 6);
        limit.Take(25, TimeSpan.FromSeconds(0.125));
        Assert.Equal(25, bucket.Remaining);

        // Nobody asks any more.
        Assert.Equal(-15, limit.Ask(), 6);
        Assert.Equal(10, bucket.Remaining);

        // While the store answers, no tokens come by themselves; when it does not, at the rate of late.
        Take(10);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, bucket.Remaining);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.InRange(bucket.Remaining, 1, 80);

        void Take(int count)
        {
            for (var i = 0; i < count; i++)
            {
                bucket.TryTake(1, out _);
            }
        }
    }
}
