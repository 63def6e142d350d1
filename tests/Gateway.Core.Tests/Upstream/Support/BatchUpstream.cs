using System.Collections.Concurrent;
using Clarifai.Api;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;
using StatusCode = Clarifai.Api.Status.StatusCode;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>
/// A model that answers the text of each input with the same text, and does to inputs what these ask for: <c>fail</c> fails its own output,
/// <c>poison</c> fails the call that it is in, in the way that the rest of it says.
/// </summary>
internal sealed class BatchUpstream : IAsyncDisposable
{
    public const string Fail = "fail";
    public const string Poison = "poison";

    private readonly TestUpstream _server;

    private BatchUpstream(TestUpstream server, ConcurrentQueue<Call> calls)
    {
        _server = server;
        Calls = calls;
    }

    public Uri Address => _server.Address;

    /// <summary>The calls, in the order in which they came.</summary>
    public ConcurrentQueue<Call> Calls { get; }

    /// <summary>Runs before each call is answered; null for nothing, a status to answer with that alone.</summary>
    public Func<Call, Task<GrpcStatus?>>? Before { get; set; }

    /// <summary>Changes answers.</summary>
    public Action<Call, MultiOutputResponse>? Change { get; set; }

    public static async Task<BatchUpstream> StartAsync()
    {
        BatchUpstream? upstream = null;
        var calls = new ConcurrentQueue<Call>();
        var server = await TestUpstream.StartAsync((_, call) => upstream!.AnswerAsync(call));
        return upstream = new BatchUpstream(server, calls);
    }

    public static byte[] Request(string model, params string[] texts) => new PostModelOutputsRequest
    {
        ModelId = model,
        Inputs = { texts.Select(text => new Input { Data = new Data { Text = new Text { Raw = text } } }) },
    }.ToByteArray();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<GrpcStatus> AnswerAsync(GrpcServerCall server)
    {
        using var message = await server.ReadSingleAsync();
        var call = new Call(server, PostModelOutputsRequest.Parser.ParseFrom(message.Memory.Span));
        Calls.Enqueue(call);
        if (Before is not null && await Before(call) is { } early)
        {
            return early;
        }

        var response = new MultiOutputResponse { RunnerSelector = new RunnerSelector { Deployment = new Deployment { Id = "d" } } };
        foreach (var text in call.Texts)
        {
            if (text.StartsWith(Poison, StringComparison.Ordinal))
            {
                switch (text.Length % 3)
                {
                    case 0:
                        return new GrpcStatus(GrpcStatusCode.Internal, "the model died");
                    case 1:
                        await server.WriteAsync(Failed(StatusCode.ConnInvalidRequest).ToByteArray());
                        return GrpcStatus.DefaultSuccess;
                    default:
                        response.Status = new Status { Code = StatusCode.Success };
                        response.Outputs.Clear();
                        await server.WriteAsync(response.ToByteArray());
                        return GrpcStatus.DefaultSuccess;
                }
            }

            var isFailed = text.StartsWith(Fail, StringComparison.Ordinal);
            response.Outputs.Add(new Output
            {
                Status = isFailed
                    ? new Status { Code = StatusCode.InputFailed, Description = "Download failed", Details = text }
                    : new Status { Code = StatusCode.Success, Description = "Ok" },
                Data = isFailed ? null : new Data { Text = new Text { Raw = text } },
                PromptTokens = (uint)text.Length,
            });
        }

        var failed = response.Outputs.Count(output => output.Status.Code != StatusCode.Success);
        response.Status = failed == 0 ? new Status { Code = StatusCode.Success, Description = "Ok", ReqId = "of the upstream" }
            : failed < response.Outputs.Count ? new Status { Code = StatusCode.MixedStatus, Description = "Mixed", Details = $"{failed} failed", ReqId = "r" }
            : failed == 1 ? response.Outputs[0].Status.Clone()
            : new Status { Code = StatusCode.Failure, Description = "Failure" };
        Change?.Invoke(call, response);
        await server.WriteAsync(response.ToByteArray());
        return GrpcStatus.DefaultSuccess;
    }

    public static MultiOutputResponse Failed(StatusCode code) =>
        new() { Status = new Status { Code = code, Description = code.ToString(), ReqId = "of the upstream" } };

    internal sealed class Call(GrpcServerCall server, PostModelOutputsRequest request)
    {
        public GrpcServerCall Server => server;

        public PostModelOutputsRequest Request => request;

        public Metadata Metadata { get; } = server.RequestHeaders;

        public string[] Texts { get; } = [.. request.Inputs.Select(input => input.Data?.Text?.Raw ?? "")];
    }
}
