using System.Security.Cryptography.X509Certificates;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Commands;

/// <summary><c>gateway config check</c> names every fault of a configuration, one a line, never by value, and ends with 2.</summary>
public sealed class ConfigCheckTests : IDisposable
{
    private const string Time = "is a time with a unit (ms, s, m, h, d), as in 30s, or as 00:00:30, up to 24 days";
    private const string Level = "is one of Verbose, Debug, Information, Warning, Error, Fatal, Off.";
    private const string NoKey = "Gateway:Tenants:a:KeySha256 is missing; the one tenant that serves requests without a key says so by Gateway:Tenants:a:Keyless, true.";

    private const string NoCertificate =
        "is an https:// address without a certificate: set Kestrel:Certificates:Default:Path and Kestrel:Certificates:Default:KeyPath to files in PEM, "
            + "or the same below Certificate of the endpoint.";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-check").FullName;

    /// <summary>What a file has below <c>Gateway</c>, and the faults.</summary>
    public static TheoryData<string, string[]> BrokenGateways => new()
    {
        { """{ "Upstream": { "Adress": "http://canary" } }""", ["Gateway:Upstream:Adress is no setting; did you mean Address?"] },
        { """{ "Canaries": 1, "Limits": 2 }""", ["Gateway:Canaries is no setting.", "Gateway:Limits is a section of settings."] },
        { """{ "Upstream": { "Address": "ftp://canary" } }""", ["Gateway:Upstream:Address is http://host:port or https://host:port, without a path."] },
        { """{ "Upstream": { "Address": "" } }""", ["Gateway:Upstream:Address is empty; leave it out for the built-in sandbox."] },
        {
            """{ "Upstream": { "Address": "http://canary", "Addresses": ["http://canary:1"] } }""",
            ["Gateway:Upstream:Address and Gateway:Upstream:Addresses stand in place of each other: leave one of them out."]
        },
        {
            """{ "Upstream": { "Failover": [{}], "UnaryTimeout": "30", "ConnectTimeout": "0s" } }""",
            [
                $"Gateway:Upstream:UnaryTimeout {Time}.", "Gateway:Upstream:ConnectTimeout is greater than zero.",
                "Gateway:Upstream:Failover needs a Gateway:Upstream:Address.", "Gateway:Upstream:Failover:0:Address is missing.",
            ]
        },
        {
            """{ "Upstream": { "Adress": "http://canary", "Failover": [{ "Address": "http://other" }], "MaxResponseBytes": 0 } }""",
            ["Gateway:Upstream:Adress is no setting; did you mean Address?", "Gateway:Upstream:MaxResponseBytes is greater than zero."]
        },
        {
            """{ "Upstream": { "Tls": { "CaFile": "canary.pem", "KeyFile": "canary.key" } } }""",
            [
                "Gateway:Upstream:Tls:CaFile is not a file that can be read and has certificates in PEM.",
                "Gateway:Upstream:Tls:KeyFile needs a Gateway:Upstream:Tls:CertificateFile.",
            ]
        },
        {
            """{ "Upstream": { "Ejection": { "BaseTime": "2m", "Failures": "canary" }, "Retry": { "Budget": 0, "InitialBackoff": "10s" } } }""",
            [
                "Gateway:Upstream:Ejection:Failures is a whole number up to 2147483647.",
                "Gateway:Upstream:Ejection:MaxTime is at least Gateway:Upstream:Ejection:BaseTime.",
                "Gateway:Upstream:Retry:MaxBackoff is at least Gateway:Upstream:Retry:InitialBackoff.", "Gateway:Upstream:Retry:Budget is 1 to 1000.",
            ]
        },
        {
            """{ "Limits": { "MaxBodyBytes": "canary", "MaxJsonDepth": 501, "MaxConnections": -1 } }""",
            [
                "Gateway:Limits:MaxBodyBytes is a whole number of less than 64 bits.", "Gateway:Limits:MaxConnections is greater than zero.",
                "Gateway:Limits:MaxJsonDepth is a whole number from 1 to 500.",
            ]
        },
        {
            """{ "Streams": { "TotalTimeout": "none", "MaxResumableStreams": -1 }, "Shutdown": { "Timeout": "25d" } }""",
            [
                $"Gateway:Streams:TotalTimeout {Time}, or empty for the default.", $"Gateway:Shutdown:Timeout {Time}.",
                "Gateway:Streams:MaxResumableStreams is zero or greater.",
            ]
        },
        { """{ "Methods": { "MaxModels": 0, "SignatureLifetime": "0s" } }""", ["Gateway:Methods:MaxModels is greater than zero.", "Gateway:Methods:SignatureLifetime is greater than zero."] },
        { """{ "Grpc": { "Url": "canary" } }""", ["Gateway:Grpc:Url is an http:// or https:// address to listen at, or empty."] },
        { """{ "Grpc": { "Url": "https://localhost:0" } }""", [$"Gateway:Grpc:Url {NoCertificate}"] },
        {
            """{ "Cors": { "Origins": ["https://canary/path", "*"] }, "Proxies": ["canary"] }""",
            [
                "Gateway:Cors:Origins:0 is an origin, as in https://app.example.com, or *.",
                "Gateway:Proxies:0 is an address or a network, as in 10.0.0.1 or 10.0.0.0/8.",
            ]
        },
        { """{ "Proxies": "canary" }""", ["Gateway:Proxies is a list, as in Gateway:Proxies:0, or []."] },
        { """{ "Proxies": ["", {"canary": 1}] }""", ["Gateway:Proxies:0 is empty.", "Gateway:Proxies:1 is a text."] },
        {
            """{ "OpenAi": { "Aliases": { "coast": "canary/canary" } }, "LogFormat": "canary" }""",
            [
                "Gateway:OpenAi:Aliases:coast is https://clarifai.com/user/app/models/id, user/app/models/id or id.",
                "Gateway:LogFormat is 'text' or 'json'.",
            ]
        },
        {
            """{ "Sandbox": { "AllowedImageHosts": ["http://canary"], "Keys": ["canary canary"], "TokenDelay": "canary" } }""",
            [
                $"Gateway:Sandbox:TokenDelay {Time}.",
                "Gateway:Sandbox:AllowedImageHosts:0 is a host name, perhaps with a port, as in localhost:9000.",
                "Gateway:Sandbox:Keys:0 is a key of letters, digits and signs of ASCII, without spaces and line breaks in it.",
            ]
        },
        { """{ "Tenants": {} }""", ["Gateway:Tenants has no tenant in it; leave it out to have each client's own key passed through."] },
        { """{ "Tenants": { "a": null } }""", ["Gateway:Tenants:a:Pat is missing.", NoKey] },
        { """{ "Tenants": { "a": { "Pat": "p", "Kay": "canary" } } }""", ["Gateway:Tenants:a:Kay is no setting.", NoKey] },
        { """{ "Tenants": { "a": { "Pat": "p", "KeySha265": "canary" } } }""", ["Gateway:Tenants:a:KeySha265 is no setting; did you mean KeySha256?"] },
        { """{ "Tenants": { "a": { "KeySha256": "canary" } } }""", ["Gateway:Tenants:a:Pat is missing.", "Gateway:Tenants:a:KeySha256 is not a SHA-256 in 64 hex digits."] },
        {
            """{ "Tenants": { "a": { "Pat": "can ary", "Keyless": true, "Confined": true }, "b": { "Pat": "p", "Keyless": true } } }""",
            [
                "Gateway:Tenants:a:Pat is a token of letters, digits and signs of ASCII, without spaces and line breaks in it.",
                "Gateway:Tenants:a:Confined needs a UserId to be confined to.",
                "Gateway:Tenants:b:Keyless is true, and only one tenant may be without a key; a already is.",
            ]
        },
        {
            """{ "Tenants": { "a": { "Pat": "p", "Keyless": true, "AppId": " ", "Models": ["a/b"], "Workflows": "canary", "Rpcs": ["canary"] } } }""",
            [
                "Gateway:Tenants:a:Workflows is a list, as in Gateway:Tenants:a:Workflows:0, or [].", "Gateway:Tenants:a:AppId is blank.",
                "Gateway:Tenants:a:Models:0 is an id or user/app/id, which /versions/version may follow.",
                "Gateway:Tenants:a:Rpcs:0 is neither predict, read, write nor account, and not the name of an RPC such as PostModelVersions.",
            ]
        },
        {
            """{ "HomeAssistant": { "Url": "canary", "Scans": { "door": { "Camera": "door", "ScanInterval": "canary" } } }, "Tenants": { "a": { "Pat": "p", "Keyless": true } } }""",
            [
                $"Gateway:HomeAssistant:Scans:door:ScanInterval {Time}.",
                "Gateway:HomeAssistant:Url is http://host:port or https://host, perhaps with a path.",
                "Gateway:HomeAssistant:Token is a long-lived access token, without spaces and line breaks in it.",
                "Gateway:HomeAssistant:Scans:door:Camera is the entity id of a camera, as in camera.front_door.",
                "Gateway:HomeAssistant:Scans:door:Workflow is missing.",
            ]
        },
    };

