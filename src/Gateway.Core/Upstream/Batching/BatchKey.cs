using Gateway.Core.Schema;

namespace Gateway.Core.Upstream.Batching;

/// <summary>
/// What requests have in common that may travel together: where they go, and every byte but those of their inputs; and of these, what says
/// which method is to be called, as models go by the first input's alone.
/// </summary>
internal sealed class BatchKey : IEquatable<BatchKey>
{
    private readonly UpstreamCluster _upstream;
    private readonly byte[] _metadata;
    private readonly int _hash;

    public BatchKey(UpstreamCluster upstream, RpcPlan rpc, byte[] rest, byte[] metadata)
    {
        _upstream = upstream;
        Rpc = rpc;
        Rest = rest;
        _metadata = metadata;
        var hash = default(HashCode);
        hash.AddBytes(rest);
        hash.AddBytes(metadata);
        _hash = HashCode.Combine(upstream, rpc, hash.ToHashCode());
    }

    /// <summary>What is called.</summary>
    public RpcPlan Rpc { get; }

    /// <summary>The bytes of the request without its inputs.</summary>
    public byte[] Rest { get; }

    public bool Equals(BatchKey? other) =>
        other is not null && _hash == other._hash && Rpc == other.Rpc && _upstream == other._upstream
        && Rest.AsSpan().SequenceEqual(other.Rest) && _metadata.AsSpan().SequenceEqual(other._metadata);

    public override bool Equals(object? obj) => Equals(obj as BatchKey);

    public override int GetHashCode() => _hash;
}
