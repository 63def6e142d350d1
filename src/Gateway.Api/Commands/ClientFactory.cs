using System.CommandLine;
using Gateway.Api.Hosting;

namespace Gateway.Api.Commands;

/// <summary>
/// Makes the clients of a gateway: of the one that <c>--url</c> or <c>GATEWAY_URL</c> names, else of one in this process, which the local
/// configuration makes, so that a command works with nothing else running.
/// </summary>
/// <param name="settings">Settings of the command line.</param>
/// <param name="build">Builds the gateway.</param>
internal sealed class ClientFactory(string[] settings, Func<string[], Action<WebApplicationBuilder>, WebApplication> build)
{
    /// <summary>By what a key is given.</summary>
    public const string KeyNames = $"--key (or {KeyVariable})";

    private const string UrlVariable = "GATEWAY_URL";
    private const string KeyVariable = "GATEWAY_KEY";

    private readonly Option<string?> _url = new("--url")
    {
        Description = $"The gateway to ask (or {UrlVariable}), as in http://localhost:8080; without it, one is started for the command.",
        HelpName = "URL",
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = $"The key to send. Better in {KeyVariable}: others on this machine see arguments.",
        HelpName = "KEY",
    };

    /// <summary>Adds the options that say which gateway, and with which key.</summary>
    public void AddOptionsTo(Command command)
    {
        command.Add(_url);
        command.Add(_key);
    }

    /// <summary>Opens the client that the options ask for.</summary>
    /// <exception cref="CommandFault">There is no such gateway.</exception>
    public async Task<GatewayClient> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var key = (parsed.GetValue(_key) ?? Variable(KeyVariable))?.Trim(' ');
        if (key is not null && FaultOfKey(key) is { } fault)
        {
            throw new CommandFault($"{KeyNames} {fault}.", Arguments.ExitCode);
        }

        if ((parsed.GetValue(_url) ?? Variable(UrlVariable)) is not { } url)
        {
            var local = await Screen.WaitAsync("Starting", () => LocalGateway.StartAsync(settings, build, cancellationToken));
            return new GatewayClient(local.Address, key ?? local.Key, local);
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var address)
            && address is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" }
            ? new GatewayClient(address, key, local: null)
            : throw new CommandFault($"--url (or {UrlVariable}) is http://host:port, perhaps with a path.", Arguments.ExitCode);
    }

    private static string? FaultOfKey(string key) =>
        key.Length == 0 ? "is empty"
        : key.Any(sign => !char.IsAscii(sign) || char.IsControl(sign)) ? "is not a key: it has signs that no header takes"
        : key.Contains(' ') ? "is the key alone, without Bearer or Key before it"
        : null;

    // An empty one is how shells and compose files say that there is none.
    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
