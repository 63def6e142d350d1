using System.Net;
using System.Net.Sockets;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Hosting;

/// <summary>A gateway that cannot start says why in one line, without a stack trace, and ends with 1.</summary>
public sealed class StartFaultTests : IDisposable
{
    private const string Listens = "The gateway listens where --urls (or --port, or ASPNETCORE_URLS) says, and where Gateway:Grpc:Url and Gateway:Admin:Url say, which may be empty.";

    private const string AllowedHosts = "AllowedHosts is host names without ports, with ; between them, as in gateway.example.com;*.example.com, or *.";

    private const string Levels = " is one of Verbose, Debug, Information, Warning, Error, Fatal, Off.";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-start").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Gateway:Limits:MaxBodyBytes is greater than zero.", "--Gateway:Limits:MaxBodyBytes=0")]
    [InlineData("Gateway:Limits:MaxBodyBytes is a whole number of less than 64 bits.", "--Gateway:Limits:MaxBodyBytes=canary")]
    [InlineData("Gateway:Upstream:UnaryTimeout is a time with a unit (ms, s, m, h, d), as in 30s, or as 00:00:30, up to 24 days.", "--Gateway:Upstream:UnaryTimeout=canary")]
    [InlineData("Gateway:Limits:MaxBodyBytes is a whole number of less than 64 bits.", "--Gateway:Limits:MaxBodyBytes=99999999999999999999")]
    [InlineData("Gateway:Limits:MaxModelInputs is a whole number up to 2147483647.", "--Gateway:Limits:MaxModelInputs=99999999999999")]
    [InlineData("Gateway:Limits:MemoryBytes is a whole number of less than 64 bits, or empty for the default.", "--Gateway:Limits:MemoryBytes=canary")]
    [InlineData(
        "Gateway:Streams:TotalTimeout is a time with a unit (ms, s, m, h, d), as in 30s, or as 00:00:30, up to 24 days, or empty for the default.",
        "--Gateway:Streams:TotalTimeout=none")]
    [InlineData("Gateway:Shutdown:Timeout is a time with a unit (ms, s, m, h, d), as in 30s, or as 00:00:30, up to 24 days.", "--Gateway:Shutdown:Timeout=25d")]
    [InlineData("Gateway:Upstream:Address is empty; leave it out for the built-in sandbox.", "--Gateway:Upstream:Address=")]
    [InlineData("Gateway:Upstream:Addresses is empty; leave it out for the built-in sandbox.", "--Gateway:Upstream:Addresses=")]
    [InlineData(
        "Gateway:Upstream:Address and Gateway:Upstream:Addresses stand in place of each other: leave one of them out.",
        "--Gateway:Upstream:Address=http://canary", "--Gateway:Upstream:Addresses:0=http://other")]
    [InlineData(AllowedHosts, "--AllowedHosts=http://canary")]
    [InlineData(AllowedHosts, "--AllowedHosts=canary.example.com:8080")]
    [InlineData(AllowedHosts, "--AllowedHosts=canary.example.com, other.example.com")]
    [InlineData(AllowedHosts, "--AllowedHosts=gateway.example.com;*canary")]
    [InlineData(AllowedHosts, "--AllowedHosts=::1")]
    [InlineData(AllowedHosts, "--AllowedHosts=;")]
    [InlineData(AllowedHosts, "--AllowedHosts=")]
    [InlineData(AllowedHosts, "--AllowedHosts=xn--canary-\u00fc.example.com")]
    [InlineData("AllowedHosts is one text with ; between host names, as in gateway.example.com;*.example.com, and no list.", "--AllowedHosts:0=canary")]
    [InlineData("Kestrel:Endpoints:A:Url is an http:// or https:// address to listen at.", "--Kestrel:Endpoints:A:Url=canary")]
    [InlineData("Kestrel:Endpoints:A:Url is an http:// or https:// address to listen at.", "--Kestrel:Endpoints:A:Url=http://127.0.0.1:canary")]
    [InlineData("Gateway:Limits:MaxJsonDepth is a whole number from 1 to 500.", "--Gateway:Limits:MaxJsonDepth=501")]
    [InlineData(
        "Gateway:Tenants:a:AppId is blank.",
        "--Gateway:Tenants:a:Pat=p", "--Gateway:Tenants:a:Keyless=true", "--Gateway:Tenants:a:UserId=u", "--Gateway:Tenants:a:AppId= ")]
    [InlineData("Gateway:Upstream:Address is http://host:port or https://host:port, without a path.", "--Gateway:Upstream:Address=ftp://host")]
    [InlineData("Gateway:Sandbox:TokenDelay is a time with a unit (ms, s, m, h, d), as in 30s, or as 00:00:30, up to 24 days.", "--Gateway:Sandbox:TokenDelay=canary")]
    [InlineData("Gateway:Tenants:a:Pat is missing.", "--Gateway:Tenants:a:UserId=u", "--Gateway:Tenants:a:Keyless=true")]
    [InlineData("Gateway:Tenants:a:KeySha256 is not a SHA-256 in 64 hex digits.", "--Gateway:Tenants:a:Pat=p", "--Gateway:Tenants:a:KeySha256=canary")]
    [InlineData("Gateway:Tenants:a:Models is a list, as in Gateway:Tenants:a:Models:0, or [].", "--Gateway:Tenants:a:Pat=p", "--Gateway:Tenants:a:Models=canary")]
    [InlineData("Gateway:Tenants:a:Model is no setting; did you mean Models?", "--Gateway:Tenants:a:Pat=p", "--Gateway:Tenants:a:Model:0=canary")]
    [InlineData("Gateway:Tenants:a is a section of settings.", "--Gateway:Tenants:a=canary")]
    [InlineData("Gateway:Upstream:Adress is no setting; did you mean Address?", "--Gateway:Upstream:Adress=http://canary")]
    [InlineData("Gateway:Sandbox:Keys is a list, as in Gateway:Sandbox:Keys:0, or [].", "--Gateway:Sandbox:Keys=canary")]
    [InlineData(
        "Gateway:Limits is a section of settings. Gateway:Upstream:UnaryTimeout is a time with a unit (ms, s, m, h, d), as in 30s, or as 00:00:30, up to 24 days.",
        "--Gateway:Upstream:UnaryTimeout=30", "--Gateway:Limits=canary")]
    [InlineData("Gateway:LogFormat is 'text' or 'json'.", "--Gateway:LogFormat=xml")]
    [InlineData("Serilog:MinimumLevel:Default" + Levels, "--Serilog:MinimumLevel:Default=canary")]
    [InlineData("Serilog:MinimumLevel" + Levels, "--Serilog:MinimumLevel=canary")]
    [InlineData("Serilog:MinimumLevel:Override:Microsoft.AspNetCore" + Levels, "--Serilog:MinimumLevel:Override:Microsoft.AspNetCore=canary")]
    [InlineData("Gateway:Grpc:Url is an http:// or https:// address to listen at, or empty.", "--Gateway:Grpc:Url=http://127.0.0.1:99999")]
    [InlineData("Gateway:Grpc:Url is an http:// or https:// address to listen at, or empty.", "--Gateway:Grpc:Url=http://127.0.0.1:canary")]
    [InlineData("--urls (or ASPNETCORE_URLS, or ASPNETCORE_HTTP_PORTS) is addresses to listen at, as in http://localhost:8080.", "--urls=canary")]
    [InlineData("--urls (or ASPNETCORE_URLS, or ASPNETCORE_HTTP_PORTS) is addresses to listen at, as in http://localhost:8080.", "--urls=http://127.0.0.1:canary")]
    [InlineData("Failed to listen: Cannot assign requested address. " + Listens, "--urls=http://192.0.2.1:0")]
    public async Task Setting_ThatCannotWork_IsNamedInOneLine(string sentence, params string[] settings) =>
        await EndsWithAsync(sentence, ["--urls", "http://127.0.0.1:0", .. settings]);

    [Theory]
    [InlineData("--foo is no argument; settings are written as in --Gateway:Upstream:Address http://host:port.", "--foo")]
    [InlineData("--port and --urls stand in place of each other: leave one of them out.", "--port", "canary")]
    [InlineData("--Gatway:Upstream:Address is no argument; did you mean --Gateway:Upstream:Address?", "--Gatway:Upstream:Address=http://canary")]
    [InlineData("--url is no argument; did you mean --urls?", "--url", "http://canary")]
    [InlineData("Argument 5 is not of the form --name value or --name=value.", "canary")]
    [InlineData("Argument 5 is not of the form --name value or --name=value.", "-x=canary")]
    [InlineData("--urls has no value; one that begins with -- is written as --urls=value.", "--urls")]
    [InlineData("--urls has no value; one that begins with -- is written as --urls=value.", "--urls", "--environment", "canary")]
    public async Task Argument_ThatIsNone_IsNamedInOneLine(string sentence, params string[] arguments) =>
        Assert.Equal(sentence, await RunAsync(exitCode: 2, ["--urls", "http://127.0.0.1:0", .. arguments]));

    [Theory]
    [InlineData("canary")]
    [InlineData("-1")]
    [InlineData("65536")]
    public async Task Port_ThatIsNone_IsNamed(string port) => Assert.Equal("--port is a number from 0 to 65535.", await RunAsync(exitCode: 2, [$"--port={port}"]));

    [Theory]
    [InlineData("{\n  \"Gateway\": canary\n}", ": line 2, column 14 is not JSON.")]
    [InlineData("[\"canary\"]", ": it is not one JSON object that names each setting once.")]
    [InlineData("""{"canary":1,"canary":2}""", ": it is not one JSON object that names each setting once.")]
    [InlineData("", ": line 1, column 1 is not JSON.")]
    public async Task SettingsFile_ThatIsNotJson_IsNamedWithThePlace(string text, string fault)
    {
        var file = Path.Combine(_folder, "appsettings.json");
        await File.WriteAllTextAsync(file, text);

        await EndsWithAsync($"Failed to load configuration from file '{file}'{fault}");
    }

    [Fact]
    public async Task SettingsFile_ThatIsAFolder_IsNamed()
    {
        var file = Path.Combine(_folder, "appsettings.json");
        Directory.CreateDirectory(file);

        await EndsWithAsync($"{file} is a folder, and has to be a file of settings.");
    }

    /// <summary>The framework's own switch has everybody's word taken for whom a request is from, and by which name it came.</summary>
    [Fact]
    public async Task ForwardedHeaders_OfEverybody_StopTheStart()
    {
        var (exitCode, _, error) = await GatewayProcess.RunAsync(
            _folder, new Dictionary<string, string> { ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true" }, "--urls", "http://127.0.0.1:0");

        Assert.Equal(
            (1, "ASPNETCORE_FORWARDEDHEADERS_ENABLED has X-Forwarded-* of everybody believed: leave it out, and name the proxies in Gateway:Proxies."),
            (exitCode, error.TrimEnd()));
    }

    [Fact]
    public async Task Tenant_ThatIsNull_IsNamed()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "appsettings.json"), """{"Gateway":{"Tenants":{"a":null}}}""");

        await EndsWithAsync(
            "Gateway:Tenants:a:Pat is missing. Gateway:Tenants:a:KeySha256 is missing; the one tenant that serves requests without a key says so by Gateway:Tenants:a:Keyless, true.",
            "--urls", "http://127.0.0.1:0");
    }

    [Fact]
    public async Task Address_Taken_IsNamed()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        // What runs in the background, such as scans, ends with the start, which is no failure of its own.
        await EndsWithAsync(
            $"Failed to bind to address http://{taken.LocalEndpoint}: address already in use. {Listens}",
            "--urls", $"http://{taken.LocalEndpoint}",
            "--Gateway:Tenants:home:Pat", "p", "--Gateway:Tenants:home:Keyless", "true",
            "--Gateway:HomeAssistant:Url", "http://127.0.0.1:1", "--Gateway:HomeAssistant:Token", "t",
            "--Gateway:HomeAssistant:Scans:door:Camera", "camera.door", "--Gateway:HomeAssistant:Scans:door:Workflow", "w",
            "--Gateway:HomeAssistant:Scans:door:ScanInterval", "00:01:00");
    }

    [Fact]
    public async Task Certificate_ThatCannotBeUsed_IsNamed()
    {
        var file = Path.Combine(_folder, "certificate.pfx");
        await File.WriteAllTextAsync(file, "canary");

        var broken = await RunAsync("--urls", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path", file, "--Kestrel:Certificates:Default:Password", "canary");
        var missing = await RunAsync("--urls", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path", file + ".none");
        var none = await RunAsync("--urls", "https://127.0.0.1:0");
        using var certificate = TestCertificate.CreateForLoopback();
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        var keyless = await RunAsync("--urls", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path", file);

        Assert.StartsWith("A certificate of Kestrel:Endpoints or Kestrel:Certificates cannot be used: ", broken);
        Assert.StartsWith("A certificate of Kestrel:Endpoints or Kestrel:Certificates cannot be used: ", missing);
        Assert.Equal(
            "An https:// address of --urls, Kestrel:Endpoints, Gateway:Grpc:Url or Gateway:Admin:Url has no certificate: set "
                + "Kestrel:Certificates:Default:Path and Kestrel:Certificates:Default:KeyPath to files in PEM, or the same below Certificate of the endpoint.",
            none);
        Assert.Equal("A certificate of Kestrel:Endpoints or Kestrel:Certificates has no private key: set KeyPath beside its Path.", keyless);
    }

    private async Task EndsWithAsync(string sentence, params string[] settings) => Assert.Equal(sentence, await RunAsync(settings));

    // The one line on standard error.
    private Task<string> RunAsync(params string[] settings) => RunAsync(exitCode: 1, settings);

    private async Task<string> RunAsync(int exitCode, string[] settings)
    {
        var (actual, output, error) = await GatewayProcess.RunAsync(_folder, GatewayProcess.NoVariables, settings);

        Assert.True(actual == exitCode, $"exit code {actual}: {error}");
        Assert.EndsWith("\n", error, StringComparison.Ordinal);
        var line = error.TrimEnd();
        Assert.DoesNotContain("\n", line);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", output + error, StringComparison.Ordinal);
        return line;
    }
}
