using System.Net;
using System.Net.Sockets;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Faults;

/// <summary>SIGTERM while streams are open, to the real process.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task Terminate_DuringAStream_ItFinishesNewOnesAreRefusedAndTheExitCodeIs0()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(call => OneThenAnotherAsync(call, release.Task));
        await using var gateway = await GatewayProcess.StartAsync(upstream.Address);
        using var client = Client(gateway);
        using var response = await StartAsync(client);
        await using var events = await EventsAsync(response);
        Assert.Equal("one", TextOf((await NextAsync(events)).Data));

        await gateway.TerminateAsync();
        await UntilRefusedAsync(gateway.Address);
        release.SetResult();

        Assert.Equal("two", TextOf((await NextAsync(events)).Data));
        Assert.Equal("done", (await NextAsync(events)).EventType);
        Assert.Equal(0, await gateway.ExitAsync());
    }

    [Fact]
    public async Task Terminate_StreamOutlastsItsTime_EndsWithAnErrorAndTheExitCodeIs0()
    {
        await using var upstream = await RecordingUpstream.StartAsync(call => OneThenAnotherAsync(call, Task.Delay(Timeout.Infinite, call.CancellationToken)));
        await using var gateway = await GatewayProcess.StartAsync(upstream.Address, "--Gateway:Shutdown:Timeout", "00:00:01");
        using var client = Client(gateway);
        using var response = await StartAsync(client);
        await using var events = await EventsAsync(response);
        await NextAsync(events);

        await gateway.TerminateAsync();
        var end = await NextAsync(events);

        Assert.Equal(("error", "The gateway is shutting down; the stream was not finished."), (end.EventType, DetailsOf(end.Data)));
        Assert.Equal(0, await gateway.ExitAsync());
    }

    [Fact]
    [ProvesSetting("Gateway:Shutdown:Delay")]
    public async Task Terminate_WithADelay_ServesButIsNotReady()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => Task.FromResult(GrpcStatus.DefaultSuccess));
        await using var gateway = await GatewayProcess.StartAsync(upstream.Address, "--Gateway:Shutdown:Delay", "00:00:03");
        using var client = Client(gateway);

        await gateway.TerminateAsync();
        HttpStatusCode ready;
        do
        {
            using var answer = await client.GetAsync("/healthz/ready");
            ready = answer.StatusCode;
        }
        while (ready == HttpStatusCode.OK);
        using var response = await StartAsync(client);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready, response.StatusCode));
        Assert.Equal(0, await gateway.ExitAsync());
    }

    private static HttpClient Client(GatewayProcess gateway)
    {
        var client = new HttpClient { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.Add("Authorization", "Key client-key");
        return client;
    }

    private static async Task<GrpcStatus> OneThenAnotherAsync(GrpcServerCall call, Task release)
    {
        await WriteAsync(call, "one");
        await release;
        await WriteAsync(call, "two");
        return GrpcStatus.DefaultSuccess;
    }

    private static async Task UntilRefusedAsync(Uri address)
    {
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(address.Host, address.Port);
            }
            catch (SocketException)
            {
                return; // refused, or reset when it was still waiting to be accepted
            }
        }
    }
}
