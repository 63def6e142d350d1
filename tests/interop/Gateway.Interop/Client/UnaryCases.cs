using Gateway.Interop.Messages;

namespace Gateway.Interop.Client;

/// <summary>One request, one response.</summary>
internal static class UnaryCases
{
    public const int LargeRequestSize = 271828;
    public const int LargeResponseSize = 314159;

    /// <summary>empty_unary: messages of no bytes.</summary>
    public static async Task EmptyAsync(TestServiceClient client)
    {
        var answer = await client.EmptyAsync();

        Check.Equal(0, answer.Success.CalculateSize(), "the response's size");
    }

    /// <summary>large_unary: messages larger than a flow-control window.</summary>
    public static async Task LargeAsync(TestServiceClient client)
    {
        var answer = await client.UnaryAsync(LargeRequest());

        Check.Payload(LargeResponseSize, answer.Success.Payload, "the response");
    }

    public static SimpleRequest LargeRequest() => new() { ResponseSize = LargeResponseSize, Payload = Zeros.Of(LargeRequestSize) };
}
