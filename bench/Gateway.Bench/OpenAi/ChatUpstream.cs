using System.Buffers;
using System.Text.Json;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Bench.Upstream;
using Gateway.Bench.Workloads;
using Google.Protobuf;

namespace Gateway.Bench.OpenAi;

/// <summary>A gRPC server with one model that speaks OpenAI's JSON: as many messages to chat as to a plain request, each with a chunk of OpenAI's.</summary>
public sealed class ChatUpstream : IAsyncDisposable
{
    private readonly RawServer _server;

    private ChatUpstream(RawServer server) => _server = server;

    public Uri Address => _server.Address;

    /// <summary>How many messages a stream has.</summary>
    public static int Messages => Plain.Length;

    private static byte[][] Plain { get; } = [.. Workload.Named("W4").ResponseWires];

    // The same words, as chunks of OpenAI's.
    private static byte[][] Chunks { get; } = [.. Workload.Named("W4").Responses.Select(response => ChunkOf(response).ToByteArray())];

    public static async Task<ChatUpstream> StartAsync()
    {
        byte[][] model = [DescribeModel().ToByteArray()];
        return new ChatUpstream(await RawServer.StartAsync(
            isInline: false, new RawMethod("GetModel", IsStream: false, _ => model), new RawMethod("GenerateModelOutputs", IsStream: true, AnswersTo)));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static byte[][] AnswersTo(ReadOnlySequence<byte> request)
    {
        var reader = new SequenceReader<byte>(request);
        return reader.TryReadTo(out ReadOnlySequence<byte> _, "openai_endpoint"u8) ? Chunks : Plain;
    }

    private static SingleModelResponse DescribeModel()
    {
        var msg = new ModelTypeField { Name = "msg", Type = ModelTypeField.Types.DataType.Str, Required = true };
        var method = new MethodSignature { Name = "openai_stream_transport", MethodType = RunnerMethodType.UnaryStreaming, InputFields = { msg } };
        return new SingleModelResponse
        {
            Status = new Status { Code = StatusCode.Success },
            Model = new Model { ModelVersion = new ModelVersion { Id = "v", MethodSignatures = { method } } },
        };
    }

    private static MultiOutputResponse ChunkOf(MultiOutputResponse plain)
    {
        string word = JsonSerializer.Serialize(plain.Outputs[0].Data.Text.Raw);
        string json = $$"""{"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"content":{{word}}},"logprobs":null,"finish_reason":null}]}""";
        MultiOutputResponse chunk = plain.Clone();
        chunk.Outputs[0].Data = new Data { Parts = { new Part { Id = "return", Data = new Data { StringValue = json } } } };
        return chunk;
    }
}
