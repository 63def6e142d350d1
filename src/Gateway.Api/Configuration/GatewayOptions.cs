using System.ComponentModel.DataAnnotations;
using Gateway.Sandbox;

namespace Gateway.Api.Configuration;

/// <summary>The section <c>Gateway</c> of the configuration.</summary>
internal sealed class GatewayOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Gateway";

    /// <summary>Where calls go.</summary>
    public UpstreamOptions Upstream { get; set; } = new();

    /// <summary>The gRPC face.</summary>
    public GrpcOptions Grpc { get; set; } = new();

    /// <summary>What a request may ask for at most.</summary>
    public LimitOptions Limits { get; set; } = new();

    /// <summary>How long streams may take, and how they are kept alive.</summary>
    public StreamOptions Streams { get; set; } = new();

    /// <summary>What is kept of models' methods.</summary>
    public MethodOptions Methods { get; set; } = new();

    /// <summary>The OpenAI face.</summary>
    public OpenAiOptions OpenAi { get; set; } = new();

    /// <summary>The Home Assistant whose cameras the gateway looks through.</summary>
    public HomeAssistantOptions HomeAssistant { get; set; } = new();

    /// <summary>The page to try models on.</summary>
    public ConsoleOptions Console { get; set; } = new();

    /// <summary>Which web pages of other origins may use the gateway.</summary>
    public CorsOptions Cors { get; set; } = new();

    /// <summary>
    /// The proxies in front of the gateway, by address or network, as in <c>10.0.0.1</c> or <c>10.0.0.0/8</c>: what they say of their
    /// clients in
    /// <c>X-Forwarded-*</c> is believed, and of nobody else.
    /// </summary>
    public IList<string> Proxies { get; init; } = [];

    /// <summary>The built-in sandbox, where it is the upstream.</summary>
    public SandboxOptions Sandbox { get; set; } = new();

    /// <summary>The form of the log: <c>text</c>, or <c>json</c> for one object per line, for programs to read.</summary>
    [AllowedValues(LogFormats.Text, LogFormats.Json, ErrorMessage = "{0} is 'text' or 'json'.")]
    public string LogFormat { get; set; } = LogFormats.Text;

    /// <summary>Where tenants are kept, besides those of the configuration.</summary>
    public StoreOptions Store { get; set; } = new();

    /// <summary>The admin API.</summary>
    public AdminOptions Admin { get; set; } = new();

    /// <summary>What the gateway tells its operators.</summary>
    public TelemetryOptions Telemetry { get; set; } = new();

    /// <summary>How the gateway stops.</summary>
    public ShutdownOptions Shutdown { get; set; } = new();

    /// <summary>The tenants by name. Empty: the gateway passes each client's own key through.</summary>
    public Dictionary<string, TenantOptions> Tenants { get; set; } = new(StringComparer.Ordinal);
}
