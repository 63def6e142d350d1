using System.Text.Json;
using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>What tools ask of a gRPC server that they know nothing of: clients of reflection and health that others wrote, without a key.</summary>
public sealed class ToolTests : IDisposable
{
    private const int NotFound = 5;

    private readonly GatewayHost _gateway = GatewayHost.Start();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Reflection_ListsTheServices() => Assert.Equal(
        ["clarifai.api.V2", "grpc.health.v1.Health"], (await RunAsync(_gateway, "services")).EnumerateArray().Select(name => name.GetString()).Order());

    [Fact]
    public async Task Reflection_DescribesEveryMethod()
    {
        var methods = (await RunAsync(_gateway, "methods", "clarifai.api.V2")).EnumerateArray().ToDictionary(method => method.GetProperty("name").GetString()!);

        Assert.Equal(V2.Descriptor.Methods.Select(method => method.Name).Order(), methods.Keys.Order());
        Assert.All(V2.Descriptor.Methods, method =>
        {
            var told = methods[method.Name];
            Assert.Equal("." + method.InputType.FullName, told.GetProperty("request").GetString());
            Assert.Equal([method.IsClientStreaming, method.IsServerStreaming], told.GetProperty("streams").EnumerateArray().Select(streams => streams.GetBoolean()));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("clarifai.api.V2")]
    public async Task Health_UpstreamAnswers_IsServing(string service) => Assert.Equal("SERVING", await HealthAsync(_gateway, service));

    [Theory]
    [InlineData("")]
    [InlineData("clarifai.api.V2")]
    public async Task Health_UpstreamDead_IsNotServing(string service)
    {
        await using var gateway = GatewayHost.Start(new Uri("http://127.0.0.1:1"));

        Assert.Equal("NOT_SERVING", await HealthAsync(gateway, service));
    }

    [Fact]
    public async Task Health_UnknownService_IsNotFound() =>
        Assert.Equal(NotFound, (await RunAsync(_gateway, "check", "other.Service")).GetProperty("grpc").GetInt32());

    private static async Task<string?> HealthAsync(GatewayHost gateway, string service) =>
        (await RunAsync(gateway, "check", service)).GetProperty("status").GetString();

    private static async Task<JsonElement> RunAsync(GatewayHost gateway, params string[] arguments)
    {
        await using var program = await NodeProgram.StartAsync("grpc-tools-client.js", [gateway.GrpcAddress.Authority, .. arguments]);
        return JsonSerializer.Deserialize<JsonElement>(await program.ReadLineAsync());
    }
}
