using System.Buffers;
using System.Text.Json;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Bench.Workloads;
using Gateway.Grpc;
using Gateway.Grpc.Server;
using Google.Protobuf;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Bench.OpenAi;

/// <summary>A gRPC server with one model that speaks OpenAI's JSON: as many messages to chat as to a plain request, each with a chunk of OpenAI's.</summary>
public sealed class ChatUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ChatUpstream(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>How many messages a stream has.</summary>
    public static int Messages => Plain.Length;

    private static byte[][] Plain { get; } = [.. Workload.Named("W4").ResponseWires];

    // The same words, as chunks of OpenAI's.
    private static byte[][] Chunks { get; } = [.. Workload.Named("W4").Responses.Select(response => ChunkOf(response).ToByteArray())];

    public static async Task<ChatUpstream> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(server =>
        {
            server.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2);
            server.Limits.Http2.InitialStreamWindowSize = 1024 * 1024;
            server.Limits.Http2.InitialConnectionWindowSize = 16 * 1024 * 1024;
        });
        WebApplication app = builder.Build();
        app.MapGrpc("/clarifai.api.V2/GetModel", call => AnswerAsync(call, _ => [DescribeModel().ToByteArray()]));
        app.MapGrpc("/clarifai.api.V2/GenerateModelOutputs", call => AnswerAsync(call, AnswersTo));
        await app.StartAsync();
        return new ChatUpstream(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static byte[][] AnswersTo(Payload request) => request.Span.IndexOf("openai_endpoint"u8) >= 0 ? Chunks : Plain;

    private static async Task<GrpcStatus> AnswerAsync(GrpcServerCall call, Func<Payload, byte[][]> answer)
    {
        byte[][] messages;
        using (Payload request = await call.ReadSingleAsync())
        {
            messages = answer(request);
        }

        foreach (byte[] message in messages)
        {
            await call.WriteAsync(new ReadOnlySequence<byte>(message));
        }

        return new GrpcStatus(GrpcStatusCode.OK, "");
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
