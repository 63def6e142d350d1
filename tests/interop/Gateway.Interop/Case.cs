using Gateway.Interop.Client;

namespace Gateway.Interop;

/// <summary>One of gRPC's interop cases (its doc/interop-test-descriptions.md).</summary>
/// <param name="Name">Its name, as all implementations spell it.</param>
/// <param name="RunAsync">Runs it with our client; throws when it does not go as described.</param>
/// <param name="IsCompression">Whether the server is asked to compress.</param>
internal sealed record Case(string Name, Func<TestServiceClient, Task> RunAsync, bool IsCompression = false)
{
    public static readonly IReadOnlyList<Case> All =
    [
        new("empty_unary", UnaryCases.EmptyAsync),
        new("large_unary", UnaryCases.LargeAsync),
        new("client_streaming", StreamingCases.ClientStreamingAsync),
        new("server_streaming", StreamingCases.ServerStreamingAsync),
        new("ping_pong", StreamingCases.PingPongAsync),
        new("empty_stream", StreamingCases.EmptyAsync),
        new("custom_metadata", MetadataCases.CustomAsync),
        new("status_code_and_message", StatusCases.CodeAndMessageAsync),
        new("special_status_message", StatusCases.SpecialMessageAsync),
        new("unimplemented_method", StatusCases.UnimplementedMethodAsync),
        new("unimplemented_service", StatusCases.UnimplementedServiceAsync),
        new("cancel_after_begin", CancellationCases.AfterBeginAsync),
        new("cancel_after_first_response", CancellationCases.AfterFirstResponseAsync),
        new("timeout_on_sleeping_server", CancellationCases.TimeoutAsync),
        new("server_compressed_unary", CompressionCases.ServerUnaryAsync, IsCompression: true),
        new("server_compressed_streaming", CompressionCases.ServerStreamingAsync, IsCompression: true),
    ];
}
