using Gateway.Api.Http;
using Gateway.Api.Streams;

namespace Gateway.Api.Pipeline;

/// <summary>
/// Messages in the body of a request and answers in that of its response, NDJSON unless <c>Accept</c> asks for another
/// format. At the same time over HTTP/2; one after the other over HTTP/1.1.
/// </summary>
internal sealed class BodyTransport(DuplexExchange exchange, StreamOutputs outputs) : DuplexTransport(exchange)
{
    private static readonly NdJsonFormat NdJson = new();

    protected override async Task RunAsync(DuplexCall call, IMessageReader reader)
    {
        var http = call.Incoming.Http;
        if (BodyType.RefusalOf(http.Request, BodyType.Json) is { } refusal)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }

        var format = StreamFormat.AskedFor(http.Request) ?? NdJson;
        await using var output = outputs.Begin(http, format);
        var requests = new BodyMessages(http, reader);
        await Exchange.RunAsync(call, requests, output, holdsAnswers: HttpProtocol.IsHttp11(http.Request.Protocol));
    }
}
