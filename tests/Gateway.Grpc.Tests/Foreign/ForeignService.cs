using System.Globalization;
using Gateway.Grpc.Server;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Grpc.Tests.Foreign;

/// <summary>What the foreign clients call: methods of all four kinds whose messages are plain bytes.</summary>
internal sealed class ForeignService
{
    private readonly TaskCompletionSource _hangCancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the call of Hang was cancelled.</summary>
    public Task HangCancelled => _hangCancelled.Task;

    public void Map(WebApplication app)
    {
        app.MapGrpc("/test.Foreign/Unary", UnaryAsync);
        app.MapGrpc("/test.Foreign/Fail", FailAsync);
        app.MapGrpc("/test.Foreign/Hang", HangAsync);
        app.MapGrpc("/test.Foreign/ServerStream", ServerStreamAsync);
        app.MapGrpc("/test.Foreign/Repeat", RepeatAsync);
        app.MapGrpc("/test.Foreign/ClientStream", ClientStreamAsync);
        app.MapGrpc("/test.Foreign/Duplex", DuplexAsync);
        app.UseGrpcUnimplemented();
    }

    private static void EchoMetadata(GrpcServerCall call)
    {
        foreach (MetadataEntry entry in call.RequestHeaders)
        {
            if (entry.Key == "x-echo-bin")
            {
                call.ResponseHeaders.AddBinary(entry.Key, entry.Bytes);
                call.ResponseTrailers.AddBinary(entry.Key, entry.Bytes);
            }
            else if (entry.Key == "x-echo")
            {
                call.ResponseHeaders.Add(entry.Key, entry.Text);
                call.ResponseTrailers.Add(entry.Key, entry.Text);
            }
        }
    }

    private static async Task<GrpcStatus> UnaryAsync(GrpcServerCall call)
    {
        EchoMetadata(call);
        using Payload request = await call.ReadSingleAsync();
        call.CompressResponse = request.Length > 1000;
        await call.WriteAsync(request.AsSequence());
        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> FailAsync(GrpcServerCall call)
    {
        using Payload request = await call.ReadSingleAsync();

        // The details are a google.rpc.Status, which some clients believe more than the trailers around it.
        byte[] details = [0x08, (byte)GrpcStatusCode.FailedPrecondition, 0x12, (byte)request.Length, .. request.Span];
        return new GrpcStatus(GrpcStatusCode.FailedPrecondition, request.Text(), details);
    }

    private async Task<GrpcStatus> HangAsync(GrpcServerCall call)
    {
        using CancellationTokenRegistration registration = call.CancellationToken.Register(_hangCancelled.SetResult);
        await call.StartAsync();
        await Task.Delay(Timeout.Infinite, call.CancellationToken);
        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> ServerStreamAsync(GrpcServerCall call)
    {
        using Payload request = await call.ReadSingleAsync();
        int count = int.Parse(request.Text(), CultureInfo.InvariantCulture);
        for (int i = 0; i < count; i++) await call.WriteAsync(Bytes.Of($"message {i}"));
        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> ClientStreamAsync(GrpcServerCall call)
    {
        var joined = new System.Text.StringBuilder();
        while (await call.ReadAsync() is { } message)
        {
            using (message) joined.Append(message.Text());
        }

        await call.WriteAsync(Bytes.Of(joined.ToString()));
        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> DuplexAsync(GrpcServerCall call)
    {
        while (await call.ReadAsync() is { } message)
        {
            using (message) await call.WriteAsync(message.AsSequence());
        }

        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> RepeatAsync(GrpcServerCall call)
    {
        using Payload request = await call.ReadSingleAsync();
        for (int i = 0; i < 3; i++) await call.WriteAsync(request.AsSequence());
        return GrpcStatus.OK;
    }
}
