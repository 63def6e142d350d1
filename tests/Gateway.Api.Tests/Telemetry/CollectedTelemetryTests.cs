using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Telemetry;

/// <summary>
/// The gateway as a process whose metrics and traces an OTLP receiver gets, and Prometheus: collectors listen to all of a process, where other
/// tests run.
/// </summary>
public sealed class CollectedTelemetryTests : IAsyncLifetime
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string CallerSpan = "00f067aa0ba902b7";
    private const string ClientKey = "canary-client-key";
    private const string Pat = "canary-pat-0123456789";
    private const string Secret = "canary-secret-0123456789";

    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
    private readonly ConcurrentQueue<string?> _told = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-telemetry-").FullName;
    private TestServer _receiver = null!;
    private RecordingUpstream _upstream = null!;

    public async Task InitializeAsync()
    {
        _receiver = await TestServer.StartAsync(
            app => app.Run(async http =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                _received.Enqueue((http.Request.Path, body.ToArray()));
            }),
            HttpProtocols.Http1);
        _upstream = await RecordingUpstream.StartAsync(async call =>
        {
            using var request = await call.ReadSingleAsync();
            _told.Enqueue(call.RequestHeaders.GetValue("traceparent"));
            if (call.Path.EndsWith("ListModels", StringComparison.Ordinal))
            {
                return new GrpcStatus(GrpcStatusCode.Internal, $"it said {Secret} and {Pat}");
            }

            await call.WriteAsync(new MultiOutputResponse
            {
                Status = new Status { Code = StatusCode.Success },
                Outputs = { new Output { Data = new Data { Text = new Text { Raw = Secret } }, PromptTokens = 3, CompletionTokens = 5 } },
            }.ToByteArray());
            return GrpcStatus.DefaultSuccess;
        });
    }

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        await _receiver.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Traces_AndMetrics_AreSent_WithoutSecrets()
    {
        await using var gateway = await StartAsync();
        using var client = Client(gateway);
        await AskAsync(client, "/v2/models/m/outputs?page=canary-secret-0123456789");
        await AskAsync(client, "/v2/models/m/outputs/generate");
        await AskAsync(client, $"/nothing/{Secret}");
        await client.GetStringAsync("/v1/models").ContinueWith(_ => { }, TaskScheduler.Default);

        await Eventually.IsAsync(() => Has("/v1/traces", "clarifai.api.V2/GenerateModelOutputs") && Has("/v1/metrics", "gen_ai.client.token.usage"));

        Assert.True(Has("/v1/traces", "/v2/models/{model_id}/outputs"), "the route");
        Assert.True(Has("/v1/traces", "clarifai.api.V2/PostModelOutputs"), "an attempt");
        Assert.True(Has("/v1/traces", Convert.FromHexString(TraceId)), "the caller's trace");
        Assert.True(Has("/v1/traces", Convert.FromHexString(CallerSpan)), "the caller's span, as a parent");
        Assert.True(Has("/v1/metrics", "gateway.request.overhead"), "a metric");

        // The upstream is told of a span that was sent.
        Assert.All(_told.Take(2), told => Assert.StartsWith($"00-{TraceId}-", told, StringComparison.Ordinal));
        await Eventually.IsAsync(() => _told.Take(2).All(told => Has("/v1/traces", Convert.FromHexString(told!.Split('-')[2]))));

        var everything = string.Concat(_received.Select(received => Encoding.Latin1.GetString(received.Body)));
        Assert.All([Secret, Pat, ClientKey, "inner-canary"], secret => Assert.DoesNotContain(secret, everything, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_HasTheTraceOfARequest()
    {
        await using var gateway = await StartAsync();
        using var client = Client(gateway);

        await AskAsync(client, "/v2/models/m/outputs");

        Assert.Matches(
            $" key=ci model=me/app/m client=127\\.0\\.0\\.1 req_id=\\w+ trace_id={TraceId}$", await gateway.LineAsync("PostModelOutputs tenant=kitchen 200"));
    }

    [Fact]
    public async Task Nothing_IsSent_WhenNobodyAsked()
    {
        await using var gateway = await StartAsync(("OTEL_SDK_DISABLED", "true"));
        using var client = Client(gateway);

        await AskAsync(client, "/v2/models/m/outputs");
        await gateway.TerminateAsync();
        await gateway.ExitAsync();

        Assert.Empty(_received);
        Assert.Equal($"00-{TraceId}-{CallerSpan}-01", Assert.Single(_told)); // as it came
    }

    private async Task<GatewayProcess> StartAsync(params (string Name, string Value)[] variables)
    {
        var all = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _receiver.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        };
        foreach (var (name, value) in variables)
        {
            all[name] = value;
        }

        return await GatewayProcess.StartAsync(
            _upstream.Address,
            all,
            "--Gateway:Tenants:kitchen:Keys:ci:KeySha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(ClientKey))),
            "--Gateway:Tenants:kitchen:Pat", Pat,
            "--Gateway:Tenants:kitchen:UserId", "me",
            "--Gateway:Tenants:kitchen:AppId", "app");
    }

    private static HttpClient Client(GatewayProcess gateway)
    {
        var client = new HttpClient { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Key", ClientKey);
        client.DefaultRequestHeaders.Add("traceparent", $"00-{TraceId}-{CallerSpan}-01");
        client.DefaultRequestHeaders.Add("baggage", "inner=inner-canary");
        return client;
    }

    private static async Task AskAsync(HttpClient client, string path)
    {
        using var response = await client.PostAsync(path, new StringContent($$$$"""{"inputs":[{"data":{"text":{"raw":"{{{{Secret}}}}"}}}]}"""));
        await response.Content.ReadAsByteArrayAsync();
    }

    private bool Has(string path, string text) => Has(path, Encoding.UTF8.GetBytes(text));

    private bool Has(string path, byte[] bytes) => _received.Any(received => received.Path == path && received.Body.AsSpan().IndexOf(bytes) >= 0);
}
