using Gateway.Grpc;
using Gateway.Interop.Messages;

namespace Gateway.Interop.Client;

/// <summary>gzip, message by message: each side tells the other's compressed flag.</summary>
internal static class CompressionCases
{
    /// <summary>client_compressed_unary: the server sees which requests are compressed, and refuses one that is not but should be.</summary>
    public static async Task ClientUnaryAsync(TestServiceClient client)
    {
        Answer<SimpleResponse> probe = await AskAsync(expected: true, compress: false);
        Check.Code(GrpcStatusCode.InvalidArgument, probe.Status, "the probe");

        foreach (bool compress in (bool[])[true, false])
        {
            Answer<SimpleResponse> answer = await AskAsync(expected: compress, compress);
            Check.Payload(UnaryCases.LargeResponseSize, answer.Success.Message.Payload, "the response");
        }

        Task<Answer<SimpleResponse>> AskAsync(bool expected, bool compress)
        {
            SimpleRequest request = UnaryCases.LargeRequest();
            request.ExpectCompressed = expected;
            return client.UnaryAsync(request, new CallOptions { CompressRequest = compress });
        }
    }

    /// <summary>server_compressed_unary: the response is compressed exactly if the request says so.</summary>
    public static async Task ServerUnaryAsync(TestServiceClient client)
    {
        foreach (bool compress in (bool[])[true, false])
        {
            SimpleRequest request = UnaryCases.LargeRequest();
            request.ResponseCompressed = compress;
            Answer<SimpleResponse> answer = await client.UnaryAsync(request);

            Check.Equal(compress, answer.Success.WasCompressed, "the response's compressed flag");
            Check.Payload(UnaryCases.LargeResponseSize, answer.Success.Message.Payload, "the response");
        }
    }

    /// <summary>client_compressed_streaming: in one stream a request that is compressed, and one that is not.</summary>
    public static async Task ClientStreamingAsync(TestServiceClient client)
    {
        await using ClientStream probe = client.StreamingInput();
        await probe.SendAsync(Request(27182, compressed: true));
        Check.Code(GrpcStatusCode.InvalidArgument, (await probe.FinishAsync()).Status, "the probe");

        await using ClientStream stream = client.StreamingInput(new CallOptions { CompressRequest = true });
        await stream.SendAsync(Request(27182, compressed: true));
        stream.CompressRequest = false;
        await stream.SendAsync(Request(45904, compressed: false));

        Check.Equal(73086, (await stream.FinishAsync()).Success.Message.AggregatedPayloadSize, "the aggregated size");
    }

    /// <summary>server_compressed_streaming: in one stream a response that is compressed, and one that is not.</summary>
    public static async Task ServerStreamingAsync(TestServiceClient client)
    {
        ResponseParameters[] wanted = [new() { Size = 31415, Compressed = true }, new() { Size = 92653, Compressed = false }];
        await using ServerStream stream = client.StreamingOutput(new StreamingOutputCallRequest { ResponseParameters = { wanted } });

        foreach (ResponseParameters expected in wanted)
        {
            Received<StreamingOutputCallResponse> response = await stream.ReceiveAsync();
            Check.Payload(expected.Size, response.Message.Payload, "the next response");
            Check.Equal(expected.Compressed, response.WasCompressed, "the response's compressed flag");
        }

        Check.Code(GrpcStatusCode.OK, await stream.EndAsync(), "the call");
    }

    private static StreamingInputCallRequest Request(int size, bool compressed) => new() { Payload = Zeros.Of(size), ExpectCompressed = compressed };
}
