using Gateway.Grpc.Protocol;
using Microsoft.AspNetCore.Http;

namespace Gateway.Grpc.Server.Framing;

/// <summary>How the messages of a call and its end travel: natively, or as gRPC-Web. Chosen by the request's content type; holds no state.</summary>
internal abstract class CallFraming
{
    /// <summary>The content type of the response.</summary>
    public abstract string ContentType { get; }

    /// <summary>The framing of a request; null when it is not gRPC.</summary>
    public static CallFraming? Of(HttpRequest request) =>
        ContentTypes.IsGrpc(request.ContentType) ? NativeFraming.Instance : WebFraming.Of(request);

    /// <summary>Whether it can travel over a version of HTTP.</summary>
    public abstract bool Suits(string protocol);

    /// <summary>The messages of the request, each with its prefix.</summary>
    public abstract Stream OpenRequest(HttpRequest request);

    /// <summary>Where the messages of the response go, each with its prefix; every write is sent at once.</summary>
    public abstract ResponseStream OpenResponse(HttpResponse response, GrpcServerOptions options);

    /// <summary>Ends a response that has started.</summary>
    /// <param name="response">The response.</param>
    /// <param name="body">Its body.</param>
    /// <param name="status">How the call ended.</param>
    /// <param name="trailers">The metadata that goes with it.</param>
    public abstract ValueTask EndAsync(HttpResponse response, ResponseStream body, GrpcStatus status, Metadata trailers);
}
