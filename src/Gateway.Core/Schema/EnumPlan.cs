using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gateway.Core.Json;
using Google.Protobuf.Reflection;

namespace Gateway.Core.Schema;

/// <summary>An enum's names and numbers. Immutable.</summary>
public sealed class EnumPlan
{
    private readonly NameTable<EnumValueDescriptor> _byName;
    private readonly Dictionary<int, byte[]> _quotedNames = [];

    internal EnumPlan(EnumDescriptor descriptor, JsonDialect dialect)
    {
        Dialect = dialect;
        Descriptor = descriptor;
        _byName = NameTable<EnumValueDescriptor>.Build(descriptor.Values.Select(v => (v.Name, v)));
        foreach (var value in descriptor.Values)
        {
            // Of several names for one number (allow_alias) the first one is written.
            _quotedNames.TryAdd(value.Number, Encoding.UTF8.GetBytes($"\"{value.Name}\""));
        }
    }

    /// <summary>What the plan was compiled from.</summary>
    public EnumDescriptor Descriptor { get; }

    /// <summary>How JSON looks.</summary>
    internal JsonDialect Dialect { get; }

    /// <summary>Finds the number of a name.</summary>
    /// <param name="name">The name in the <c>.proto</c> file, UTF-8.</param>
    /// <param name="number">The number.</param>
    public bool TryGetNumber(ReadOnlySpan<byte> name, out int number)
    {
        var found = _byName.TryGet(name, out var value);
        number = value?.Number ?? 0;
        return found;
    }

    /// <summary>Finds the name of a number, in quotes and UTF-8.</summary>
    internal bool TryGetQuotedName(int number, [NotNullWhen(true)] out byte[]? name) => _quotedNames.TryGetValue(number, out name);
}
