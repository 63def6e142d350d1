namespace Gateway.Api.Configuration;

/// <summary>The setting <c>AllowedHosts</c>, which is the framework's: one text, with semicolons between the names.</summary>
internal static class AllowedHostNames
{
    /// <summary>What stands for all names.</summary>
    public const string Any = "*";

    /// <summary>The name of the setting.</summary>
    public const string Setting = "AllowedHosts";

    private const string AnyBelow = "*.";

    /// <summary>The names; none where nothing is set.</summary>
    public static string[] In(IConfiguration configuration) =>
        (configuration[Setting] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What is wrong with it, in one sentence without the value: what is no name would shut nobody out.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration)
    {
        var section = configuration.GetSection(Setting);
        if (section.GetChildren().Any())
        {
            yield return $"{Setting} is one text with ; between host names, as in gateway.example.com;*.example.com, and no list.";
        }
        else if (section.Value is not null && (In(configuration) is not { Length: > 0 } names || !Array.TrueForAll(names, IsName)))
        {
            yield return $"{Setting} is host names without ports, with ; between them, as in gateway.example.com;*.example.com, or *.";
        }
    }

    // The name that a request comes by has brackets around an address of IPv6, too.
    private static bool IsName(string name) =>
        name == Any || Uri.CheckHostName(name.StartsWith(AnyBelow, StringComparison.Ordinal) ? name[AnyBelow.Length..] : name) switch
        {
            UriHostNameType.Dns => IsReadable(name),
            UriHostNameType.IPv4 => true,
            UriHostNameType.IPv6 => name[0] == '[',
            _ => false,
        };

    // A name with other letters than ASCII's may be written in those (Punycode, RFC 3492).
    private static bool IsReadable(string name)
    {
        try
        {
            return HostString.FromUriComponent(name).HasValue;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
