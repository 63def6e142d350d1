using System.Reflection;

namespace Gateway.Api.Lifetime;

/// <summary>Which gateway this is.</summary>
internal static class GatewayVersion
{
    /// <summary>The version of <c>Directory.Build.props</c>, which the build wrote into the program.</summary>
    public static string Number { get; } = typeof(GatewayVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
