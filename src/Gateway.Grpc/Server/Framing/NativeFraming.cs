using Gateway.Grpc.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Grpc.Server.Framing;

/// <summary>gRPC over HTTP/2 (PROTOCOL-HTTP2.md): messages are the body, and the status comes in the trailers.</summary>
internal sealed class NativeFraming : CallFraming
{
    public static readonly NativeFraming Instance = new();

    public override string ContentType => ContentTypes.GrpcProto;

    public override bool Suits(string protocol) => HttpProtocol.IsHttp2(protocol);

    public override Stream OpenRequest(HttpRequest request) => request.Body;

    public override ResponseStream OpenResponse(HttpResponse response, GrpcServerOptions options) => new(response, options);

    public override ValueTask EndAsync(HttpResponse response, ResponseStream body, GrpcStatus status, Metadata trailers)
    {
        ServerTrailers.Write(response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers, status, trailers);
        return ValueTask.CompletedTask;
    }
}
