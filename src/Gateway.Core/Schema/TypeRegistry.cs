using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Schema;

/// <summary>
/// The message types that a <c>google.protobuf.Any</c> may hold, by the last part of their type URL. Immutable once its
/// <see cref="ApiSchema"/> is there.
/// </summary>
internal sealed class TypeRegistry
{
    private NameTable<MessagePlan> _byFullName = NameTable<MessagePlan>.Empty;

    /// <summary>Finds the type of a URL such as <c>type.googleapis.com/google.protobuf.Duration</c>; there has to be a slash.</summary>
    public bool TryGet(ReadOnlySpan<byte> typeUrl, [NotNullWhen(true)] out MessagePlan? plan)
    {
        plan = null;
        var slash = typeUrl.LastIndexOf((byte)'/');
        return slash >= 0 && _byFullName.TryGet(typeUrl[(slash + 1)..], out plan);
    }

    public void Complete(IEnumerable<MessagePlan> plans) => _byFullName = NameTable<MessagePlan>.Build(plans.Select(p => (p.FullName, p)));
}
