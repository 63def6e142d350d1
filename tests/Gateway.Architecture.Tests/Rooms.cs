namespace Gateway.Architecture.Tests;

/// <summary>The rooms of the house: what lives where may lean only on what this table names.</summary>
internal static class Rooms
{
    /// <summary>The rooms of Gateway.Core, from the ground up: each knows those before it, none after it.</summary>
    public static readonly string[] CoreLayers = ["Wire", "Json", "Schema", "Transcoding", "Binding", "Upstream", "Methods"];

    /// <summary>
    /// The rooms of Gateway.Api, in the order in which a reader comes to know them: each knows those before it, none after it. The faces know none of
    /// each other.
    /// </summary>
    public static readonly string[] ApiLayers =
    [
        "Configuration", "Lifetime", "Telemetry", "Logging", "Errors", "Admission", "Usage", "Tenancy", "Stored", "Memory", "Upstream", "Http", "Streams", "Pipeline", "OpenApi", "WebConsole", "Models", "Faces", "Hosting",
        "Commands",
    ];

    public static string[] LayersOf(string project) => project == "Gateway.Core" ? CoreLayers : ApiLayers;

    /// <summary>Assembly, the assemblies of ours that it may use, and the foreign ones that it must not (by prefix).</summary>
    public static TheoryData<string, string[], string[]> All => new()
    {
        { "Gateway.Protos", [], ["Microsoft.", "Grpc.Net", "Grpc.AspNetCore"] },
        { "Gateway.Core", ["Gateway.Protos"], ["Microsoft.AspNetCore", "Grpc.AspNetCore", "Serilog"] },
        { "Gateway.Sandbox", ["Gateway.Core", "Gateway.Protos"], ["Serilog"] },
        // Of ASP.NET, Data Protection alone.
        { "Gateway.Store", [], ["Microsoft.AspNetCore.H", "Microsoft.AspNetCore.M", "Microsoft.AspNetCore.R", "Microsoft.AspNetCore.S", "Grpc", "Serilog"] },
        { "Gateway.Api", ["Gateway.Core", "Gateway.Protos", "Gateway.Sandbox", "Gateway.Store"], [] },
    };
}
