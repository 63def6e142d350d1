using System.Buffers;
using Clarifai.Api.Status;
using Gateway.Grpc;
using Gateway.Grpc.Server;
using Gateway.Sandbox.Models;
using Google.Protobuf;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Sandbox.Service;

/// <summary>
/// Maps RPCs of <c>clarifai.api.V2</c> to typed handlers: checks the key, parses requests, writes responses, and puts the
/// request id into every response's status.
/// </summary>
internal sealed class RpcEndpoints(IEndpointRouteBuilder endpoints, KeyCheck keys)
{
    private const string Service = "/clarifai.api.V2/";

    private static readonly GrpcStatus Malformed = new(GrpcStatusCode.InvalidArgument, "the request is not a message of the right type");

    private readonly List<string> _paths = [];

    /// <summary>The paths mapped so far.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <summary>One request, one response.</summary>
    public void MapUnary<TRequest, TResponse>(string name, Func<TRequest, RpcCall, Task<TResponse>> handler)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage<TResponse>, new() =>
        Map<TRequest, TResponse>(name, ReadOneAsync<TRequest>, (requests, call) => requests.Select(async (TRequest request, CancellationToken _) => await handler(request, call)));

    /// <summary>One request, one response that needs no waiting.</summary>
    public void MapUnary<TRequest, TResponse>(string name, Func<TRequest, RpcCall, TResponse> handler)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage<TResponse>, new() =>
        Map<TRequest, TResponse>(name, ReadOneAsync<TRequest>, (requests, call) => requests.Select(request => handler(request, call)));

    /// <summary>The same for callers without a key.</summary>
    public void MapOpen<TRequest, TResponse>(string name, Func<TRequest, RpcCall, TResponse> handler)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage<TResponse>, new() =>
        Map<TRequest, TResponse>(name, ReadOneAsync<TRequest>, (requests, call) => requests.Select(request => handler(request, call)), needsKey: false);

    /// <summary>One request, a stream of responses.</summary>
    public void MapServerStream<TRequest, TResponse>(string name, Func<TRequest, RpcCall, IAsyncEnumerable<TResponse>> handler)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage<TResponse>, new() =>
        Map<TRequest, TResponse>(name, ReadOneAsync<TRequest>, (requests, call) => requests.SelectMany(request => handler(request, call)));

    /// <summary>A stream of requests, a stream of responses.</summary>
    public void MapDuplex<TRequest, TResponse>(string name, Func<IAsyncEnumerable<TRequest>, RpcCall, IAsyncEnumerable<TResponse>> handler)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage<TResponse>, new() =>
        Map(name, ReadAllAsync<TRequest>, handler);

    /// <summary>Answers every other RPC with UNIMPLEMENTED and its name.</summary>
    public void MapUnimplemented() => endpoints.MapGrpc(
        Service + "{rpc}",
        call => Task.FromResult(new GrpcStatus(GrpcStatusCode.Unimplemented, $"the sandbox does not implement {call.Path[Service.Length..]}")));

    private void Map<TRequest, TResponse>(
        string name,
        Func<GrpcServerCall, IAsyncEnumerable<TRequest>> read,
        Func<IAsyncEnumerable<TRequest>, RpcCall, IAsyncEnumerable<TResponse>> handler,
        bool needsKey = true)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage<TResponse>, new()
    {
        _paths.Add(Service + name);
        endpoints.MapGrpc(Service + name, call => ServeAsync(call, read(call), handler, needsKey));
    }

    private async Task<GrpcStatus> ServeAsync<TRequest, TResponse>(
        GrpcServerCall call,
        IAsyncEnumerable<TRequest> requests,
        Func<IAsyncEnumerable<TRequest>, RpcCall, IAsyncEnumerable<TResponse>> handler,
        bool needsKey)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage<TResponse>, new()
    {
        var rpc = new RpcCall(RequestIdOf(call.RequestHeaders), call.CancellationToken);
        try
        {
            var responses = needsKey && keys.Check(call.RequestHeaders.GetValue("authorization")) is { } refusal
                ? requests.Take(1).Select(_ => Refused<TResponse>(refusal))
                : handler(requests, rpc);
            await foreach (var response in responses) await WriteAsync(call, rpc, response);
            return GrpcStatus.OK;
        }
        catch (InvalidProtocolBufferException)
        {
            return Malformed;
        }
    }

    private static async IAsyncEnumerable<TRequest> ReadOneAsync<TRequest>(GrpcServerCall call)
        where TRequest : IMessage<TRequest>, new()
    {
        yield return Parse<TRequest>(await call.ReadSingleAsync());
    }

    private static async IAsyncEnumerable<TRequest> ReadAllAsync<TRequest>(GrpcServerCall call)
        where TRequest : IMessage<TRequest>, new()
    {
        while (await call.ReadAsync() is { } payload) yield return Parse<TRequest>(payload);
    }

    private static TRequest Parse<TRequest>(Payload payload)
        where TRequest : IMessage<TRequest>, new()
    {
        using (payload)
        {
            var request = new TRequest();
            request.MergeFrom(payload.Span);
            return request;
        }
    }

    private static async Task WriteAsync<TResponse>(GrpcServerCall call, RpcCall rpc, TResponse response)
        where TResponse : IMessage<TResponse>
    {
        StatusOf(response).ReqId = rpc.RequestId;
        await call.WriteAsync(new ReadOnlySequence<byte>(response.ToByteArray()));
    }

    private static TResponse Refused<TResponse>(Failure failure)
        where TResponse : IMessage<TResponse>, new()
    {
        var response = new TResponse();
        response.Descriptor.FindFieldByName("status").Accessor.SetValue(response, ApiStatus.Of(failure));
        return response;
    }

    private static Status StatusOf(IMessage response) => (Status)response.Descriptor.FindFieldByName("status").Accessor.GetValue(response);

    private static string RequestIdOf(Metadata headers) => headers.GetValue("x-request-id") is { Length: > 0 } id ? id : Guid.NewGuid().ToString("N");
}
