using System.Net;
using System.Net.ServerSentEvents;
using Gateway.Api.Configuration;
using Gateway.Api.Lifetime;
using Gateway.Api.Tests.Support;
using Gateway.Api.Tests.Tenancy;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Faults;

/// <summary>The time that open streams have when the gateway stops.</summary>
public sealed class DrainTests
{
    // How long a call has been silent that rests.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>A tool that asked once and stays connected would hold the end up.</summary>
    [Theory]
    [InlineData("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")]
    [InlineData("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")]
    public async Task Stop_ReflectionIsIdle_ItEnds(string path)
    {
        await using var gateway = GatewayHost.Start();
        await using var channel = new RawChannel(gateway.GrpcAddress);
        using var call = channel.DuplexStreaming(path);
        await call.WriteAsync([0x3A, 0x00]); // list_services: ""
        Assert.NotNull(await call.ReadAsync());

        await gateway.Services.GetRequiredService<Drain>().StoppingAsync(CancellationToken.None);

        Assert.Null(await call.ReadAsync().WaitAsync(Limit));
    }

    /// <summary>A proxy sends its requests on connections that it has, until it is refused a new one.</summary>
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Stop_RequestsComeOnConnectionsAtRest_AreAnsweredAndTheConnectionsClose(string version)
    {
        await using var gateway = GatewayHost.Start();
        var address = version == "2.0" ? gateway.GrpcAddress : gateway.Address;
        var clients = Enumerable.Range(0, 10).Select(_ => Client(address, version)).ToArray();
        foreach (var client in clients)
        {
            using var before = await client.GetAsync("/healthz/live");
            Assert.Null(before.Headers.ConnectionClose);
        }

        var stopping = gateway.Services.GetRequiredService<IHost>().StopAsync();
        await RawHttp.UntilRefusedAsync(address);
        foreach (var client in clients) // one after the other: the first could be in time by chance
        {
            using var after = await client.GetAsync("/healthz/live");
            Assert.Equal((HttpStatusCode.OK, version == "1.1" ? true : null), (after.StatusCode, after.Headers.ConnectionClose));
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => clients[0].GetAsync("/healthz/live"));
        await stopping;
        Array.ForEach(clients, client => client.Dispose());
    }

