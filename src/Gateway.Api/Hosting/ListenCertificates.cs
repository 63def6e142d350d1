using System.Security.Cryptography.X509Certificates;
using Gateway.Api.Configuration;
using Gateway.Api.Upstream;

namespace Gateway.Api.Hosting;

/// <summary>The certificates that Kestrel's own settings name, looked at without a start.</summary>
internal static class ListenCertificates
{
    private const string Defaults = "Kestrel:Certificates";
    private const string Certificate = "Certificate";

    private static readonly string[] Files = ["Path", "KeyPath"];

    /// <summary>What is wrong with them, one sentence for each setting.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="environment">Where the files are, unless their paths say so; and whether the developer's certificate counts.</param>
    public static IEnumerable<string> Faults(IConfiguration configuration, IHostEnvironment environment)
    {
        var endpoints = configuration.GetSection(ListenAddresses.Endpoints).GetChildren().ToList();
        IConfigurationSection[] certificates =
            [.. configuration.GetSection(Defaults).GetChildren(), .. endpoints.Select(endpoint => endpoint.GetSection(Certificate))];
        foreach (var certificate in certificates.Where(certificate => certificate["Path"] is { Length: > 0 }))
        {
            string[] missing = [.. Files.Where(file => IsMissing(certificate[file], environment.ContentRootPath))];
            foreach (var file in missing)
            {
                yield return $"{certificate.Path}:{file} is a file that is not there.";
            }

            if (missing.Length == 0 && !CanUse(certificate, environment.ContentRootPath))
            {
                yield return $"{certificate.Path} is no certificate with its key that can be read: Path and KeyPath are files in PEM, or "
                    + "Path is a PKCS #12 file and Password opens it.";
            }
        }

        var hasDefault = environment.IsDevelopment() || configuration.GetSection($"{Defaults}:Default").GetChildren().Any();
        var bare = hasDefault
            ? []
            : endpoints.Where(endpoint => !endpoint.GetSection(Certificate).GetChildren().Any())
                .Select(endpoint => (Setting: $"{endpoint.Path}:Url", Url: endpoint["Url"]))
                .Concat(ListenAddresses.In(configuration).Select(url => (Setting: "--urls (or ASPNETCORE_URLS)", Url: (string?)url)))
                .Append((Setting: "Gateway:Grpc:Url", Url: configuration["Gateway:Grpc:Url"]))
                .Append((Setting: "Gateway:Admin:Url", Url: configuration["Gateway:Admin:Url"]));
        foreach (var (setting, _) in bare.Where(address => address.Url?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) is true))
        {
            yield return $"{setting} is an https:// address without a certificate: set {Defaults}:Default:Path and "
                + $"{Defaults}:Default:KeyPath to files in PEM, or the same below Certificate of the endpoint.";
        }
    }

    private static bool IsMissing(string? path, string folder) => path is { Length: > 0 } && !File.Exists(Path.Combine(folder, path));

    private static bool CanUse(IConfigurationSection section, string folder)
    {
        var path = Path.Combine(folder, section["Path"]!);
        var password = section["Password"];
        try
        {
            using var certificate = section["KeyPath"] is not { Length: > 0 } keyPath
                ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
                : string.IsNullOrEmpty(password)
                    ? X509Certificate2.CreateFromPemFile(path, Path.Combine(folder, keyPath))
                    : X509Certificate2.CreateFromEncryptedPemFile(path, password, Path.Combine(folder, keyPath));
            return certificate.HasPrivateKey;
        }
        catch (Exception failure) when (UpstreamCertificates.IsUnreadable(failure))
        {
            return false;
        }
    }
}
