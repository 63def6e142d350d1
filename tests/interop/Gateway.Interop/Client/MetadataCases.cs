using Gateway.Grpc;
using Gateway.Interop.Messages;

namespace Gateway.Interop.Client;

/// <summary>Metadata there and back.</summary>
internal static class MetadataCases
{
    private const string InitialValue = "test_initial_metadata_value";
    private static readonly byte[] TrailingValue = [0xab, 0xab, 0xab];

    /// <summary>custom_metadata: text comes back in the headers and bytes in the trailers, of a unary call and of a stream.</summary>
    public static async Task CustomAsync(TestServiceClient client)
    {
        Answer<SimpleResponse> answer = await client.UnaryAsync(UnaryCases.LargeRequest(), Options());
        Check.Payload(UnaryCases.LargeResponseSize, answer.Success.Message.Payload, "the response");
        Echoed(answer.Headers, answer.Trailers, "the unary call");

        await using DuplexStream stream = client.FullDuplex(Options());
        await stream.SendAsync(StreamingCases.Request(UnaryCases.LargeRequestSize, UnaryCases.LargeResponseSize));
        Check.Payload(UnaryCases.LargeResponseSize, (await stream.ReceiveAsync()).Message.Payload, "the stream's response");
        Check.Code(GrpcStatusCode.OK, await stream.FinishAsync(), "the stream");
        Echoed(stream.Headers, stream.Trailers, "the stream");
    }

    private static CallOptions Options()
    {
        var headers = new Metadata();
        headers.Add(EchoedMetadata.Initial, InitialValue);
        headers.AddBinary(EchoedMetadata.Trailing, TrailingValue);
        return new CallOptions { Headers = headers };
    }

    private static void Echoed(Metadata headers, Metadata trailers, string call)
    {
        Check.Equal(1, headers.Count(entry => entry.Key == EchoedMetadata.Initial), $"the count of {EchoedMetadata.Initial} in the headers of {call}");
        Check.Equal(InitialValue, headers.GetValue(EchoedMetadata.Initial), $"{EchoedMetadata.Initial} of {call}");

        Check.Equal(1, trailers.Count(entry => entry.Key == EchoedMetadata.Trailing), $"the count of {EchoedMetadata.Trailing} in the trailers of {call}");
        string trailing = Convert.ToHexString(trailers.GetBinary(EchoedMetadata.Trailing).GetValueOrDefault().Span);
        Check.Equal(Convert.ToHexString(TrailingValue), trailing, $"{EchoedMetadata.Trailing} of {call}");
    }
}
