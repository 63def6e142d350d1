using System.Security.Cryptography;
using System.Text;

namespace Gateway.Bench.Peers;

/// <summary>How to start one of the gateways that are compared.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="What">What it is.</param>
/// <param name="IsDotnet">Whether it can tell what it allocates.</param>
/// <param name="Command">The command line, for an address to listen at, an upstream and a workload.</param>
/// <param name="Environment">The environment, for an address and an upstream.</param>
public sealed record Peer(
    string Name,
    string What,
    bool IsDotnet,
    Func<Uri, Uri, string, IEnumerable<string>> Command,
    Func<Uri, Uri, IEnumerable<(string Name, string Value)>> Environment)
{
    private const string UpstreamAddress = "Gateway__Upstream__Address";
    private const string WithoutGrpc = "--Gateway:Grpc:Url=";

    /// <summary>Where in a clone its published gateway is.</summary>
    public const string PublishFolder = "artifacts/publish";

    /// <summary>What clients send.</summary>
    public const string Key = "bench-key";

    private static readonly string Self = Path.Combine(AppContext.BaseDirectory, "Gateway.Bench.dll");

    private static readonly string Transcoding = Path.Combine(
        AppContext.BaseDirectory.Replace("Gateway.Bench", "Gateway.Bench.Transcoding", StringComparison.Ordinal), "Gateway.Bench.Transcoding.dll");

    private static readonly string Api = AppContext.BaseDirectory
        .Replace(Path.Combine("bench", "Gateway.Bench"), Path.Combine("src", "Gateway.Api"), StringComparison.Ordinal);

    // Nobody listens there: what a batch costs once in a while to send is not a request's.
    private static readonly (string Name, string Value)[] Collected =
        [("OTEL_METRICS_EXPORTER", "otlp"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")];

    private static readonly string Publish = Path.Combine(Repository.Root, PublishFolder);

    /// <summary>What bench/grpc-gateway/build makes.</summary>
    public static string GoProgram { get; } = Path.Combine(Repository.Root, "artifacts", "grpc-gateway", "grpc-gateway");

    public static Peer Gateway { get; } = new(
        "gateway",
        "this gateway, one tenant, request log off",
        IsDotnet: true,
        (address, _, _) => ["dotnet", Path.Combine(Api, "Gateway.Api.dll"), "--urls", address.ToString(), WithoutGrpc, "--contentRoot", Api],
        (_, upstream) => GatewaySettings(upstream, "Warning"));

    /// <summary>
    /// The gateway of <see cref="PublishFolder"/>, as those who run it have it: nothing is loaded into it to tell what it allocates, and its runtime's
    /// settings are its own.
    /// </summary>
    public static Peer Published { get; } = Gateway with
    {
        What = "this gateway as it is published",
        IsDotnet = false,
        Command = (address, _, _) =>
            ["dotnet", Path.Combine(Publish, "Gateway.Api.dll"), "--urls", address.ToString(), WithoutGrpc, "--contentRoot", Publish],
    };

    public static Peer LoggingGateway { get; } = Gateway with
    {
        Name = "gateway+log",
        What = "this gateway as it ships: one log line per request",
        Environment = (_, upstream) => GatewaySettings(upstream, "Information"),
    };

    public static Peer MeasuredGateway { get; } = Gateway with
    {
        Name = "gateway+metrics",
        What = "this gateway, its metrics collected by OpenTelemetry and sent to nobody",
        Environment = (_, upstream) => [.. GatewaySettings(upstream, "Warning"), .. Collected, ("OTEL_TRACES_EXPORTER", "none")],
    };

    public static Peer TracedGateway { get; } = Gateway with
    {
        Name = "gateway+otel",
        What = "the same, and one request in a hundred traced",
        Environment = (_, upstream) =>
        [
            .. GatewaySettings(upstream, "Warning"),
            .. Collected,
            ("OTEL_TRACES_EXPORTER", "otlp"),
            ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
            ("OTEL_TRACES_SAMPLER_ARG", "0.01"),
        ],
    };

    public static Peer Null { get; } = new(
        "null",
        "the floor: the same server, the official client alone, prepared bytes instead of transcoding",
        IsDotnet: true,
        (address, upstream, workload) => ["dotnet", Self, "null", workload, upstream.ToString(), "--urls", address.ToString()],
        (_, _) => []);

    public static Peer Typed { get; } = new(
        "typed",
        "plain C#: Google's JsonParser and JsonFormatter, the same server, the generated client on the official one",
        IsDotnet: true,
        (address, upstream, workload) => ["dotnet", Self, "typed", workload, upstream.ToString(), "--urls", address.ToString()],
        (_, _) => []);

    public static Peer JsonTranscoding { get; } = new(
        "json-transcoding",
        "ASP.NET Core's own transcoding of JSON to gRPC, in front of a service that forwards",
        IsDotnet: true,
        (address, upstream, _) => ["dotnet", Transcoding, upstream.ToString(), "--urls", address.ToString()],
        (_, _) => []);

    public static Peer Go { get; } = new(
        "grpc-gateway",
        "grpc-gateway in Go",
        IsDotnet: false,
        (address, upstream, _) => [GoProgram, address.Authority, upstream.Authority],
        (_, _) => [("GOMAXPROCS", "1")]);

    public static IReadOnlyList<Peer> All { get; } = [Null, Gateway, LoggingGateway, MeasuredGateway, TracedGateway, Typed, JsonTranscoding, Go];

    /// <exception cref="UsageException">There is none of this name.</exception>
    public static Peer Named(string name) => All.FirstOrDefault(peer => peer.Name == name)
        ?? throw new UsageException($"There is no peer '{name}'; there are {string.Join(", ", All.Select(peer => peer.Name))}.");

    /// <summary>The same of another build of this repository.</summary>
    /// <param name="folder">Where it was cloned and its bench was built.</param>
    public Peer Of(string folder) => this with
    {
        Name = $"{Name}@{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}",
        Command = (address, upstream, workload) => Command(address, upstream, workload)
            .Select(part => part.Replace(Repository.Root, Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)),
    };

    /// <summary>The same gateway with a port for gRPC.</summary>
    /// <param name="grpc">Where it is.</param>
    /// <param name="environment">What the gateway gets besides.</param>
    public Peer WithGrpc(Uri grpc, params (string Name, string Value)[] environment) => this with
    {
        Command = (address, upstream, workload) => Command(address, upstream, workload).Where(part => part != WithoutGrpc),
        Environment = (address, upstream) => [.. Environment(address, upstream), ("Gateway__Grpc__Url", grpc.ToString()), .. environment],
    };

    /// <summary>The same gateway on the sandbox of its own process.</summary>
    public Peer OnSandbox() => this with
    {
        Environment = (address, upstream) => Environment(address, upstream).Where(setting => setting.Name != UpstreamAddress),
    };

    private static IEnumerable<(string Name, string Value)> GatewaySettings(Uri upstream, string logLevel) =>
    [
        (UpstreamAddress, upstream.ToString()),
        ("Gateway__Tenants__bench__KeySha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))),
        ("Gateway__Tenants__bench__Pat", "bench-pat"),
        ("Gateway__Tenants__bench__PatRequestsPerSecond", "1000000"),
        ("Serilog__MinimumLevel__Default", logLevel),
    ];
}
