using System.Net;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using static Gateway.Api.Tests.Tenancy.ChangingTenant;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>What becomes of open streams when their tenant changes, and what the upstream hears of a two-way call before its first message was checked.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private const string Generate = "/v2/users/home/apps/kitchen/models/m/versions/v/outputs/generate";
    private const string Stream = "/v2/models/m/outputs/stream";

    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private RecordingUpstream? _upstream;
    private GatewayHost? _gateway;

    // Answers the first message, then waits for the test; two-way, answers each message.
    public async Task InitializeAsync() => _upstream = await RecordingUpstream.StartAsync(async call =>
    {
        Interlocked.Increment(ref _calls);
        try
        {
            while (await call.ReadAsync() is not null)
            {
                await call.WriteAsync(Message("said").ToByteArray());
            }

            await _goOn.Task.WaitAsync(call.CancellationToken);
            await call.WriteAsync(Message("more").ToByteArray());
            return GrpcStatus.DefaultSuccess;
        }
        catch (Exception)
        {
            _cancelled.TrySetResult();
            throw;
        }
    });

    public async Task DisposeAsync()
    {
        _goOn.TrySetResult();
        await (_gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _upstream!.DisposeAsync();
    }

    public static TheoryData<string, string, int> Revocations => new()
    {
        { "KeySha256", Hash("new-key"), 11009 },
        { "Models:0", "other", 11007 },
        { "Rpcs:0", "read", 11007 },
    };

    [Theory]
    [MemberData(nameof(Revocations))]
    public async Task OneWayStream_RefusedNow_EndsWithARecordThatSaysSo(string setting, string value, int code)
    {
        Start(("Models:0", "m"));
        using var client = _gateway!.CreateClientWithKey("key");
        using var response = await client.SendAsync(Request(Generate), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("said", TwoWay.Brief(await TwoWay.NextAsync(lines)));

        Change((setting, value));

        Assert.Equal($"error {code}", TwoWay.Brief(await TwoWay.NextAsync(lines)));
        Assert.Equal("end", TwoWay.Brief(await TwoWay.NextAsync(lines)));
        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    [Theory]
    [InlineData("Models:1", "other")]
    [InlineData("Pat", "another-pat")]
    [InlineData("Confined", "true")]
    public async Task OneWayStream_StillAllowed_GoesOn(string setting, string value)
    {
        Start(("Models:0", "m"));
        using var client = _gateway!.CreateClientWithKey("key");
        using var response = await client.SendAsync(Request(Generate), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("said", TwoWay.Brief(await TwoWay.NextAsync(lines)));

        Change((setting, value));
        _goOn.SetResult();

        Assert.Equal("more", TwoWay.Brief(await TwoWay.NextAsync(lines)));
        Assert.Equal("done 10000", TwoWay.Brief(await TwoWay.NextAsync(lines)));
    }

    /// <summary>Nothing was asked of what the call named when it began; it is known all the same.</summary>
    [Theory]
    [InlineData("m", "more")]
    [InlineData("other", "error 11007")]
    public async Task OneWayStream_OfATenantThatIsLimitedNow_IsJudgedByItsModel(string model, string next)
    {
        Start();
        using var client = _gateway!.CreateClientWithKey("key");
        using var response = await client.SendAsync(Request(Generate), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("said", TwoWay.Brief(await TwoWay.NextAsync(lines)));

        Change(("Models:0", model));
        _goOn.SetResult();

        Assert.Equal(next, TwoWay.Brief(await TwoWay.NextAsync(lines)));
    }

    [Theory]
    [InlineData("GenerateModelOutputs", "KeySha256", GrpcStatusCode.Unauthenticated)]
    [InlineData("GenerateModelOutputs", "Models:0", GrpcStatusCode.PermissionDenied)]
    [InlineData("StreamModelOutputs", "KeySha256", GrpcStatusCode.Unauthenticated)]
    [InlineData("StreamModelOutputs", "Models:0", GrpcStatusCode.PermissionDenied)]
    public async Task GrpcStream_RefusedNow_EndsWithThatStatus(string rpc, string setting, GrpcStatusCode status)
    {
        Start(("Models:0", "m"));
        await using var channel = new RawChannel(_gateway!.GrpcAddress);
        var options = new RawCallOptions { Headers = new Metadata { { "authorization", "Key key" } } };
        using var stream = channel.ServerStreaming($"/clarifai.api.V2/{rpc}", new PostModelOutputsRequest { ModelId = "m" }.ToByteArray(), options);
        Assert.NotNull(await stream.ReadAsync());

        Change((setting, setting == "KeySha256" ? Hash("new-key") : "other"));
        await stream.ReadToEndAsync();

        Assert.Equal(status, stream.Status.StatusCode);
        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    [Theory]
    [MemberData(nameof(Revocations))]
    public async Task WebSocket_RefusedNow_EndsWithARecordAndCloses(string setting, string value, int code)
    {
        Start(("Models:0", "m"));
        using var client = await SocketClient.OpenAsync(_gateway!, path: Stream, headers: ("Authorization", "Key key"));
        await client.SendAsync("{}");
        Assert.Equal("said", TwoWay.Brief(await client.NextAsync()));

        Change((setting, value));

        var (records, close, _) = await client.RestAsync();
        Assert.Equal([$"error {code}"], records);
        Assert.Equal(1008, close);
        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    [Theory]
    [MemberData(nameof(Revocations))]
    public async Task TwoWayBody_RefusedNow_EndsWithARecordWhileItsClientSends(string setting, string value, int code)
    {
        Start(("Models:0", "m"));
        using var client = _gateway!.CreateClientWithKey("key");
        using var body = new PushedContent();
        using var request = TwoWay.Request(_gateway, client, HttpVersion.Version20, body);
        var sending = TwoWay.SendAsync(client, request);
        await body.WriteAsync("{}\n");
        using var response = await sending;
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("said", TwoWay.Brief(await TwoWay.NextAsync(lines)));

        Change((setting, value));

        Assert.Equal($"error {code}", TwoWay.Brief(await TwoWay.NextAsync(lines)));
        Assert.Equal("end", TwoWay.Brief(await TwoWay.NextAsync(lines)));
        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    [Fact]
    public async Task ResumableStream_RevokedWhileItsClientIsAway_Ends()
    {
        Start(("Models:0", "m"));
        using var client = _gateway!.CreateClientWithKey("key");
        using (var request = Request(Generate))
        {
            request.Headers.Add("X-Resume-Window", "60");
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.Equal("said", TwoWay.Brief(await TwoWay.NextAsync(lines)));
            Assert.Equal(["60"], response.Headers.GetValues("X-Resume-Window"));
        }

        Change(("Models:0", "other"));

        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    [Fact]
    public async Task ResumableStream_RevokedWhileItsClientReads_EndsWithARecord()
    {
        Start(("Models:0", "m"));
        using var client = _gateway!.CreateClientWithKey("key");
        using var request = Request(Generate);
        request.Headers.Add("X-Resume-Window", "60");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("said", TwoWay.Brief(await TwoWay.NextAsync(lines)));

        Change(("KeySha256", Hash("new-key")));

        Assert.Equal("error 11009", TwoWay.Brief(await TwoWay.NextAsync(lines)));
        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    /// <summary>A full path names the model: the handshake is refused. A short one leaves the user and the app to the messages.</summary>
    [Fact]
    public async Task WebSocket_ToAModelThatIsNotListed_IsNeverHeardOfUpstream()
    {
        Start(("Models:0", "m"));
        var key = ("Authorization", "Key key");

        var status = await SocketClient.RefusalAsync(_gateway!, path: "/v2/users/home/apps/kitchen/models/other/outputs/stream", headers: key);
        using var client = await SocketClient.OpenAsync(_gateway!, path: "/v2/models/other/outputs/stream", headers: key);
        await client.SendAsync("{}");
        var (records, close, _) = await client.RestAsync();
        using var silent = await SocketClient.OpenAsync(_gateway!, path: Stream, headers: key);
        await silent.EndAsync();
        var (ofSilent, _, _) = await silent.RestAsync();

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal(["error 11007"], records);
        Assert.Equal(1008, close);
        Assert.Equal(["error 11007"], ofSilent); // without a message, nothing names a model
        Assert.Equal(0, _calls);
    }

    [Theory]
    [InlineData("Key wrong", "predict", HttpStatusCode.Unauthorized)]
    [InlineData("Key key", "read", HttpStatusCode.Forbidden)]
    public async Task WebSocket_ThatMayNotBe_IsRefusedAsHttp(string authorization, string rpcs, HttpStatusCode expected)
    {
        Start(("Rpcs:0", rpcs));

        Assert.Equal(expected, await SocketClient.RefusalAsync(_gateway!, path: Stream, headers: ("Authorization", authorization)));
        Assert.Equal(0, _calls);
    }

    private static MultiOutputResponse Message(string text) => new()
    {
        Status = new Status { Code = StatusCode.Success },
        Outputs = { new Output { Data = new Data { Text = new Text { Raw = text } } } },
    };

    private static HttpRequestMessage Request(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("{}") };
        request.Headers.Add("Accept", "application/x-ndjson");
        return request;
    }

    private void Start(params (string Key, string Value)[] settings) => _gateway = ChangingTenant.Start(_upstream!.Address, settings);

    private void Change(params (string Key, string Value)[] settings) => ChangingTenant.Change(_gateway!, settings);
}
