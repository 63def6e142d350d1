using System.Reflection;
using Clarifai.Auth.Util;
using Gateway.Protos;
using Gateway.Sandbox.Models;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Status = Clarifai.Api.Status.Status;

namespace Gateway.Sandbox.Service;

/// <summary>
/// What every RPC does alike: checks the key, puts the request's id into every response's status, and names what the sandbox does not
/// implement.
/// </summary>
internal sealed class AnswerInterceptor(KeyCheck keys) : Interceptor
{
    private static readonly HashSet<string> Open =
    [
        .. ApiDescriptors.Service.Methods.Where(NeedsNoKey).Select(method => $"/{method.Service.FullName}/{method.Name}"),
    ];

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var response = Refusal(context) is { } refusal
            ? Refused<TResponse>(refusal)
            : await AnswerAsync(context, continuation(request, context));
        StatusOf(response).ReqId = RequestIdOf(context);
        return response;
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responses,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var stamped = new StampedResponses<TResponse>(responses, RequestIdOf(context));
        return Refusal(context) is { } refusal
            ? stamped.WriteAsync(Refused<TResponse>(refusal))
            : AnswerAsync(context, continuation(request, stamped, context));
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests,
        IServerStreamWriter<TResponse> responses,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var stamped = new StampedResponses<TResponse>(responses, RequestIdOf(context));
        return Refusal(context) is { } refusal
            ? stamped.WriteAsync(Refused<TResponse>(refusal))
            : AnswerAsync(context, continuation(requests, stamped, context));
    }

    private static bool NeedsNoKey(MethodDescriptor method) =>
        method.GetOptions()?.GetExtension(AccessExtensions.Credential) == Credential.None;

    private Failure? Refusal(ServerCallContext context) =>
        Open.Contains(context.Method) ? null : keys.Check(context.RequestHeaders.GetValue("authorization"));

    private static async Task<TResponse> AnswerAsync<TResponse>(ServerCallContext context, Task<TResponse> answer)
    {
        await AnswerAsync(context, (Task)answer);
        return await answer;
    }

    private static async Task AnswerAsync(ServerCallContext context, Task answer)
    {
        try
        {
            await answer;
        }
        catch (RpcException failure) when (failure.Status is { StatusCode: StatusCode.Unimplemented, Detail: "" })
        {
            var name = context.Method[(context.Method.LastIndexOf('/') + 1)..];
            throw new RpcException(new global::Grpc.Core.Status(StatusCode.Unimplemented, $"the sandbox does not implement {name}"));
        }
    }

    private static TResponse Refused<TResponse>(Failure failure)
        where TResponse : class
    {
        var response = Activator.CreateInstance<TResponse>();
        StatusProperty<TResponse>.Set(response, ApiStatus.Of(failure));
        return response;
    }

    private static Status StatusOf<TResponse>(TResponse response)
        where TResponse : class => StatusProperty<TResponse>.Get(response);

    private static string RequestIdOf(ServerCallContext context) =>
        context.RequestHeaders.GetValue("x-request-id") is { Length: > 0 } id ? id : Guid.NewGuid().ToString("N");

    /// <summary>Where responses have their status: all have one, and no type in common that says so.</summary>
    private static class StatusProperty<TResponse>
        where TResponse : class
    {
        private static readonly PropertyInfo Property = typeof(TResponse).GetProperty(nameof(Status))!;

        public static readonly Func<TResponse, Status> Get = Property.GetMethod!.CreateDelegate<Func<TResponse, Status>>();

        public static readonly Action<TResponse, Status> Set = Property.SetMethod!.CreateDelegate<Action<TResponse, Status>>();
    }

    /// <summary>Responses on their way, into each of which the request's id goes.</summary>
    private sealed class StampedResponses<TResponse>(
        IServerStreamWriter<TResponse> responses, string requestId) : IServerStreamWriter<TResponse>
        where TResponse : class
    {
        public WriteOptions? WriteOptions { get => responses.WriteOptions; set => responses.WriteOptions = value; }

        public Task WriteAsync(TResponse message)
        {
            StatusOf(message).ReqId = requestId;
            return responses.WriteAsync(message);
        }
    }
}
