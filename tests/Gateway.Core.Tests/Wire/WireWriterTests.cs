using System.Buffers;
using Gateway.Core.Wire;
using Google.Protobuf;

namespace Gateway.Core.Tests.Wire;

/// <summary>The reference is Google's <see cref="CodedOutputStream"/>, which is told every length beforehand.</summary>
public sealed class WireWriterTests
{
    /// <summary>With three of five children being trees of their own, trees end by themselves.</summary>
    private const int MostChildren = 3;

    /// <summary>More open values than a writer has room for at first.</summary>
    private const int MaxDepth = 40;

    [Theory]
    [InlineData(0UL)]
    [InlineData(127UL)]
    [InlineData(128UL)]
    [InlineData(uint.MaxValue)]
    [InlineData(ulong.MaxValue)]
    public void WriteVarint_AnySize_IsGooglesBytes(ulong value)
    {
        using var wire = new WireWriter();
        wire.WriteVarint(value);

        Assert.Equal(Google(output => output.WriteUInt64(value)), wire.Written.ToArray());
        Assert.Equal(CodedOutputStream.ComputeUInt64Size(value), Varint.Size(value));
    }

    [Fact]
    public void VarintSize_EveryBitCount_IsGoogles()
    {
        for (var bits = 0; bits < 64; bits++)
        {
            var power = 1UL << bits;
            Assert.Equal(CodedOutputStream.ComputeUInt64Size(power), Varint.Size(power));
            Assert.Equal(CodedOutputStream.ComputeUInt64Size(power - 1), Varint.Size(power - 1));
        }
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void ZigZag_AnySign_IsGooglesAndItsInverse(int value)
    {
        using var wire = new WireWriter();
        wire.WriteVarint(Varint.ZigZag(value));
        wire.WriteVarint(Varint.ZigZag((long)value << 32));

        var google = Google(output =>
        {
            output.WriteSInt32(value);
            output.WriteSInt64((long)value << 32);
        });
        Assert.Equal(google, wire.Written.ToArray());
        Assert.Equal(value, Varint.UnZigZag(Varint.ZigZag(value)));
        Assert.Equal((long)value << 32, Varint.UnZigZag(Varint.ZigZag((long)value << 32)));
    }

    /// <summary>Contents around each size at which a length takes a byte more, and at which segments end.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(4_090)]
    [InlineData(4_096)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(1_000_000)]
    [InlineData(2_097_152)]
    public void EndLength_ContentOfAnySize_PutsTheShortestLengthInFront(int size)
    {
        var content = Bytes(size);
        using var wire = new WireWriter();
        wire.WriteByte(7);
        wire.BeginLength();
        wire.WriteBytes(content);
        wire.EndLength();
        wire.WriteByte(8);

        var google = Google(output =>
        {
            output.WriteRawTag(7);
            output.WriteBytes(ByteString.CopyFrom(content));
            output.WriteRawTag(8);
        });
        Assert.Equal(google, wire.Written.ToArray());
        Assert.Equal(google.Length, wire.Length);
    }

    /// <summary>Random trees of values inside values, written without any length being known, over small and large segments.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void EndLength_ValuesInsideValues_AreWhatComesOfTheInnermostFirst(int seed)
    {
        var random = new Random(seed);
        using var wire = new WireWriter();
        for (var round = 0; round < 200; round++)
        {
            wire.Reset();
            var expected = WriteTree(wire, random, depth: 0);

            Assert.Equal(expected, wire.Written.ToArray());
        }
    }

    [Fact]
    public void EndLength_ManyOpenAtOnce_AllGetTheirLengths()
    {
        using var wire = new WireWriter();
        byte[] expected = [];
        for (var i = 0; i < MaxDepth; i++)
        {
            wire.BeginLength();
        }

        for (var i = 0; i < MaxDepth; i++)
        {
            wire.WriteBytes(Bytes(i));
            wire.EndLength();
            byte[] inner = [.. expected, .. Bytes(i)];
            expected = Google(output => output.WriteBytes(ByteString.CopyFrom(inner)));
        }

        Assert.Equal(expected, wire.Written.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(5_000)]
    [InlineData(600_000)]
    public void Rewind_ToAMark_TakesBackWhatCameSince(int before)
    {
        using var wire = new WireWriter();
        wire.BeginLength();
        wire.WriteBytes(Bytes(before));
        var mark = wire.Mark;

        wire.BeginLength();
        wire.WriteBytes(Bytes(700_000));
        wire.Rewind(mark);
        wire.WriteBytes("behind"u8);
        wire.EndLength();

        var google = Google(output => output.WriteBytes(ByteString.CopyFrom([.. Bytes(before), .. "behind"u8])));
        Assert.Equal(google, wire.Written.ToArray());
    }

    [Fact]
    public void Rewind_ToTheEmptyWriter_LeavesNothing()
    {
        using var wire = new WireWriter();
        var mark = wire.Mark;
        wire.WriteBytes(Bytes(10_000));
        wire.Rewind(mark);

        Assert.Equal(0, wire.Length);
        wire.WriteByte(1);
        Assert.Equal([1], wire.Written.ToArray());
    }

    [Fact]
    public void Reset_GivesEverySegmentBack_Once()
    {
        var pool = new CountingPool();
        var wire = new WireWriter(pool);
        wire.WriteBytes(Bytes(3_000_000));
        Assert.True(pool.Lent > 1);

        wire.Reset();
        wire.Reset();
        wire.Dispose();

        Assert.Equal(0, pool.Lent);
        Assert.Equal(0, wire.Length);
    }

    [Fact]
    public void Advance_BeyondTheSpan_IsRefused()
    {
        using var wire = new WireWriter();
        var room = wire.GetSpan(10).Length;

        Assert.Throws<ArgumentOutOfRangeException>(() => wire.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => wire.Advance(-1));
    }

    private static byte[] WriteTree(WireWriter wire, Random random, int depth)
    {
        var expected = new MemoryStream();
        for (var i = random.Next(MostChildren + 1); i > 0; i--)
        {
            if (depth < MaxDepth && random.Next(5) > 1)
            {
                wire.BeginLength();
                var inner = WriteTree(wire, random, depth + 1);
                wire.EndLength();
                expected.Write(Google(output => output.WriteBytes(ByteString.CopyFrom(inner))));
            }
            else
            {
                var leaf = Bytes(1 << random.Next(13));
                wire.WriteBytes(leaf);
                expected.Write(leaf);
            }
        }

        return expected.ToArray();
    }

    private static byte[] Google(Action<CodedOutputStream> write)
    {
        var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            write(output);
        }

        return bytes.ToArray();
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private sealed class CountingPool : ArrayPool<byte>
    {
        private readonly HashSet<byte[]> _lent = new(ReferenceEqualityComparer.Instance);

        public int Lent => _lent.Count;

        public override byte[] Rent(int minimumLength)
        {
            var array = new byte[minimumLength];
            _lent.Add(array);
            return array;
        }

        public override void Return(byte[] array, bool clearArray = false) => Assert.True(_lent.Remove(array));
    }
}
