using System.Collections.Concurrent;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;

namespace Gateway.Api.Tests.Generators;

/// <summary>An upstream whose models say whose they are and what they were given, whole or in two pieces; there is none of the id <c>none</c>.</summary>
internal sealed class ListeningUpstream : IAsyncDisposable
{
    private RecordingUpstream? _server;

    /// <summary>Where it listens.</summary>
    public Uri Address => _server!.Address;

    /// <summary>The keys that came.</summary>
    public ConcurrentBag<string> Keys { get; } = [];

    /// <summary>Starts one.</summary>
    public static async Task<ListeningUpstream> StartAsync()
    {
        var upstream = new ListeningUpstream();
        upstream._server = await RecordingUpstream.StartAsync(upstream.AnswerAsync);
        return upstream;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task<GrpcStatus> AnswerAsync(GrpcServerCall call)
    {
        using var message = await call.ReadSingleAsync();
        var request = PostModelOutputsRequest.Parser.ParseFrom(message.Span);
        Keys.Add(call.RequestHeaders.GetValue("authorization") ?? "");
        var streams = call.Path.EndsWith("/GenerateModelOutputs", StringComparison.Ordinal);
        foreach (var piece in streams ? [" 1", " 2"] : new[] { "" })
        {
            await call.WriteAsync(Answer(request, piece).ToByteArray());
        }

        return GrpcStatus.DefaultSuccess;
    }

    private static MultiOutputResponse Answer(PostModelOutputsRequest request, string piece)
    {
        if (request.ModelId == "none")
        {
            return new MultiOutputResponse { Status = new Status { Code = StatusCode.ModelDoesNotExist, Description = "Model does not exist" } };
        }

        var data = request.Inputs.Single().Data;
        var said = $"{request.UserAppId.UserId}/{request.UserAppId.AppId}/{request.ModelId}: {data.Text?.Raw}{data.Image?.Url}{piece}";
        return new MultiOutputResponse
        {
            Status = new Status { Code = StatusCode.Success },
            Outputs = { new Output { Status = new Status { Code = StatusCode.Success }, Data = new Data { Text = new Text { Raw = said } } } },
        };
    }
}
