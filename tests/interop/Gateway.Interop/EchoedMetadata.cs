namespace Gateway.Interop;

/// <summary>The metadata that a server sends back, and when.</summary>
internal static class EchoedMetadata
{
    /// <summary>Comes back before the first message.</summary>
    public const string Initial = "x-grpc-test-echo-initial";

    /// <summary>Comes back with the status, as bytes.</summary>
    public const string Trailing = "x-grpc-test-echo-trailing-bin";
}
