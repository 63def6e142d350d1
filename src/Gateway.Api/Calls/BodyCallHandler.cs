using Gateway.Api.Streaming;
using Gateway.Core.Binding;

namespace Gateway.Api.Calls;

/// <summary>
/// A two-way call whose messages are the body of a request and the answers that of its response, NDJSON unless <c>Accept</c>
/// asks for another format. At the same time over HTTP/2; one after the other over HTTP/1.1.
/// </summary>
public sealed class BodyCallHandler(HttpBinding binding, CallServices services) : DuplexCallHandler(binding, services)
{
    private static readonly NdJsonFormat NdJson = new();

    /// <inheritdoc/>
    protected override async Task ExchangeAsync(IncomingCall incoming, RequestReader request)
    {
        var format = StreamFormat.AskedFor(incoming.Http.Request) ?? NdJson;
        await using var output = new StreamOutput(incoming.Http, format, Services);
        var requests = new BodyMessages(incoming, Plan, request);
        await ExchangeAsync(incoming, requests, output, holdsAnswers: HttpProtocol.IsHttp11(incoming.Http.Request.Protocol));
    }
}
