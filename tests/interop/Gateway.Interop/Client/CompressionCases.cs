using Gateway.Interop.Messages;

namespace Gateway.Interop.Client;

/// <summary>gzip, message by message, as the server is asked for it. Which came compressed the client does not tell: they read the same.</summary>
internal static class CompressionCases
{
    /// <summary>server_compressed_unary: a response that is compressed, and one that is not.</summary>
    public static async Task ServerUnaryAsync(TestServiceClient client)
    {
        foreach (var compress in (bool[])[true, false])
        {
            var request = UnaryCases.LargeRequest();
            request.ResponseCompressed = compress;
            var answer = await client.UnaryAsync(request);

            Check.Payload(UnaryCases.LargeResponseSize, answer.Success.Payload, "the response");
        }
    }

    /// <summary>server_compressed_streaming: in one stream a response that is compressed, and one that is not.</summary>
    public static async Task ServerStreamingAsync(TestServiceClient client)
    {
        ResponseParameters[] wanted = [new() { Size = 31415, Compressed = true }, new() { Size = 92653, Compressed = false }];
        await using var stream = client.StreamingOutput(new StreamingOutputCallRequest { ResponseParameters = { wanted } });

        foreach (var expected in wanted)
        {
            Check.Payload(expected.Size, (await stream.ReceiveAsync()).Payload, "the next response");
        }

        Check.Code(GrpcStatusCode.OK, await stream.EndAsync(), "the call");
    }
}
