using System.Net;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Api.Tests.Tenancy;
using Gateway.Api.Usage;
using Gateway.Store.Usage;
using Gateway.Testing;
using Google.Protobuf;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Usage;

/// <summary>What calls through a real gateway count, whichever way they end.</summary>
public sealed class UsageOfCallsTests
{
    private static readonly byte[] Answer = new MultiOutputResponse
    {
        Status = new Status { Code = StatusCode.Success },
        Outputs = { new Output { PromptTokens = 5, CompletionTokens = 2, Data = new Data() } },
    }.ToByteArray();

    private readonly RecordingSink _sink = new();

    [Fact]
    public async Task Call_CountsTheBytesThatGoAndCome()
    {
        var sent = 0L;
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            using var request = await call.ReadSingleAsync();
            sent = request.Span.Length;
            await call.WriteAsync(Answer);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = Start(upstream.Address);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway));

        Assert.Equal(new UsageAmounts(1, 2, sent, Answer.Length, 5, 2, 0), await UsedAsync(gateway, "u/a/m"));
    }

    [Fact]
    public async Task Call_ThatIsMadeAgain_CountsOnce()
    {
        var attempts = 0;
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            using var request = await call.ReadSingleAsync();
            if (Interlocked.Increment(ref attempts) == 1)
            {
                return new GrpcStatus(GrpcStatusCode.Unavailable, "not now");
            }

            await call.WriteAsync(Answer);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = Start(upstream.Address);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway));

        Assert.Equal(2, attempts);
        Assert.Equal((1, 2), await UsedAsync(gateway, "u/a/m") is var used ? (used.Requests, used.Inputs) : default);
    }

    [Fact]
    public async Task Call_ThatReachesNobody_CountsNothing()
    {
        await using var gateway = Start(Nobody.At());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(gateway));
        await gateway.Services.GetRequiredService<UsageFlush>().FlushAsync(CancellationToken.None);

        Assert.Empty(_sink.ByModel);
    }

    /// <summary>What a client leaves in the middle counts as far as it came, and holds nothing back from then on.</summary>
    [Fact]
    public async Task Stream_ThatIsLeft_CountsWhatCame()
    {
        var left = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            using var request = await call.ReadSingleAsync();
            for (var message = 0; message < 3; message++)
            {
                await call.WriteAsync(Answer);
            }

            using var registration = call.CancellationToken.Register(left.SetResult);
            await left.Task;
            return GrpcStatus.DefaultCancelled;
        });
        await using var gateway = Start(upstream.Address, ("Limits:Streams", "1"));
        using (var client = gateway.CreateClientWithKey("ci-key"))
        using (var response = await StreamTesting.StartAsync(client, "/v2/users/u/apps/a/models/m/outputs/generate", "text/event-stream"))
        {
            await using var events = await StreamTesting.EventsAsync(response);
            for (var message = 0; message < 3; message++)
            {
                await StreamTesting.NextAsync(events);
            }
        }

        await left.Task;
        Assert.Equal((1, 3 * Answer.Length, 5, 6), await UsedAsync(gateway, "u/a/m") is var used
            ? (used.Requests, used.ResponseBytes, used.PromptTokens, used.CompletionTokens) : default);
        await Eventually.IsAsync(async () =>
        {
            using var client = gateway.CreateClientWithKey("ci-key");
            using var next = await StreamTesting.StartAsync(client);
            return next.IsSuccessStatusCode;
        });
    }

    private static async Task<HttpStatusCode> SendAsync(GatewayHost gateway)
    {
        using var client = gateway.CreateClientWithKey("ci-key");
        using var content = new StringContent("""{"inputs":[{},{}]}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v2/users/u/apps/a/models/m/outputs", content);
        return response.StatusCode;
    }

    private async Task<UsageAmounts> UsedAsync(GatewayHost gateway, string model)
    {
        await gateway.Services.GetRequiredService<UsageFlush>().FlushAsync(CancellationToken.None);
        return _sink.ByModel[model];
    }

    private GatewayHost Start(Uri upstream, params (string Key, string Value)[] settings) => GatewayHost.Start(
        upstream,
        builder => builder.ConfigureTestServices(services => services.AddSingleton<IUsageSink>(_sink)),
        [
            ("Gateway:Tenants:kitchen:Pat", "p"), ("Gateway:Tenants:kitchen:Keys:ci:KeySha256", ChangingTenant.Hash("ci-key")),
            .. settings.Select(setting => ($"Gateway:Tenants:kitchen:{setting.Key}", (string?)setting.Value)),
        ]);
}
