using Gateway.Grpc;
using Gateway.Grpc.Server;
using Gateway.Interop.Messages;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Interop.Server;

/// <summary>The interop service, served by <c>Gateway.Grpc</c>.</summary>
internal static class TestService
{
    private static readonly GrpcStatus CompressionNotAsExpected = new(GrpcStatusCode.InvalidArgument, "the request's compressed flag is not as expected");

    /// <summary>Serves all its methods; every other path is unimplemented.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGrpc(Methods.EmptyCall, EmptyCallAsync);
        app.MapGrpc(Methods.UnaryCall, UnaryCallAsync);
        app.MapGrpc(Methods.StreamingInputCall, StreamingInputCallAsync);
        app.MapGrpc(Methods.StreamingOutputCall, StreamingOutputCallAsync);
        app.MapGrpc(Methods.FullDuplexCall, FullDuplexCallAsync);
        app.UseGrpcUnimplemented();
    }

    private static async Task<GrpcStatus> EmptyCallAsync(GrpcServerCall call)
    {
        await call.ReceiveSingleAsync<Empty>();
        await call.SendAsync(new Empty());
        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> UnaryCallAsync(GrpcServerCall call)
    {
        EchoMetadata(call);
        Received<SimpleRequest> received = await call.ReceiveSingleAsync<SimpleRequest>();
        SimpleRequest request = received.Message;
        if (IsUnexpected(request.ExpectCompressed, received.WasCompressed)) return CompressionNotAsExpected;
        if (request.ResponseStatus is { Code: not 0 } status) return ToStatus(status);

        call.CompressResponse = request.ResponseCompressed == true;
        await call.SendAsync(new SimpleResponse { Payload = Zeros.Of(request.ResponseSize) });
        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> StreamingInputCallAsync(GrpcServerCall call)
    {
        int sum = 0;
        while (await call.ReceiveAsync<StreamingInputCallRequest>() is { } received)
        {
            if (IsUnexpected(received.Message.ExpectCompressed, received.WasCompressed)) return CompressionNotAsExpected;
            sum += received.Message.Payload?.Body.Length ?? 0;
        }

        await call.SendAsync(new StreamingInputCallResponse { AggregatedPayloadSize = sum });
        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> StreamingOutputCallAsync(GrpcServerCall call)
    {
        Received<StreamingOutputCallRequest> received = await call.ReceiveSingleAsync<StreamingOutputCallRequest>();

        // The headers announce gzip for all messages; each then has it or not.
        call.CompressResponse = received.Message.ResponseParameters.Any(parameters => parameters.Compressed == true);
        await call.StartAsync();
        await SendResponsesAsync(call, received.Message);
        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> FullDuplexCallAsync(GrpcServerCall call)
    {
        EchoMetadata(call);
        while (await call.ReceiveAsync<StreamingOutputCallRequest>() is { } received)
        {
            if (received.Message.ResponseStatus is { Code: not 0 } status) return ToStatus(status);
            await SendResponsesAsync(call, received.Message);
        }

        return GrpcStatus.OK;
    }

    private static async Task SendResponsesAsync(GrpcServerCall call, StreamingOutputCallRequest request)
    {
        foreach (ResponseParameters parameters in request.ResponseParameters)
        {
            await Task.Delay(TimeSpan.FromMicroseconds(parameters.IntervalUs), TimeProvider.System, call.CancellationToken);
            call.CompressResponse = parameters.Compressed == true;
            await call.SendAsync(new StreamingOutputCallResponse { Payload = Zeros.Of(parameters.Size) });
        }
    }

    private static void EchoMetadata(GrpcServerCall call)
    {
        if (call.RequestHeaders.GetValue(EchoedMetadata.Initial) is { } text) call.ResponseHeaders.Add(EchoedMetadata.Initial, text);
        if (call.RequestHeaders.GetBinary(EchoedMetadata.Trailing) is { } bytes) call.ResponseTrailers.AddBinary(EchoedMetadata.Trailing, bytes);
    }

    private static bool IsUnexpected(bool? expected, bool wasCompressed) => expected is not null && expected != wasCompressed;

    private static GrpcStatus ToStatus(EchoStatus status) => new((GrpcStatusCode)status.Code, status.Message);
}
