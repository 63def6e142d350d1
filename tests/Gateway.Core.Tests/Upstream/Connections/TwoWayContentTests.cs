using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Headers;
using Gateway.Core.Upstream.Connections;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gateway.Core.Tests.Upstream.Connections;

/// <summary>A request that breaks before the gRPC client could write to it.</summary>
public sealed class TwoWayContentTests
{
    private static readonly Method<byte[], byte[]> Chat =
        new(MethodType.DuplexStreaming, "Test", "Chat", Marshallers.Create(x => x, x => x), Marshallers.Create(x => x, x => x));

    /// <summary>The handler throws what it likes, types that are not public among it; the client has no stream yet, and waits for one.</summary>
    [Theory]
    [InlineData(1, typeof(IOException))]
    [InlineData(1, typeof(InvalidDataException))]
    [InlineData(2, typeof(IOException))]
    [InlineData(2, typeof(InvalidDataException))]
    public async Task Flush_FailsAfterTheAnswersHeaders_TheFirstWriteEnds(int flush, Type exception)
    {
        var stream = new BrokenStream(flush, (Exception)Activator.CreateInstance(exception)!);
        using var inner = new EarlyAnswer(stream);
        using var handler = new CallHandler(inner, new[] { Chat.FullName }.ToFrozenSet(), maxMessageBytes: null);
        using var channel = GrpcChannel.ForAddress("http://upstream", new GrpcChannelOptions { HttpHandler = handler });
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Chat, host: null, default);

        await call.ResponseHeadersAsync;
        var writing = call.RequestStream.WriteAsync([1]);
        stream.Break();

        Assert.Same(writing, await Task.WhenAny(writing, Task.Delay(TimeSpan.FromSeconds(10))));
        await Record.ExceptionAsync(() => writing); // whether the write fails or is lost, reading tells how the call ended
    }

    /// <summary>Answers before it has read the request.</summary>
    private sealed class EarlyAnswer(Stream request) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
        {
            _ = message.Content!.CopyToAsync(request, cancellationToken);
            var content = new ByteArrayContent([]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = content });
        }
    }

    /// <summary>Takes what is written; one of its flushes waits, and fails.</summary>
    private sealed class BrokenStream(int flush, Exception exception) : WriteOnlyStream
    {
        private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _flushes;

        public void Break() => _broken.SetResult();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            if (++_flushes == flush)
            {
                await _broken.Task;
                throw exception;
            }
        }
    }
}
