using System.Buffers;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Memory;
using Gateway.Api.Streams;
using Gateway.Api.Streams.Resumption;
using Gateway.Core.Upstream.Calls;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Tests.Streams;

/// <summary>What is kept of a stream whose client is away.</summary>
public sealed class ResumableMessagesTests
{
    private const int Length = 100;

    [Fact]
    public async Task Nobody_Reads_SourceIsReadUpToTheBuffer()
    {
        var source = new CountingSource(messages: 64);
        await using var stream = new ResumableMessages(_ => source, capacity: 3 * Length, Share());

        Assert.Equal(4, source.Asked); // three are kept, the fourth waits
        Assert.True(stream.TryFind(0, out _));
        for (var number = 1; number <= 64; number++)
        {
            stream.NoteSent(number - 1);
            using var message = await stream.ReadAsync(number, default);
            Assert.Equal(number, message!.Span[0]);
        }

        Assert.Null(await stream.ReadAsync(65, default));
    }

    [Fact]
    public async Task Sent_OlderThanTheBuffer_IsNotFound()
    {
        await using var stream = new ResumableMessages(_ => new CountingSource(messages: 10), capacity: 3 * Length, Share());
        stream.NoteSent(10);
        (await stream.ReadAsync(10, default))!.Dispose();

        Assert.False(stream.TryFind(6, out _));
        Assert.True(stream.TryFind(7, out var position));
        Assert.Equal(7, position);
        Assert.True(stream.TryFind(11, out var afterTheEnd));
        Assert.Equal(10, afterTheEnd);
        Assert.False(stream.TryFind(12, out _));
    }

    [Fact]
    public async Task Message_LongerThanTheBuffer_IsKeptAlone()
    {
        var source = new CountingSource(messages: 3);
        await using var stream = new ResumableMessages(_ => source, capacity: Length / 2, Share());

        Assert.Equal(2, source.Asked);
        (await stream.ReadAsync(1, default))!.Dispose();
        stream.NoteSent(1);
        (await stream.ReadAsync(2, default))!.Dispose();
        Assert.False(stream.TryFind(0, out _));
    }

    [Fact]
    public async Task Dispose_WhileTheSourceWaits_EndsIt()
    {
        var source = new CountingSource(messages: 64);
        var stream = new ResumableMessages(_ => source, capacity: 3 * Length, Share());

        await stream.DisposeAsync();

        Assert.True(source.Disposed);
    }

    [Fact]
    public async Task Memory_UsedUp_OneMessageIsKeptAllTheSame()
    {
        var source = new CountingSource(messages: 3);
        await using var stream = new ResumableMessages(_ => source, capacity: 3 * Length, Share(bytes: 1));

        Assert.Equal(2, source.Asked);
        (await stream.ReadAsync(1, default))!.Dispose();
        stream.NoteSent(1);
        (await stream.ReadAsync(2, default))!.Dispose();
        Assert.False(stream.TryFind(0, out _));
    }

    private static ByteShare Share(long bytes = 1024 * 1024) =>
        new(new ByteBudget(Options.Create(new GatewayOptions { Limits = { MemoryBytes = bytes } }), TimeProvider.System));

    /// <summary>Messages whose first byte is their number, at once.</summary>
    private sealed class CountingSource(int messages) : MessageSource
    {
        public int Asked { get; private set; }

        public bool Disposed { get; private set; }

        public override ApiError? Failure => null;

        public override ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken)
        {
            if (Asked == messages)
            {
                return ValueTask.FromResult<Payload?>(null);
            }

            var bytes = new byte[Length];
            bytes[0] = (byte)++Asked;
            return ValueTask.FromResult<Payload?>(Payload.CopyOf(new ReadOnlySequence<byte>(bytes), default));
        }

        public override ValueTask DisposeAsync()
        {
            Disposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
