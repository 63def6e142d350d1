using System.Buffers.Binary;
using System.IO.Compression;
using Gateway.Grpc.Messages;

namespace Gateway.Grpc.Tests.Messages;

public sealed class MessageReaderTests
{
    private const int Limit = 128 * 1024 * 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000_000)]
    public async Task Read_InPiecesOfAnySize_FindsTheMessages(int pieceLength)
    {
        byte[] first = Bytes.Pattern(1000, seed: 1), second = Bytes.Pattern(7, seed: 2);
        var reader = new MessageReader(new PiecewiseStream([.. Frame(first), .. Frame([]), .. Frame(second)], pieceLength), Limit, gzip: false);

        Assert.Equal(first, await ReadBytesAsync(reader));
        Assert.Empty((await ReadBytesAsync(reader))!);
        Assert.Equal(second, await ReadBytesAsync(reader));
        MessageReadResult end = await reader.ReadAsync(CancellationToken.None);
        Assert.Null(end.Message);
        Assert.Null(end.Failure);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(14)]
    public async Task Read_StreamEndsInside_IsTruncated(int length)
    {
        var reader = new MessageReader(new PiecewiseStream(Frame(new byte[10])[..length], 100), Limit, gzip: false);

        Assert.Equal(MessageFailures.Truncated, (await reader.ReadAsync(CancellationToken.None)).Failure);
    }

    [Fact]
    public async Task Read_UnknownFlag_IsRefused()
    {
        byte[] frame = Frame(new byte[10]);
        frame[0] = 2;
        var reader = new MessageReader(new PiecewiseStream(frame, 100), Limit, gzip: true);

        Assert.Equal(MessageFailures.BadPrefix, (await reader.ReadAsync(CancellationToken.None)).Failure);
    }

    [Fact]
    public async Task Read_HugeLengthAndFewBytes_RentsNoMoreThanAMebibyte()
    {
        byte[] frame = Frame(new byte[10]);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), 100 * 1024 * 1024);
        var stream = new PiecewiseStream(frame, 100);

        MessageReadResult read = await new MessageReader(stream, Limit, gzip: false).ReadAsync(CancellationToken.None);

        Assert.Equal(MessageFailures.Truncated, read.Failure);
        Assert.InRange(stream.LongestRead, 1, 1024 * 1024);
    }

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(11, 10, false)]
    [InlineData(1, 0, false)]
    public async Task Read_AroundTheLimit_IsExact(int length, int limit, bool admitted)
    {
        var reader = new MessageReader(new PiecewiseStream(Frame(new byte[length]), 100), limit, gzip: false);

        MessageReadResult read = await reader.ReadAsync(CancellationToken.None);

        using (read.Message) Assert.Equal(admitted, read.Message is not null);
        GrpcStatus? refusal = admitted
            ? null
            : new GrpcStatus(GrpcStatusCode.ResourceExhausted, $"received message of {length} bytes is over the limit of {limit} bytes") { IsOverSizeLimit = true };
        Assert.Equal(refusal, read.Failure);
    }

    [Fact]
    public async Task Read_LengthOfFourGibibytes_IsOverTheLimit()
    {
        var reader = new MessageReader(new PiecewiseStream([0, 255, 255, 255, 255], 100), int.MaxValue, gzip: false);

        Assert.Equal(
            "received message of 4294967295 bytes is over the limit of 2147483647 bytes",
            (await reader.ReadAsync(CancellationToken.None)).Failure!.Value.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(300_000)]
    public async Task Read_Gzip_Unpacks(int length)
    {
        byte[] message = Bytes.Pattern(length, seed: length);
        var reader = new MessageReader(new PiecewiseStream(Frame(Pack(message), compressed: true), 1000), Limit, gzip: true);

        Assert.Equal(message, await ReadBytesAsync(reader));
    }

    [Fact]
    public async Task Read_GzipOfNoBytesAtAll_IsAnEmptyMessage()
    {
        var reader = new MessageReader(new PiecewiseStream(Frame(Pack([]), compressed: true), 1000), Limit, gzip: true);

        Assert.Empty(Pack([])); // what GZipStream makes of nothing
        Assert.Empty((await ReadBytesAsync(reader))!);
    }

    [Fact]
    public async Task Read_CompressedWithoutEncoding_IsRefused()
    {
        var reader = new MessageReader(new PiecewiseStream(Frame(Pack([1, 2, 3]), compressed: true), 1000), Limit, gzip: false);

        Assert.Equal(MessageFailures.NoEncoding, (await reader.ReadAsync(CancellationToken.None)).Failure);
    }

    [Fact]
    public async Task Read_GzipBomb_StopsAtTheLimit()
    {
        byte[] bomb = Pack(new byte[50_000_000]);
        Assert.InRange(bomb.Length, 1, 100_000);
        var reader = new MessageReader(new PiecewiseStream(Frame(bomb, compressed: true), 1000), 100_000, gzip: true);
        long before = GC.GetAllocatedBytesForCurrentThread();

        GrpcStatus? failure = (await reader.ReadAsync(CancellationToken.None)).Failure;

        Assert.Equal(new GrpcStatus(GrpcStatusCode.ResourceExhausted, "received message is over the limit of 100000 bytes when decompressed") { IsOverSizeLimit = true }, failure);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(99, false)]
    public async Task Read_GzipAroundTheLimit_IsExact(int limit, bool admitted)
    {
        var reader = new MessageReader(new PiecewiseStream(Frame(Pack(new byte[100]), compressed: true), 1000), limit, gzip: true);

        MessageReadResult read = await reader.ReadAsync(CancellationToken.None);

        using (read.Message) Assert.Equal(admitted, read.Message is not null);
    }

    [Fact]
    public async Task Read_NotGzip_IsBroken()
    {
        var reader = new MessageReader(new PiecewiseStream(Frame("this is no gzip"u8.ToArray(), compressed: true), 1000), Limit, gzip: true);

        Assert.Equal(MessageFailures.BrokenGzip, (await reader.ReadAsync(CancellationToken.None)).Failure);
    }

    [Fact]
    public async Task Read_TruncatedGzip_IsBroken()
    {
        byte[] packed = Pack(Bytes.Pattern(10_000, seed: 1));
        var reader = new MessageReader(new PiecewiseStream(Frame(packed[..5000], compressed: true), 1000), Limit, gzip: true);

        Assert.Equal(MessageFailures.BrokenGzip, (await reader.ReadAsync(CancellationToken.None)).Failure);
    }

    [Fact]
    public async Task Read_NotUnpacking_KeepsTheBytesAndUnpacksWhenAsked()
    {
        byte[] packed = Pack(Bytes.Pattern(1000, seed: 1));
        var stream = new PiecewiseStream([.. Frame(packed, compressed: true), .. Frame(packed)], 100);
        var reader = new MessageReader(stream, Limit, gzip: true, unpacks: false);

        using Payload first = (await reader.ReadAsync(CancellationToken.None)).Message!;
        using Payload second = (await reader.ReadAsync(CancellationToken.None)).Message!;

        Assert.True(first.IsCompressed);
        Assert.Equal(packed, first.Span.ToArray());
        Assert.Null(first.Unpack(out ReadOnlyMemory<byte> message));
        Assert.Null(first.Unpack(out ReadOnlyMemory<byte> again));
        Assert.Equal(Bytes.Pattern(1000, seed: 1), message.ToArray());
        Assert.Equal(message, again);

        Assert.False(second.IsCompressed);
        Assert.Null(second.Unpack(out ReadOnlyMemory<byte> plain));
        Assert.Equal(packed, plain.ToArray());
    }

    [Fact]
    public async Task Read_NotUnpacking_LimitIsForWhatArrivesAndForWhatIsUnpacked()
    {
        byte[] bomb = Pack(new byte[1000]);
        MessageReader Reader(int limit) => new(new PiecewiseStream(Frame(bomb, compressed: true), 1000), limit, gzip: true, unpacks: false);

        using Payload message = (await Reader(bomb.Length).ReadAsync(CancellationToken.None)).Message!;

        Assert.Equal(MessageFailures.UnpackedTooLarge(bomb.Length), message.Unpack(out ReadOnlyMemory<byte> nothing));
        Assert.True(nothing.IsEmpty);
        Assert.Equal(
            MessageFailures.ReceivedTooLarge(bomb.Length, bomb.Length - 1), (await Reader(bomb.Length - 1).ReadAsync(CancellationToken.None)).Failure);
    }

    private static async Task<byte[]?> ReadBytesAsync(MessageReader reader)
    {
        using Payload? message = (await reader.ReadAsync(CancellationToken.None)).Message;
        return message?.Span.ToArray();
    }

    private static byte[] Frame(byte[] message, bool compressed = false)
    {
        byte[] frame = new byte[5 + message.Length];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Pack(byte[] message)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(message);
        return packed.ToArray();
    }

    /// <summary>Gives its bytes out in pieces, and notes how much was asked for at once.</summary>
    private sealed class PiecewiseStream(byte[] bytes, int pieceLength) : MemoryStream(bytes)
    {
        public int LongestRead { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            LongestRead = Math.Max(LongestRead, buffer.Length);
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, pieceLength)], cancellationToken);
        }
    }
}
