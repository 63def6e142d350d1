using System.Buffers;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Upstream.Batching;

/// <summary>
/// A request taken apart, in memory of its own: its inputs with their tags, one behind the other, and the rest. One scan of its top level,
/// and one of each input's for what names its method. Its holder disposes it, once.
/// </summary>
internal sealed class BatchRequest : IDisposable
{
    // What is around the inputs is short. Where it is not, comparing it is no bargain.
    private const int MaxRest = 64 * 1024;

    private readonly ArrayPool<byte> _arrays;
    private readonly byte[] _inputs;

    private BatchRequest(BatchKey key, byte[] inputs, int length, int count, ArrayPool<byte> arrays)
    {
        Key = key;
        Length = length;
        Count = count;
        _inputs = inputs;
        _arrays = arrays;
    }

    /// <summary>What it has in common with those that it may travel with.</summary>
    public BatchKey Key { get; }

    /// <summary>The bytes of its inputs.</summary>
    public ReadOnlySpan<byte> Inputs => _inputs.AsSpan(0, Length);

    /// <summary>How many bytes its inputs have.</summary>
    public int Length { get; }

    /// <summary>How many inputs there are.</summary>
    public int Count { get; }

    /// <summary>Takes a request apart.</summary>
    /// <returns>Null when it can travel alone only: it is too large, has no input or too many, a state, or is malformed.</returns>
    public static BatchRequest? Read(
        UpstreamCluster upstream,
        RpcPlan rpc,
        BatchPlan plan,
        in ReadOnlySequence<byte> request,
        BatchLimits limits,
        ArrayPool<byte> arrays)
    {
        if (request.Length > limits.MaxBytes)
        {
            return null;
        }

        var length = (int)request.Length;
        var whole = request.IsSingleSegment ? null : arrays.Rent(length);
        var inputs = arrays.Rent(length);
        BatchRequest? read = null;
        try
        {
            if (whole is not null)
            {
                request.CopyTo(whole);
            }

            read = Read(upstream, rpc, plan, whole is null ? request.FirstSpan : whole.AsSpan(0, length), limits, inputs, arrays);
            return read;
        }
        finally
        {
            if (whole is not null)
            {
                arrays.Return(whole);
            }

            if (read is null)
            {
                arrays.Return(inputs);
            }
        }
    }

    public void Dispose() => _arrays.Return(_inputs);

    private static BatchRequest? Read(
        UpstreamCluster upstream,
        RpcPlan rpc,
        BatchPlan plan,
        ReadOnlySpan<byte> request,
        BatchLimits limits,
        byte[] inputs,
        ArrayPool<byte> arrays)
    {
        var rest = new ArrayBufferWriter<byte>();
        var reader = new WireReader(request);
        ReadOnlySpan<byte> metadata = default;
        var (count, length) = (0, 0);
        while (!reader.IsAtEnd)
        {
            var start = reader.Position;
            if (!reader.TryReadTag(out var tag) || tag == plan.RequestStateTag)
            {
                return null;
            }

            if (tag != plan.InputsTag)
            {
                if (!reader.TrySkip(tag) || rest.WrittenCount + reader.Position - start > MaxRest)
                {
                    return null;
                }

                rest.Write(request[start..reader.Position]);
                continue;
            }

            if (!reader.TryReadLengthDelimited(out var input) || !TryFindMetadata(plan, input, out var own)
                || (count > 0 && !own.SequenceEqual(metadata)))
            {
                return null;
            }

            metadata = own;
            request[start..reader.Position].CopyTo(inputs.AsSpan(length));
            length += reader.Position - start;
            count++;
        }

        return count == 0 || count >= plan.MaxInputs(limits)
            ? null
            : new BatchRequest(
                new BatchKey(upstream, rpc, rest.WrittenSpan.ToArray(), metadata.ToArray()), inputs, length, count, arrays);
    }

    // An input may say it in pieces that are merged. Nobody's does.
    private static bool TryFindMetadata(BatchPlan plan, ReadOnlySpan<byte> input, out ReadOnlySpan<byte> metadata)
    {
        metadata = default;
        ReadOnlySpan<byte> data = default;
        return WireLookup.Count(input, plan.DataField) <= 1
            && WireLookup.TryFindLast(input, [plan.DataField], ref data)
            && WireLookup.Count(data, plan.MetadataField) <= 1
            && WireLookup.TryFindLast(data, [plan.MetadataField], ref metadata);
    }
}
