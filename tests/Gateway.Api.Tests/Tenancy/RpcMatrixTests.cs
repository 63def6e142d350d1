using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>
/// Every RPC for every kind of tenant over every face that carries it: the upstream is called, or it is not and the client is told so, exactly as
/// docs/rpc-groups.md has it.
/// </summary>
public sealed class RpcMatrixTests(RpcMatrixTests.Servers servers) : IClassFixture<RpcMatrixTests.Servers>
{
    private static readonly string[] Kinds = ["unlimited", "limited", "predict", "confined"];

    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public static TheoryData<string> Faces => ["rest", "grpc", "grpc-web", "websocket"];

    [Theory]
    [MemberData(nameof(Faces))]
    public async Task Rpc_ForEveryKindOfTenant_IsAllowedOrRefusedAsTheTableSays(string face)
    {
        var wrong = new ConcurrentBag<string>();
        var rpcs = V2.Descriptor.Methods.Where(rpc => face != "websocket" || (rpc.IsClientStreaming && rpc.IsServerStreaming));
        var cases = rpcs.SelectMany(rpc => Kinds.Select(kind => (Rpc: rpc, Kind: kind))).ToList();

        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, _) =>
        {
            var id = $"{face}-{one.Kind}-{one.Rpc.Name}";
            var refused = face switch
            {
                "rest" => await RestAsync(one.Rpc, one.Kind, id),
                "grpc" => await GrpcAsync(one.Rpc, one.Kind, id),
                "grpc-web" => await GrpcWebAsync(one.Rpc, one.Kind, id),
                _ => await WebSocketAsync(one.Rpc, one.Kind, id),
            };
            var outcome = (refused, servers.WasCalled(id)) switch
            {
                (false, true) => "allowed",
                (true, false) => "refused",
                (true, true) => "refused, but the upstream was called",
                _ => "neither refused nor called",
            };
            var expected = IsAllowed(one.Rpc.Name, one.Kind) ? "allowed" : "refused";
            if (outcome != expected)
            {
                wrong.Add($"{id}: {outcome}, not {expected}");
            }
        });

        Assert.Equal(273, V2.Descriptor.Methods.Count);
        Assert.NotEmpty(cases);
        Assert.Empty(wrong.Order());
    }

    private static bool IsAllowed(string rpc, string kind)
    {
        var (group, own, owner) = RpcGroupTable.Rows[rpc];
        return kind switch
        {
            "unlimited" => group != "account",
            "limited" => group is "predict" or "read" && own.Length > 0,
            "predict" => group == "predict",
            _ => group != "account" && owner != "user",
        };
    }

    private async Task<bool> RestAsync(MethodDescriptor rpc, string kind, string id)
    {
        var rule = rpc.GetOptions().GetExtension(AnnotationsExtensions.Http);
        using var request = new HttpRequestMessage(new HttpMethod(rule.PatternCase.ToString().ToUpperInvariant()), PathOf(rule));
        request.Headers.Add("Authorization", $"Key {kind}");
        request.Headers.Add("X-Request-ID", id);
        request.Content = rule.Body == "*" ? new StringContent(Json.Format(MessageOf(rpc)), Encoding.UTF8, "application/json") : null;
        if (rpc.IsServerStreaming && !rpc.IsClientStreaming)
        {
            request.Headers.Add("Accept", "text/event-stream");
        }

        using var response = await servers.Http.SendAsync(request);
        return response.StatusCode == HttpStatusCode.Forbidden;
    }

    private async Task<bool> GrpcAsync(MethodDescriptor rpc, string kind, string id)
    {
        var options = new RawCallOptions { Headers = new Metadata { { "authorization", $"Key {kind}" }, { "x-request-id", id } } };
        var result = await servers.Channel.UnaryAsync($"/{rpc.Service.FullName}/{rpc.Name}", MessageOf(rpc).ToByteArray(), options);
        return result.Status.StatusCode == GrpcStatusCode.PermissionDenied;
    }

    private async Task<bool> GrpcWebAsync(MethodDescriptor rpc, string kind, string id)
    {
        var message = MessageOf(rpc).ToByteArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{rpc.Service.FullName}/{rpc.Name}");
        request.Headers.Add("Authorization", $"Key {kind}");
        request.Headers.Add("X-Request-ID", id);
        request.Content = new ByteArrayContent([0, 0, 0, 0, (byte)message.Length, .. message]);
        request.Content.Headers.Add("content-type", "application/grpc-web");
        using var response = await servers.Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return (response.Headers.TryGetValues("grpc-status", out var status) && status.Contains("7")) || body.Contains("grpc-status: 7\r\n", StringComparison.Ordinal);
    }

    private async Task<bool> WebSocketAsync(MethodDescriptor rpc, string kind, string id)
    {
        using var client = new SocketClient();
        client.Socket.Options.CollectHttpResponseDetails = true;
        var path = PathOf(rpc.GetOptions().GetExtension(AnnotationsExtensions.Http));
        try
        {
            await client.ConnectAsync(servers.Gateway, "1.1", path, ("Authorization", $"Key {kind}"), ("X-Request-ID", id));
        }
        catch (WebSocketException)
        {
            return client.Socket.HttpStatusCode == HttpStatusCode.Forbidden;
        }

        await client.SendAsync(Json.Format(MessageOf(rpc)));
        await client.EndAsync();
        while (await client.NextAsync() is not null)
        {
        }

        return client.Socket.CloseStatus == WebSocketCloseStatus.PolicyViolation;
    }

    private static string PathOf(HttpRule rule)
    {
        var path = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => rule.Get,
            HttpRule.PatternOneofCase.Put => rule.Put,
            HttpRule.PatternOneofCase.Post => rule.Post,
            HttpRule.PatternOneofCase.Delete => rule.Delete,
            _ => rule.Patch,
        };
        return string.Join('/', path.Split('/').Select(segment => segment switch
        {
            "{user_app_id.user_id}" => "u",
            "{user_app_id.app_id}" => "a",
            "{model_id}" => "m",
            "{workflow_id}" => "w",
            ['{', ..] => "x",
            _ => segment,
        }));
    }

    // What a client says that means its own: as far as the request has a place for it.
    private static IMessage MessageOf(MethodDescriptor rpc)
    {
        var message = rpc.InputType.Parser.ParseFrom([]);
        rpc.InputType.FindFieldByName("user_app_id")?.Accessor.SetValue(message, new UserAppIDSet { UserId = "u", AppId = "a" });
        var own = RpcGroupTable.Rows[rpc.Name].Own;
        if (own.Length > 0)
        {
            rpc.InputType.FindFieldByName(own + "_id").Accessor.SetValue(message, own[..1]);
        }

        return message;
    }

    /// <summary>One upstream that notes what reaches it, and one gateway with four tenants.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private readonly ConcurrentDictionary<string, bool> _called = new();
        private RecordingUpstream? _upstream;
        private GatewayHost? _gateway;
        private HttpClient? _http;
        private RawChannel? _channel;

        internal GatewayHost Gateway => _gateway!;

        internal HttpClient Http => _http!;

        internal RawChannel Channel => _channel!;

        public bool WasCalled(string id) => _called.ContainsKey(id);

        public async Task InitializeAsync()
        {
            _upstream = await RecordingUpstream.StartAsync(async call =>
            {
                _called[call.RequestHeaders.GetValue("x-request-id")!] = true;
                while (await call.ReadAsync() is not null)
                {
                }

                await call.WriteAsync(Array.Empty<byte>());
                return GrpcStatus.DefaultSuccess;
            });
            _gateway = GatewayHost.Start(_upstream.Address, [
                .. Tenant("unlimited"),
                .. Tenant("limited", ("Models:0", "m"), ("Workflows:0", "w")),
                .. Tenant("predict", ("Rpcs:0", "predict")),
                .. Tenant("confined", ("Confined", "true")),
            ]);
            _http = new HttpClient { BaseAddress = _gateway.Address };
            _channel = new RawChannel(_gateway.GrpcAddress);
        }

        public async Task DisposeAsync()
        {
            _http!.Dispose();
            await _channel!.DisposeAsync();
            await _gateway!.DisposeAsync();
            await _upstream!.DisposeAsync();
        }

        private static IEnumerable<(string, string?)> Tenant(string name, params IEnumerable<(string Key, string Value)> settings)
        {
            IEnumerable<(string Key, string Value)> all =
            [
                ("KeySha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))), ("Pat", "p"), ("UserId", "u"), ("AppId", "a"), .. settings,
            ];
            return all.Select(setting => ($"Gateway:Tenants:{name}:{setting.Key}", (string?)setting.Value));
        }
    }
}