    /// <summary>Whole files, and the faults.</summary>
    public static TheoryData<string, string[]> BrokenFiles => new()
    {
        { """{ "Gatway": { "Upstream": { "Address": "http://canary" } }, "AllowedHost": "canary" }""", ["AllowedHost is no setting; did you mean AllowedHosts?", "Gatway is no setting; did you mean Gateway?"] },
        { """{ "AllowedHosts": "http://canary", "urls": "canary" }""",
            [
                "AllowedHosts is host names without ports, with ; between them, as in gateway.example.com;*.example.com, or *.",
                "--urls (or ASPNETCORE_URLS, or ASPNETCORE_HTTP_PORTS) is addresses to listen at, as in http://localhost:8080.",
            ]
        },
        { """{ "AllowedHosts": ["canary"] }""", ["AllowedHosts is one text with ; between host names, as in gateway.example.com;*.example.com, and no list."] },
        { """{ "Serilog": { "MinimumLevel": { "Default": "canary", "Override": { "Microsoft": "canary" } } } }""", [$"Serilog:MinimumLevel:Default {Level}", $"Serilog:MinimumLevel:Override:Microsoft {Level}"] },
        {
            """{ "Kestrel": { "Endpoints": { "A": { "Url": "canary" }, "B": { "Url": "http://127.0.0.1:canary" }, "C": { "Url": "https://*:8443" } } } }""",
            [
                "Kestrel:Endpoints:A:Url is an http:// or https:// address to listen at.", "Kestrel:Endpoints:B:Url is an http:// or https:// address to listen at.",
                $"Kestrel:Endpoints:C:Url {NoCertificate}",
            ]
        },
        {
            """{ "Kestrel": { "Endpoints": { "A": { "Url": "https://*:8443", "Certificate": { "Path": "canary.crt", "KeyPath": "canary.key" } } } } }""",
            ["Kestrel:Endpoints:A:Certificate:Path is a file that is not there.", "Kestrel:Endpoints:A:Certificate:KeyPath is a file that is not there."]
        },
        {
            """{ "Kestrel": { "Endpoints": { "A": { "Url": "https://*:8443", "Certificate": { "Path": "appsettings.json" } } } } }""",
            ["Kestrel:Endpoints:A:Certificate is no certificate with its key that can be read: Path and KeyPath are files in PEM, or Path is a PKCS #12 file and Password opens it."]
        },
        {
            """{ "Kestrel": { "Endpoints": { "A": {}, "B": { "Url": "http://*:1", "SslProtocols": ["Tls13"] }, "C": { "Url": "http://*:2", "ClientCertificateMode": "NoCertificate" } } } }""",
            [
                "Kestrel:Endpoints:A:Url is missing.", "Kestrel:Endpoints:B:SslProtocols is for an https:// address, which Kestrel:Endpoints:B:Url is not.",
                "Kestrel:Endpoints:C:ClientCertificateMode is for an https:// address, which Kestrel:Endpoints:C:Url is not.",
            ]
        },
        { """{ "urls": "https://localhost:8443" }""", [$"--urls (or ASPNETCORE_URLS) {NoCertificate}"] },
        { "{\n  \"Gateway\": canary\n}", ["Failed to load configuration from file '{file}': line 2, column 14 is not JSON."] },
        { """{"canary":1,"canary":2}""", ["Failed to load configuration from file '{file}': it is not one JSON object that names each setting once."] },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(BrokenGateways))]
    public Task Section_ThatIsBroken_HasEachFaultNamed(string section, string[] faults) => NamesAsync($$"""{ "Gateway": {{section}} }""", faults);

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public Task File_ThatIsBroken_HasEachFaultNamed(string text, string[] faults) => NamesAsync(text, faults);

    [Fact]
    public void Files_ThatAreBroken_AreThirtyAtLeast() => Assert.True(BrokenGateways.Count + BrokenFiles.Count >= 30);

    [Fact]
    public async Task Fault_OfAnArgumentAndOfTheEnvironment_IsNamed()
    {
        var checkedOn = await GatewayCommand.RunAsync(
            _folder, new Dictionary<string, string> { ["Gateway__Limits__MaxStringBytes"] = "canary", ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true" }, "",
            "config", "check", "--Gateway:Limits:MaxModelInputs=canary");

        Assert.Equal(2, checkedOn.ExitCode);
        Assert.Equal(
            [
                "Gateway:Limits:MaxModelInputs is a whole number up to 2147483647.", "Gateway:Limits:MaxStringBytes is a whole number up to 2147483647.",
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED has X-Forwarded-* of everybody believed: leave it out, and name the proxies in Gateway:Proxies.",
            ],
            checkedOn.Lines);
    }

    [Fact]
    public async Task Faults_AsJson_AreAList()
    {
        var checkedOn = await GatewayCommand.RunAsync("config", "check", "--json", "--Gateway:LogFormat=canary");

        Assert.Equal((2, "{\"faults\":[\"Gateway:LogFormat is 'text' or 'json'.\"]}\n", ""), (checkedOn.ExitCode, checkedOn.Output, checkedOn.Error));
    }

    [Theory]
    [InlineData(0, "The configuration is right: upstream the built-in sandbox, 0 tenants.\n", "9000")]
    [InlineData(2, "--port is a number from 0 to 65535.\n", "canary")]
    public async Task Port_IsTakenAsByAStart(int exitCode, string output, string port)
    {
        var checkedOn = await GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", "config", "check", "--port", port);

        Assert.Equal((exitCode, output, ""), (checkedOn.ExitCode, checkedOn.Output, checkedOn.Error));
    }

    [Fact]
    public async Task File_WithItsSchema_IsRight()
    {
        await WriteAsync("""{ "$schema": "./schema.json", "Gateway": { "Upstream": { "Address": "https://api.clarifai.com" } } }""");

        var checkedOn = await CheckAsync();

        Assert.Equal((0, "The configuration is right: upstream https://api.clarifai.com/, 0 tenants.\n", ""), (checkedOn.ExitCode, checkedOn.Output, checkedOn.Error));
    }

    [Theory]
    [InlineData("one-team", "Gateway__Tenants__team__Pat")]
    [InlineData("home-assistant", "Gateway__Tenants__home__Pat", "Gateway__HomeAssistant__Token")]
    [InlineData("tls", "Gateway__Tenants__team__Pat")]
    public async Task Sample_WithTheSecretsThatItAsksFor_IsRight(string sample, params string[] secrets)
    {
        var file = Path.Combine(Repository.Root, "samples", sample, "appsettings.json");
        await WriteAsync((await File.ReadAllTextAsync(file)).Replace("<the hash of gateway key new>", new string('a', 64)));
        using var certificate = TestCertificate.CreateForLoopback();
        await File.WriteAllTextAsync(Path.Combine(_folder, "tls.crt"), certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(Path.Combine(_folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());

        var bare = await CheckAsync();
        var complete = await GatewayCommand.RunAsync(_folder, secrets.ToDictionary(secret => secret, _ => "secret"), "", "config", "check");

        Assert.Equal(secrets.Length, bare.Lines.Length); // one fault for each secret that is missing
        Assert.True(complete.ExitCode == 0, complete.Output);
    }

    private Task WriteAsync(string text) => File.WriteAllTextAsync(Path.Combine(_folder, "appsettings.json"), text);

    private Task<GatewayCommand.Result> CheckAsync() => GatewayCommand.RunAsync(_folder, GatewayProcess.NoVariables, "", "config", "check");

    private async Task NamesAsync(string text, string[] faults)
    {
        await WriteAsync(text);

        var checkedOn = await CheckAsync();

        Assert.Equal(faults.Select(fault => fault.Replace("{file}", Path.Combine(_folder, "appsettings.json"))).Order(), checkedOn.Lines.Order());
        Assert.Equal((2, ""), (checkedOn.ExitCode, checkedOn.Error));
        Assert.DoesNotContain("canary", checkedOn.Output, StringComparison.OrdinalIgnoreCase);
    }
}
