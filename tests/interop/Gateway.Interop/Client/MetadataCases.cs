using Gateway.Core.Upstream;
using Grpc.Core;

namespace Gateway.Interop.Client;

/// <summary>Metadata there and back.</summary>
internal static class MetadataCases
{
    private const string InitialValue = "test_initial_metadata_value";
    private static readonly byte[] TrailingValue = [0xab, 0xab, 0xab];

    /// <summary>custom_metadata: text comes back in the headers and bytes in the trailers, of a unary call and of a stream.</summary>
    public static async Task CustomAsync(TestServiceClient client)
    {
        var answer = await client.UnaryAsync(UnaryCases.LargeRequest(), Call());
        Check.Payload(UnaryCases.LargeResponseSize, answer.Success.Payload, "the response");
        Echoed(answer.Headers, answer.Trailers, "the unary call");

        await using var stream = client.FullDuplex(Call());
        await stream.SendAsync(StreamingCases.Request(UnaryCases.LargeRequestSize, UnaryCases.LargeResponseSize));
        Check.Payload(UnaryCases.LargeResponseSize, (await stream.ReceiveAsync()).Payload, "the stream's response");
        Check.Code(GrpcStatusCode.OK, await stream.FinishAsync(), "the stream");
        Echoed(stream.Headers, stream.Trailers, "the stream");
    }

    private static UpstreamCall Call() => new()
    {
        Metadata = new Metadata { { EchoedMetadata.Initial, InitialValue }, { EchoedMetadata.Trailing, TrailingValue } },
    };

    private static void Echoed(Metadata headers, Metadata trailers, string call)
    {
        Check.Equal(1, headers.Count(entry => entry.Key == EchoedMetadata.Initial), $"the count of {EchoedMetadata.Initial} in the headers of {call}");
        Check.Equal(InitialValue, headers.GetValue(EchoedMetadata.Initial), $"{EchoedMetadata.Initial} of {call}");

        Check.Equal(1, trailers.Count(entry => entry.Key == EchoedMetadata.Trailing), $"the count of {EchoedMetadata.Trailing} in the trailers of {call}");
        var trailing = Convert.ToHexString(trailers.GetValueBytes(EchoedMetadata.Trailing)!);
        Check.Equal(Convert.ToHexString(TrailingValue), trailing, $"{EchoedMetadata.Trailing} of {call}");
    }
}
