namespace Gateway.Grpc.Tests;

public sealed class PayloadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void CopyOf_Bytes_HoldsThem(int length)
    {
        byte[] bytes = Bytes.Pattern(length, seed: 3);

        using Payload fromSpan = Payload.CopyOf(bytes);
        using Payload fromSequence = Payload.CopyOf(Bytes.Segmented(bytes, 777));

        Assert.Equal(length, fromSpan.Length);
        Assert.Equal(bytes, fromSpan.Span.ToArray());
        Assert.Equal(bytes, fromSequence.Memory.ToArray());
    }

    [Fact]
    public void Dispose_Twice_ReturnsTheArrayOnce()
    {
        Payload first = Payload.CopyOf(new byte[50_000]);
        first.Dispose();
        first.Dispose();

        // Were it in the pool twice, both would now share one array.
        using Payload second = Payload.CopyOf(Bytes.Pattern(50_000, seed: 1));
        using Payload third = Payload.CopyOf(Bytes.Pattern(50_000, seed: 2));
        Assert.Equal(Bytes.Pattern(50_000, seed: 1), second.Span.ToArray());
    }

    [Fact]
    public void Memory_AfterDispose_Throws()
    {
        Payload payload = Payload.CopyOf(new byte[1]);
        payload.Dispose();

        Assert.Throws<ObjectDisposedException>(() => payload.Memory);
        Assert.Throws<ObjectDisposedException>(() => payload.Span.Length);
    }
}
