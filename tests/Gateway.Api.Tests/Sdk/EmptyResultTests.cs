using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faces.Mcp;
using Gateway.Api.Tests.Support;
using Google.Protobuf;
using static Gateway.Api.Tests.Sdk.SdkMethod;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Sdk;

/// <summary>Empty values, which the SDK sends as parts that have an id and no data.</summary>
public sealed class EmptyResultTests
{
    private const string Methods = "/v2/models/m/versions/v/methods";

    // status { code: 10000 }, outputs { status { code: 10000 } data { parts { id: "return" } } }
    private static readonly byte[] Answer = Convert.FromHexString("0a0308904e12121203 08904e320b9a0108 1206 72657475726e".Replace(" ", ""));

    public static TheoryData<string, string> Types => new()
    {
        { """{ "type": "LIST", "typeArgs": [ { "type": "STR" } ] }""", "[]" },
        { """{ "type": "LIST", "typeArgs": [ { "type": "INT" } ] }""", "[]" },
        { """{ "type": "LIST", "typeArgs": [ { "type": "LIST", "typeArgs": [ { "type": "INT" } ] } ] }""", "[]" },
        { """{ "type": "LIST", "typeArgs": [ { "type": "JSON_DATA" } ] }""", "[]" },
        { """{ "type": "LIST", "typeArgs": [ { "type": "IMAGE" } ] }""", "[]" },
        { """{ "type": "LIST", "typeArgs": [ { "type": "CONCEPT" } ] }""", "[]" },
        { """{ "type": "LIST", "typeArgs": [ { "type": "NAMED_FIELDS", "typeArgs": [ { "name": "x", "type": "STR" } ] } ] }""", "[]" },
        { """{ "type": "STR" }""", "\"\"" },
        { """{ "type": "BYTES" }""", "\"\"" },
        { """{ "type": "INT" }""", "0" },
        { """{ "type": "FLOAT" }""", "0" },
        { """{ "type": "BOOL" }""", "false" },
        { """{ "type": "JSON_DATA" }""", "null" },
        { """{ "type": "IMAGE" }""", "null" },
        { """{ "type": "CONCEPT" }""", "null" },
    };

    [Theory, MemberData(nameof(Types))]
    public async Task Result_WithoutData_IsItsTypesEmptyValue(string type, string result)
    {
        await using var upstream = await StartAsync(type, RunnerMethodType.UnaryUnary);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.PostAsync($"{Methods}/m", null);

        Assert.Equal(result, await answer.Content.ReadAsStringAsync());
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Result_OfAStreamOrABatch_IsTheSame(string type, string result)
    {
        await using var stream = await StartAsync(type, RunnerMethodType.UnaryStreaming);
        await using var batch = await StartAsync(type, RunnerMethodType.UnaryUnary);
        await using var streaming = GatewayHost.Start(stream.Address);
        await using var batching = GatewayHost.Start(batch.Address);
        using var streamClient = streaming.CreateClientWithKey();
        using var batchClient = batching.CreateClientWithKey();
        streamClient.DefaultRequestHeaders.Add("Accept", "application/x-ndjson");

        using var streamed = await streamClient.PostAsync($"{Methods}/m", null);
        using var batched = await batchClient.PostAsync($"{Methods}/m", new StringContent("[{}]"));

        Assert.Equal(result, (await streamed.Content.ReadAsStringAsync()).Split('\n')[0]);
        Assert.Equal($"[{result}]", await batched.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("""{ "type": "LIST", "typeArgs": [ { "type": "STR" } ] }""", "[]")]
    [InlineData("""{ "type": "STR" }""", "")]
    public async Task Result_OfATool_IsTheSame(string type, string text)
    {
        await using var upstream = await StartAsync(type, RunnerMethodType.UnaryUnary);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, "/models/m/versions/v", McpPost.Call("m"), ("Accept", "application/json, text/event-stream"));

        Assert.Equal(text, string.Concat(answer.Last["result"]!["content"]!.AsArray().Select(block => (string?)block!["text"])));
    }

    [Theory]
    [InlineData(SdkGeneration.JsonInText)]
    [InlineData(SdkGeneration.JsonInStruct)]
    public async Task Results_OfSeveralNames_HaveTheEmptyOnesToo(SdkGeneration generation)
    {
        var signature = new MethodSignature
        {
            Name = "look",
            MethodType = RunnerMethodType.UnaryUnary,
            OutputFields = { Field(DataType.Str, "text"), Field(DataType.List, "words", Item(DataType.Str)), Field(DataType.Int, "count") },
        };
        var result = new Dictionary<string, object?> { ["text"] = "", ["words"] = Array.Empty<object?>(), ["count"] = 0 };
        await using var server = await SdkModelServer.StartAsync(generation, new SdkMethod(signature, _ => [result]));
        await using var gateway = GatewayHost.Start(server.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.PostAsync("/v2/models/m/methods/look", null);

        Assert.Equal("""{"text":"","words":[],"count":0}""", await answer.Content.ReadAsStringAsync());
    }

    // A model of one method, m, that answers whatever it is asked with the same bytes.
    private static Task<RecordingUpstream> StartAsync(string type, RunnerMethodType kind)
    {
        var result = ModelTypeField.Parser.ParseJson(type);
        (result.Name, result.Iterator) = ("return", kind == RunnerMethodType.UnaryStreaming);
        var version = new SingleModelVersionResponse
        {
            Status = new Status { Code = StatusCode.Success },
            ModelVersion = new ModelVersion { Id = "v", MethodSignatures = { new MethodSignature { Name = "m", MethodType = kind, OutputFields = { result } } } },
        };
        return RecordingUpstream.StartAsync(async call =>
        {
            using var request = await call.ReadSingleAsync();
            await call.WriteAsync((call.Path.EndsWith("/GetModelVersion", StringComparison.Ordinal) ? version.ToByteArray() : Answer));
            return GrpcStatus.DefaultSuccess;
        });
    }
}
