using Gateway.Api.Streams;

namespace Gateway.Api.Pipeline;

/// <summary>
/// Messages in the body of a request and answers in that of its response, NDJSON unless <c>Accept</c> asks for another
/// format. At the same time over HTTP/2; one after the other over HTTP/1.1.
/// </summary>
/// <param name="services">What all handlers share.</param>
internal sealed class BodyTransport(CallServices services) : DuplexTransport
{
    private static readonly NdJsonFormat NdJson = new();

    /// <inheritdoc/>
    protected override async Task RunAsync(IncomingCall incoming, IMessageReader reader, DuplexExchange exchange)
    {
        var format = StreamFormat.AskedFor(incoming.Http.Request) ?? NdJson;
        await using var output = new StreamOutput(incoming.Http, format, services);
        var requests = new BodyMessages(incoming, reader);
        await exchange.RunAsync(requests, output, holdsAnswers: HttpProtocol.IsHttp11(incoming.Http.Request.Protocol));
    }
}