    /// <summary>Kubernetes gives 30 seconds.</summary>
    [Fact]
    public void Total_IsFourSecondsMoreThanItsStagesAtMost()
    {
        var options = new ShutdownOptions();

        Assert.InRange(Drain.Total(options), options.Delay + options.Timeout, options.Delay + options.Timeout + TimeSpan.FromSeconds(4));
        Assert.True(Drain.Total(options) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Stop_WithADelay_OpenStreamsHaveTheirTimeOnTopOfIt()
    {
        var delay = TimeSpan.FromSeconds(4);
        var timeout = TimeSpan.FromSeconds(7);
        var clock = new ManualTimeProvider();
        var goOn = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            await goOn.Task;
            await WriteAsync(call, "two");
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(
            upstream.Address, clock, ("Gateway:Shutdown:Delay", $"{delay}"), ("Gateway:Shutdown:Timeout", $"{timeout}"));
        using var client = gateway.CreateClientWithKey();
        using var response = await StartAsync(client);
        await using var events = await EventsAsync(response);
        await NextAsync(events);

        var stopping = gateway.Services.GetRequiredService<Drain>().StoppingAsync(CancellationToken.None);
        clock.Advance(delay + timeout - TimeSpan.FromSeconds(1));
        goOn.SetResult();
        var records = new List<SseItem<string>> { await NextAsync(events).WaitAsync(Limit) };
        clock.Advance(TimeSpan.FromSeconds(1));
        while (await events.MoveNextAsync().AsTask().WaitAsync(Limit))
        {
            records.Add(events.Current);
        }

        await stopping;

        Assert.Equal(["message", "error"], records.Select(record => record.EventType));
        Assert.Equal("two", TextOf(records[0].Data));
        Assert.Equal("The gateway is shutting down; the stream was not finished.", DetailsOf(records[1].Data));
    }

    /// <summary>Before the first message there is no stream yet to end.</summary>
    [Fact]
    public async Task Stop_ResumableStreamHasNotBegun_IsAnswered503()
    {
        var clock = new ManualTimeProvider();
        var called = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            called.SetResult();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock, ("Gateway:Shutdown:Timeout", "7s"));
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("X-Resume-Window", "30");
        var answering = StartAsync(client);
        await called.Task.WaitAsync(Limit);

        await gateway.Services.GetRequiredService<Drain>().StoppingAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(7));
        using var response = await answering.WaitAsync(Limit);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(10030, CodeOf(await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Stop_ClientCameBackForItsStream_EndsWithTheRecordAfterThoseItHasHad()
    {
        var clock = new ManualTimeProvider();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock, ("Gateway:Shutdown:Timeout", "7s"));
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("X-Resume-Window", "30");
        client.DefaultRequestHeaders.Add("X-Request-ID", "request-7");
        using (var lost = await StartAsync(client))
        {
            await NextAsync(await EventsAsync(lost));
        }

        client.DefaultRequestHeaders.Add("Last-Event-ID", "0");
        using var back = await StartAsync(client);
        await using var events = await EventsAsync(back);
        Assert.Equal("one", TextOf((await NextAsync(events)).Data));

        await gateway.Services.GetRequiredService<Drain>().StoppingAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(7));
        var end = await NextAsync(events).WaitAsync(Limit);

        Assert.Equal(("2", "error", 10030), (end.EventId, end.EventType, CodeOf(end.Data)));
    }

    /// <summary>Long before the time that all streams have: the clock does not come so far.</summary>
    [Theory]
    [InlineData("WebSocket")]
    [InlineData("body")]
    [InlineData("gRPC")]
    [InlineData("gRPC of a tenant with limits, before its first message")]
    public async Task Stop_TwoWayCallRests_ItEnds(string way)
    {
        var clock = new ManualTimeProvider();
        await using var upstream = await RecordingUpstream.StartAsync(TwoWay.EchoAsync);
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            clock,
            ("Gateway:Tenants:home:KeySha256", ChangingTenant.Hash("client-key")), ("Gateway:Tenants:home:Pat", "p"), ("Gateway:Tenants:home:UserId", "u"),
            ("Gateway:Tenants:home:AppId", "a"), ("Gateway:Tenants:home:Models:0", "m"));
        await using var call = await RestingClient.OpenAsync(gateway, way);

        clock.Advance(Rest);
        await gateway.Services.GetRequiredService<Drain>().StoppingAsync(CancellationToken.None);

        Assert.Equal(call.Last, await call.EndAsync().WaitAsync(Limit));
    }

    [Theory]
    [InlineData("WebSocket")]
    [InlineData("body")]
    [InlineData("gRPC")]
    public async Task Stop_TwoWayCallWorks_ItEndsOnceItRests(string way)
    {
        var clock = new ManualTimeProvider();
        var asked = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, TwoWay.TextOf((await TwoWay.ReadAsync(call))!));
            var second = await TwoWay.ReadAsync(call);
            asked.SetResult();
            await goOn.Task;
            await WriteAsync(call, TwoWay.TextOf(second!));
            Assert.Null(await TwoWay.ReadAsync(call));
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        await using var call = await RestingClient.OpenAsync(gateway, way);
        await call.SendAsync("two");
        await asked.Task.WaitAsync(Limit);

        await gateway.Services.GetRequiredService<Drain>().StoppingAsync(CancellationToken.None);
        clock.Advance(Rest * 2);
        goOn.SetResult();

        Assert.Equal("two", await call.NextAsync().WaitAsync(Limit));
        clock.Advance(Rest);
        Assert.Equal(call.Last, await call.EndAsync().WaitAsync(Limit));
    }

    private static HttpClient Client(Uri address, string version) => new()
    {
        BaseAddress = address,
        DefaultRequestVersion = new Version(version),
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
