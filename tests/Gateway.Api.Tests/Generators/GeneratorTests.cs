using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Generators;

/// <summary>
/// Clients as other people's generators make them of the document that a gateway serves: each compiles, predicts for the right user and app,
/// reads a stream, and reads an error as what it is.
/// </summary>
public sealed class GeneratorTests : IAsyncLifetime
{
    private const string Document = "/openapi/v2.json";
    private const string Older = "/openapi/v2-3.0.json";

    private const string Expected = """
        {"text":"ada/pets/breeds: a collie","image":"ada/pets/breeds: https://img.test/dog.jpg","stream":["ada/pets/breeds: a collie 1","ada/pets/breeds: a collie 2"],"error":21200}
        """;

    private ListeningUpstream _upstream = null!;
    private GatewayHost _gateway = null!;

    private static string Folder => NodePackages.Generators.Folder;

    public async Task InitializeAsync()
    {
        _upstream = await ListeningUpstream.StartAsync();
        _gateway = GatewayHost.Start(_upstream.Address);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("openapi-typescript", Document)]
    [InlineData("hey-api", Document)]
    [InlineData("orval", Document)]
    [InlineData("swagger-typescript-api", Older)]
    public async Task Client_InTypeScript_Predicts(string generator, string document)
    {
        await NodePackages.Generators.EnsureInstalledAsync();

        Check(await ToolRun.RunAsync(Folder, NodePackages.Generators.Node, "generate.js", generator, AddressOf(document), Root));
    }

    [Fact]
    public async Task Client_OfNSwag_Predicts() => Check(await RunAsync("nswag", folder => ToolRun.RunAsync(
        Folder,
        "dotnet",
        "nswag",
        "openapi2csclient",
        $"/input:{AddressOf(Document)}",
        $"/output:{folder}/Client.cs",
        "/namespace:Generated",
        "/classname:GatewayClient",
        "/operationGenerationMode:SingleClientFromOperationId",
        "/jsonLibrary:SystemTextJson")));

    [Fact]
    public async Task Client_OfKiota_Predicts() => Check(await RunAsync("kiota", folder => ToolRun.RunAsync(
        Folder,
        "dotnet",
        "kiota",
        "generate",
        "--language",
        "csharp",
        "--openapi",
        AddressOf(Older),
        "--class-name",
        "GatewayClient",
        "--namespace-name",
        "Generated",
        "--exclude-backward-compatible",
        "--clear-cache",
        "--output",
        folder)));

    private string Root => _gateway.Address.ToString().TrimEnd('/');

    private string AddressOf(string document) => Root + document;

    private void Check(string output)
    {
        Assert.Equal(JsonNode.Parse(Expected)!.ToJsonString(), JsonNode.Parse(output.Trim().Split('\n')[^1])!.ToJsonString());
        Assert.Equal(["Key client-key"], _upstream.Keys.Distinct());
    }

    /// <summary>Compiles what a tool generates with the program that uses it, and runs that.</summary>
    private async Task<string> RunAsync(string tool, Func<string, Task> generate)
    {
        await ToolRun.RunAsync(Folder, "dotnet", "tool", "restore");
        var folder = Directory.CreateTempSubdirectory(tool).FullName;
        try
        {
            await generate(Path.Combine(folder, "generated"));
            File.Copy(Path.Combine(Folder, "clients", $"{tool}.cs"), Path.Combine(folder, "client.cs"));
            await File.WriteAllTextAsync(
                Path.Combine(folder, "Directory.Build.props"), """<Project><ItemGroup><Compile Include="generated/**/*.cs" /></ItemGroup></Project>""");
            return await ToolRun.RunAsync(folder, "dotnet", "run", "client.cs", "--", Root);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
