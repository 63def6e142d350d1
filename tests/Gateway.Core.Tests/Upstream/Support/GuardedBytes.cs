using System.Buffers;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>Request bytes that notice when somebody reads them after they were given back.</summary>
internal sealed class GuardedBytes(int length) : MemoryManager<byte>
{
    private readonly byte[] _bytes = Bytes.Pattern(length, seed: length);
    private volatile bool _givenBack;

    public bool WasReadTooLate { get; private set; }

    public ReadOnlySequence<byte> Sequence => new(CreateMemory(length));

    public void GiveBack() => _givenBack = true;

    public override Span<byte> GetSpan()
    {
        WasReadTooLate |= _givenBack;
        return _bytes;
    }

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
    }
}
