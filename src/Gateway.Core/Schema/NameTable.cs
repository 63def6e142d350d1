using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;

namespace Gateway.Core.Schema;

/// <summary>Finds a value by its name in UTF-8: an open-addressed table, at most half full, that never changes.</summary>
/// <typeparam name="T">What the names stand for.</typeparam>
internal sealed class NameTable<T>
    where T : class
{
    // Odd 64-bit constants with well-mixed bits (the golden ratio's, and two of xxHash's primes).
    private const ulong MixHead = 0x9E3779B97F4A7C15;
    private const ulong MixTail = 0xC2B2AE3D27D4EB4F;
    private const ulong MixLength = 0x165667B19E3779F9;

    private readonly Entry[] _entries;
    private readonly int _shift;

    private NameTable(Entry[] entries)
    {
        _entries = entries;
        _shift = 64 - BitOperations.Log2((uint)entries.Length);
    }

    public static NameTable<T> Empty { get; } = Build([]);

    /// <summary>Builds the table; of equal names the first one counts.</summary>
    public static NameTable<T> Build(IEnumerable<(string Name, T Value)> named)
    {
        (byte[] Name, T Value)[] all = [.. named.Select(n => (Encoding.UTF8.GetBytes(n.Name), n.Value))];
        var table = new NameTable<T>(new Entry[BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, all.Length * 2))]);
        foreach ((var name, var value) in all)
        {
            ref var entry = ref table.Find(name);
            if (entry.Value is null)
            {
                entry = new Entry(name, value);
            }
        }

        return table;
    }

    public bool TryGet(ReadOnlySpan<byte> name, [NotNullWhen(true)] out T? value)
    {
        value = Find(name).Value;
        return value is not null;
    }

    /// <summary>The name's entry, or the empty one where it would be: one in two is empty, so the search ends.</summary>
    private ref Entry Find(ReadOnlySpan<byte> name)
    {
        var at = (int)(Hash(name) >> _shift);
        while (_entries[at].Value is not null && !name.SequenceEqual(_entries[at].Name))
        {
            at = (at + 1) & (_entries.Length - 1);
        }

        return ref _entries[at];
    }

    /// <summary>Of the length and of eight bytes at either end, which tell apart nearly all names of one message.</summary>
    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        ulong head;
        ulong tail;
        if (name.Length >= sizeof(ulong))
        {
            head = BinaryPrimitives.ReadUInt64LittleEndian(name);
            tail = BinaryPrimitives.ReadUInt64LittleEndian(name[^sizeof(ulong)..]);
        }
        else if (name.Length >= sizeof(uint))
        {
            head = BinaryPrimitives.ReadUInt32LittleEndian(name);
            tail = BinaryPrimitives.ReadUInt32LittleEndian(name[^sizeof(uint)..]);
        }
        else
        {
            head = name.Length > 0 ? name[0] : 0u;
            tail = name.Length > 0 ? ((uint)name[name.Length / 2] << 8) | name[^1] : 0u;
        }

        var mixed = (head * MixHead) ^ BitOperations.RotateLeft(tail * MixTail, 32) ^ ((ulong)name.Length * MixLength);
        return mixed * MixHead;
    }

    private readonly record struct Entry(byte[] Name, T? Value);
}
