using Gateway.Grpc.Protocol;
using Microsoft.AspNetCore.Http;

namespace Gateway.Grpc.Server.Framing;

/// <summary>
/// gRPC-Web (PROTOCOL-WEB.md), for clients that cannot read trailers: any version of HTTP serves, the status comes as a last frame of the
/// body, and either body may be base64.
/// </summary>
internal sealed class WebFraming : CallFraming
{
    private static readonly WebFraming Binary = new(textRequest: false, textResponse: false);
    private static readonly WebFraming Text = new(textRequest: true, textResponse: true);
    private static readonly WebFraming TextToBinary = new(textRequest: true, textResponse: false);
    private static readonly WebFraming BinaryToText = new(textRequest: false, textResponse: true);

    private readonly bool _textRequest;
    private readonly bool _textResponse;

    private WebFraming(bool textRequest, bool textResponse)
    {
        _textRequest = textRequest;
        _textResponse = textResponse;
    }

    public override string ContentType => _textResponse ? ContentTypes.GrpcWebTextProto : ContentTypes.GrpcWebProto;

    /// <summary>The framing of a request; null when it is not gRPC-Web.</summary>
    public static new WebFraming? Of(HttpRequest request)
    {
        if (IsText(request.ContentType) is not { } textRequest) return null;
        bool textResponse = AcceptsText(request.Headers.Accept.ToString()) ?? textRequest;
        return textRequest
            ? textResponse ? Text : TextToBinary
            : textResponse ? BinaryToText : Binary;
    }

    public override bool Suits(string protocol) => true;

    public override Stream OpenRequest(HttpRequest request) => _textRequest ? new Base64ReadStream(request.BodyReader) : request.Body;

    public override ResponseStream OpenResponse(HttpResponse response, GrpcServerOptions options) =>
        _textResponse ? new Base64ResponseStream(response, options) : new ResponseStream(response, options);

    public override ValueTask EndAsync(HttpResponse response, ResponseStream body, GrpcStatus status, Metadata trailers)
    {
        var fields = new HeaderDictionary();
        ServerTrailers.Write(fields, status, trailers);
        return body.WriteAsync(TrailersFrame.Encode(fields));
    }

    // The first of its types that is gRPC-Web's; without one, the response is as the request.
    private static bool? AcceptsText(ReadOnlySpan<char> accept)
    {
        foreach (Range item in accept.Split(','))
        {
            if (IsText(accept[item].Trim()) is { } text) return text;
        }

        return null;
    }

    private static bool? IsText(ReadOnlySpan<char> contentType)
    {
        if (ContentTypes.IsGrpcWebText(contentType)) return true;
        return ContentTypes.IsGrpcWeb(contentType) ? false : null;
    }
}
