using System.Buffers;
using System.Text.Json;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Bench.Upstream;
using Gateway.Bench.Workloads;
using Google.Protobuf;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Bench.OpenAi;

/// <summary>
/// A gRPC server with a model that speaks OpenAI's JSON, as many messages to chat as to a plain request, each with a chunk of OpenAI's; and with one that has
/// a method for text instead.
/// </summary>
public sealed class ChatUpstream : IAsyncDisposable
{
    private readonly RawServer _server;

    private ChatUpstream(RawServer server) => _server = server;

    /// <summary>The model that speaks OpenAI's JSON.</summary>
    public const string Transport = "m";

    /// <summary>The model that is adapted.</summary>
    public const string Adapted = "adapted";

    public Uri Address => _server.Address;

    /// <summary>How many messages a stream has.</summary>
    public static int Messages => Plain.Length;

    private static byte[][] Plain { get; } = [.. Workload.Named("W4").ResponseWires];

    // The same words, as chunks of OpenAI's.
    private static byte[][] Chunks { get; } = [.. Workload.Named("W4").Responses.Select(response => ChunkOf(response).ToByteArray())];

    public static async Task<ChatUpstream> StartAsync()
    {
        byte[][] transport = [Describe("openai_stream_transport", new ModelTypeField { Name = "msg", Type = DataType.Str, Required = true }).ToByteArray()];
        byte[][] adapted =
        [
            Describe(
                "generate",
                new ModelTypeField { Name = "prompt", Type = DataType.Str, Required = true },
                new ModelTypeField { Name = "return", Type = DataType.Text }).ToByteArray(),
        ];
        return new ChatUpstream(await RawServer.StartAsync(
            isInline: false, new RawMethod("GetModel", IsStream: false, request => Holds(request, "adapted"u8) ? adapted : transport), new RawMethod("GenerateModelOutputs", IsStream: true, AnswersTo)));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static byte[][] AnswersTo(ReadOnlySequence<byte> request)
    {
        return Holds(request, "openai_endpoint"u8) ? Chunks : Plain;
    }

    private static bool Holds(ReadOnlySequence<byte> request, ReadOnlySpan<byte> text)
    {
        var reader = new SequenceReader<byte>(request);
        return reader.TryReadTo(out ReadOnlySequence<byte> _, text);
    }

    private static SingleModelResponse Describe(string name, ModelTypeField argument, params ModelTypeField[] results)
    {
        var method = new MethodSignature { Name = name, MethodType = RunnerMethodType.UnaryStreaming, InputFields = { argument }, OutputFields = { results } };
        return new SingleModelResponse
        {
            Status = new Status { Code = StatusCode.Success },
            Model = new Model { ModelVersion = new ModelVersion { Id = "v", MethodSignatures = { method } } },
        };
    }

    private static MultiOutputResponse ChunkOf(MultiOutputResponse plain)
    {
        var word = JsonSerializer.Serialize(plain.Outputs[0].Data.Text.Raw);
        var json = $$"""{"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"content":{{word}}},"logprobs":null,"finish_reason":null}]}""";
        var chunk = plain.Clone();
        chunk.Outputs[0].Data = new Data { Parts = { new Part { Id = "return", Data = new Data { StringValue = json } } } };
        return chunk;
    }
}
