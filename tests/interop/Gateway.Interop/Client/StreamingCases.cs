using Gateway.Interop.Messages;

namespace Gateway.Interop.Client;

/// <summary>Streams one way and both.</summary>
internal static class StreamingCases
{
    private static readonly int[] RequestSizes = [27182, 8, 1828, 45904];
    private static readonly int[] ResponseSizes = [31415, 9, 2653, 58979];

    /// <summary>client_streaming: four requests, and the sum of their sizes.</summary>
    public static async Task ClientStreamingAsync(TestServiceClient client)
    {
        await using var stream = client.StreamingInput();
        foreach (var size in RequestSizes)
        {
            await stream.SendAsync(new StreamingInputCallRequest { Payload = Zeros.Of(size) });
        }

        Check.Equal(74922, (await stream.AnswerAsync()).AggregatedPayloadSize, "the aggregated size");
    }

    /// <summary>server_streaming: four responses, in order.</summary>
    public static async Task ServerStreamingAsync(TestServiceClient client)
    {
        var request = new StreamingOutputCallRequest();
        foreach (var size in ResponseSizes)
        {
            request.ResponseParameters.Add(new ResponseParameters { Size = size });
        }

        await using var stream = client.StreamingOutput(request);

        foreach (var size in ResponseSizes)
        {
            Check.Payload(size, (await stream.ReceiveAsync()).Payload, "the next response");
        }

        Check.Code(GrpcStatusCode.OK, await stream.EndAsync(), "the call");
    }

    /// <summary>ping_pong: the next request goes out only when the last one's response is here.</summary>
    public static async Task PingPongAsync(TestServiceClient client)
    {
        await using var stream = client.FullDuplex();
        foreach ((var requestSize, var responseSize) in RequestSizes.Zip(ResponseSizes))
        {
            await stream.SendAsync(Request(requestSize, responseSize));
            Check.Payload(responseSize, (await stream.ReceiveAsync()).Payload, "the next response");
        }

        Check.Code(GrpcStatusCode.OK, await stream.FinishAsync(), "the call");
    }

    /// <summary>empty_stream: no message in either direction.</summary>
    public static async Task EmptyAsync(TestServiceClient client)
    {
        await using var stream = client.FullDuplex();

        Check.Code(GrpcStatusCode.OK, await stream.FinishAsync(), "the call");
    }

    /// <summary>A request of a size, that asks for one response of a size.</summary>
    public static StreamingOutputCallRequest Request(int size, int responseSize) => new()
    {
        Payload = Zeros.Of(size),
        ResponseParameters = { new ResponseParameters { Size = responseSize } },
    };
}
