using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Api.Tests.Tenancy;
using Gateway.Store;
using Gateway.Store.Usage;
using Gateway.Testing;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Usage;

/// <summary>
/// A gateway that is killed in the middle of streams and calls, some of which clients have left: what it had served but for the last moment
/// is in the store, once, and what its calls had set aside is free again.
/// </summary>
public sealed class UsageCrashTests : IAsyncLifetime
{
    private const int Streams = 30;
    private const int Calls = 20;
    private const int MoreCalls = 10;

    // How many messages a stream gets before it rests is the number of inputs that it asks with.
    private static readonly byte[] Answer = new MultiOutputResponse
    {
        Status = new Status { Code = StatusCode.Success },
        Outputs = { new Output { PromptTokens = 4, CompletionTokens = 1 } },
    }.ToByteArray();

    private readonly Random _random = new(17);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<HttpResponseMessage> _open = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly HttpClient _client = new();
    private RecordingUpstream? _upstream;

    public async Task InitializeAsync() => _upstream = await RecordingUpstream.StartAsync(async call =>
    {
        using var bytes = await call.ReadSingleAsync();
        var request = PostModelOutputsRequest.Parser.ParseFrom(bytes.Span);
        var isStream = call.Path.EndsWith("GenerateModelOutputs", StringComparison.Ordinal);
        for (var message = 0; message < (isStream ? request.Inputs.Count : request.ModelId == "silent" ? 0 : 1); message++)
        {
            await call.WriteAsync(Answer);
        }

        _arrived.Release();
        if (isStream || request.ModelId == "silent")
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return GrpcStatus.DefaultSuccess;
    });

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var response in _open)
        {
            response.Dispose();
        }

        _client.Dispose();
        await _upstream!.DisposeAsync();
        _end.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task KilledGateway_HasCountedAllButTheLastMoment(bool isPostgreSql)
    {
        await using var stores = await TestStores.CreateAsync(isPostgreSql);
        var store = await stores.OpenAsync();
        UsageAmounts served;
        await using (var gateway = await StartAsync(stores))
        {
            served = await ServeAsync(gateway);
            await Eventually.IsAsync(async () => Counts(await UsedAsync(store)) == Counts(served));

            await Task.WhenAll(Enumerable.Range(0, MoreCalls).Select(_ => CallAsync(gateway)));
            await gateway.KillAsync();
        }

        var used = await UsedAsync(store);
        Assert.InRange(used.Requests, served.Requests, served.Requests + MoreCalls);
        Assert.Equal(served.CompletionTokens + (used.Requests - served.Requests), used.CompletionTokens);
        Assert.Equal(served.Inputs + (used.Requests - served.Requests), used.Inputs);

        // Started again, it has what is left of the budget, and not a call more.
        await using var again = await StartAsync(stores, used.Requests + 5);
        for (var call = 0; call < 5; call++)
        {
            await Eventually.IsAsync(async () => await CallAsync(again) == HttpStatusCode.OK);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await CallAsync(again));
        await Eventually.IsAsync(async () => (await UsedAsync(store)).Requests == used.Requests + 5);
    }

    // Streams that rest when they have got some messages, streams that are left then, calls that are answered, calls that are left.
    private async Task<UsageAmounts> ServeAsync(GatewayProcess gateway)
    {
        var streams = Enumerable.Range(0, Streams).Select(_ => (Messages: _random.Next(1, 6), IsLeft: _random.Next(2) == 0)).ToList();
        var calls = Enumerable.Range(0, Calls).Select(_ => (Inputs: _random.Next(1, 6), IsLeft: _random.Next(2) == 0)).ToList();
        await Task.WhenAll(
            [
                .. streams.Select(stream => StreamAsync(gateway, stream.Messages, stream.IsLeft)),
                .. calls.Where(call => !call.IsLeft).Select(call => CallAsync(gateway, inputs: call.Inputs)),
                LeaveAsync(gateway, [.. calls.Where(call => call.IsLeft).Select(call => call.Inputs)]),
            ]);
        var answered = calls.Count(call => !call.IsLeft);
        return new UsageAmounts(
            Requests: Streams + Calls,
            Inputs: streams.Sum(stream => stream.Messages) + calls.Sum(call => call.Inputs),
            RequestBytes: 0,
            ResponseBytes: 0,
            PromptTokens: 4 * (Streams + answered),
            CompletionTokens: streams.Sum(stream => stream.Messages) + answered,
            CachedTokens: 0);
    }

    private async Task StreamAsync(GatewayProcess gateway, int messages, bool isLeft)
    {
        using var request = Request(gateway, "m", "/generate", messages);
        var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        _open.Add(response);
        var events = await StreamTesting.EventsAsync(response);
        for (var message = 0; message < messages; message++)
        {
            await StreamTesting.NextAsync(events);
        }

        if (isLeft)
        {
            response.Dispose();
        }
    }

    // Once they are all with the upstream, which does not answer.
    private async Task LeaveAsync(GatewayProcess gateway, int[] inputs)
    {
        using var leaving = new CancellationTokenSource();
        var calls = inputs.Select(async count =>
        {
            using var request = Request(gateway, "silent", "", count);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.SendAsync(request, leaving.Token));
        }).ToList();
        for (var arrived = 0; arrived < Streams + Calls; arrived++)
        {
            await _arrived.WaitAsync(StreamTesting.Limit);
        }

        await leaving.CancelAsync();
        await Task.WhenAll(calls);
    }

    private async Task<HttpStatusCode> CallAsync(GatewayProcess gateway, int inputs = 1)
    {
        using var request = Request(gateway, "m", "", inputs);
        using var response = await _client.SendAsync(request);
        return response.StatusCode;
    }

    private static HttpRequestMessage Request(GatewayProcess gateway, string model, string method, int inputs)
    {
        var body = $$"""{"inputs":[{{string.Join(',', Enumerable.Repeat("{}", inputs))}}]}""";
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, $"/v2/users/u/apps/a/models/{model}/outputs{method}"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Authorization", "Key ci-key");
        request.Headers.Add("Accept", "text/event-stream, application/json");
        return request;
    }

    private static (long Requests, long Inputs, long Prompt, long Completion) Counts(in UsageAmounts used) =>
        (used.Requests, used.Inputs, used.PromptTokens, used.CompletionTokens);

    private static Task<UsageAmounts> UsedAsync(GatewayStore store) => store.Usage.ReadMonthAsync(
        "kitchen", DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), CancellationToken.None);

    private Task<GatewayProcess> StartAsync(TestStores stores, long? budget = null) => GatewayProcess.StartAsync(
        _upstream!.Address,
        [
            .. stores.Settings,
            "--Gateway:Tenants:kitchen:Pat", "p", "--Gateway:Tenants:kitchen:PatRequestsPerSecond", "100000",
            "--Gateway:Tenants:kitchen:Keys:ci:KeySha256", ChangingTenant.Hash("ci-key"),
            .. budget is null ? [] : (string[])["--Gateway:Tenants:kitchen:Budgets:Requests", $"{budget}"],
        ]);
}
