using System.Net;
using System.Text.Json.Nodes;
using Gateway.Api.Tests.Faces.Methods;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Sdk;

/// <summary>Every type that an argument can have, to a model of either generation of the SDK, and back.</summary>
public sealed class SdkArgumentTests(SdkArgumentTests.Echoes echoes) : IClassFixture<SdkArgumentTests.Echoes>
{
    public static TheoryData<SdkGeneration, string, string, string?> Values
    {
        get
        {
            var all = new TheoryData<SdkGeneration, string, string, string?>();
            foreach (var row in ArgumentTypeTests.Values)
            {
                all.Add(SdkGeneration.JsonInText, (string)row[0], (string)row[1], (string?)row[2]);
                all.Add(SdkGeneration.JsonInStruct, (string)row[0], (string)row[1], (string?)row[2]);
            }

            return all;
        }
    }

    [Theory, MemberData(nameof(Values))]
    public async Task Value_OfItsType_ComesBack(SdkGeneration generation, string method, string value, string? returned)
    {
        using var answer = await echoes[generation].PostAsync($"/v2/models/m/methods/echo_{method}", new StringContent($$"""{"value":{{value}}}"""));

        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(returned ?? value), JsonNode.Parse(text)), text);
    }

    [Theory]
    [InlineData(SdkGeneration.JsonInText)]
    [InlineData(SdkGeneration.JsonInStruct)]
    public async Task Batch_OfJson_ComesBack(SdkGeneration generation)
    {
        using var answer = await echoes[generation].PostAsync("/v2/models/m/methods/echo_json", new StringContent("""[{"value":{"a":1}},{"value":[]},{"value":[[]]}]"""));

        Assert.Equal("""[{"a":1},[],[[]]]""", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A gateway in front of a model of each generation, for all tests.</summary>
    public sealed class Echoes : IAsyncLifetime
    {
        private readonly Dictionary<SdkGeneration, (SdkModelServer Server, GatewayHost Gateway, HttpClient Client)> _echoes = [];

        public HttpClient this[SdkGeneration generation] => _echoes[generation].Client;

        public async Task InitializeAsync()
        {
            foreach (var generation in Enum.GetValues<SdkGeneration>())
            {
                var server = await SdkModelServer.StartAsync(generation, SdkEcho.Methods);
                var gateway = GatewayHost.Start(server.Address);
                _echoes[generation] = (server, gateway, gateway.CreateClientWithKey());
            }
        }

        public async Task DisposeAsync()
        {
            foreach (var (server, gateway, client) in _echoes.Values)
            {
                client.Dispose();
                await gateway.DisposeAsync();
                await server.DisposeAsync();
            }
        }
    }
}
